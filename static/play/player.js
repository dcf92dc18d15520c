/** The player's page: which screen for which phase, and what a player can do. */

import { Announcer } from "./announcer.js";
import { Answering, refused } from "./answering.js";
import { ApiError } from "./api.js";
import { Countdown } from "./countdown.js";
import { setShown, setText } from "./dom.js";
import { Feed } from "./feed.js";
import { Hearing } from "./hearing.js";
import { Lobby } from "./player/lobby.js";
import { Paused } from "./player/paused.js";
import { Podium } from "./player/podium.js";
import { Practice } from "./player/practice.js";
import { Question } from "./player/question.js";
import { Reveal } from "./player/reveal.js";
import { Standings } from "./player/standings.js";
import { comeBack } from "./player/comeback.js";
import { spoken } from "./player/spoken.js";
import { TimeCalls } from "./player/timecalls.js";
import { Presence } from "./presence.js";
import { Screens } from "./screens.js";
import { mark } from "./teams.js";
import { Title } from "./title.js";
import { lives, ordinal, points } from "./words.js";
import { delay, sleep } from "../live/backoff.js";
import { plainText } from "../rich/rich.js";

/** The personal result follows the reveal; when it is not here by then, the page reads it (a random second later). */
const RESULT_LIMIT_MS = 2_000;

/** A game that has ended may still be corrected by its host: so long the page listens. */
const AFTER_END_MS = 10 * 60_000;

const SCREENS = {
  lobby: "lobby",
  countdown: "countdown",
  reading: "question",
  open: "question",
  reveal: "reveal",
  standings: "standings",
  podium: "podium",
  ended: "podium",
  paused: "paused",
};

/** All phones hear at once that the next game is open; they come to it within this time. */
const FOLLOWING_MS = 1_000;

const page = JSON.parse(document.getElementById("page").textContent);
const title = new Title();
const announcer = new Announcer();
let shown = null; // the state before, to tell what changed
let screen = null; // its name
let refusal = null; // {question, text, isFinal}: why the server did not take the answer
let resultTimer = null;
let gone = null; // the screen for somebody who is no longer in
let returning = null; // while the page asks whether a removal was taken back

const feed = new Feed(page, announcer, {
  own: { id: "me", destination: `/players/${page.state.me.player}`, onevent: personal },
  onchange: render,
  onup: () => presence.beat(),
  ondown: () => answering.hurry(),
  ongone: (error) => {
    gone = error.code === "removed" ? "removed" : "gone";
    if (gone === "removed") removed();
    else stop();
    render();
  },
  safe: () => (answering.pending || feed.store.state.me.answer ? gettext("Your answer is safe.") : ""),
});

const answering = new Answering({
  api: feed.api,
  game: page.state.game,
  line: () => feed.line,
  send: (answer) => feed.send(`/games/${page.state.game}/answers`, answer),
  patience,
  onreceived: (receipt) => feed.store.receive({ seq: 0, type: "answer.received", data: receipt }),
  onrefused: (question, error) => {
    refusal = refused(question, error);
    announcer.say(refusal.text);
    render();
  },
});

const practice = new Practice(document.querySelector("[data-practice]"), {
  send: (data) => feed.send(`/games/${page.state.game}/answers`, data),
  call: (data) => feed.api.act("practice", data),
  announcer,
});

const presence = new Presence(
  () => feed.send(`/games/${page.state.game}/answers`, { here: true }),
  () => feed.api.leave(page.state.me.seat),
);

const hearing = new Hearing(feed.clock, "player", false);
const timeCalls = new TimeCalls(feed.clock, announcer);

const screens = new Screens({
  lobby: (root) => new Lobby(root, { ask, leave, choose: chooseTeam, free: page.teaming === "chosen" }),
  countdown: (root) => new Countdown(root, feed.clock),
  question: (root) => new Question(root, feed.clock, give),
  reveal: (root) => new Reveal(root, announcer),
  standings: (root) => new Standings(root),
  podium: (root) => new Podium(root),
  paused: (root) => new Paused(root),
});

async function chooseTeam(team) {
  feed.store.receive({ seq: 0, type: "player.grouped", data: await feed.api.act("team", { team }) });
}

/** Asks the host, in private, for more time; the line says what came of it. */
async function ask(wanted) {
  try {
    await feed.api.act("ask", { asks: wanted });
    feed.store.receive({ seq: 0, type: "player.time", data: { ...feed.store.state.me, asks_for_time: wanted } });
  } catch (error) {
    notify(error instanceof ApiError ? error.message : gettext("That did not arrive. Please try again."));
  }
}

/** All texts here, or those that the others have: for this phone alone. The page that is loaded then has them. */
async function wantTexts() {
  try {
    await feed.api.act("texts", { wanted: page.texts === "offered" });
    location.reload();
  } catch (error) {
    notify(error instanceof ApiError ? error.message : gettext("That did not arrive. Please try again."));
  }
}

/** Frees the place in the lobby; when the server cannot be told, the page goes all the same. */
async function leave() {
  stop();
  await feed.api.act("leave", {}).catch((error) => console.warn("not told:", error));
  location.assign(page.urls.home);
}

function give(question, choice) {
  refusal = null;
  answering.give(question, choice, feed.store.state.question.round);
  render();
}

function render() {
  const { state } = feed.store;
  if (state.me.seat > page.state.me.seat && !gone) retire();
  if (state.phase === "open" && shown?.phase === "paused") refusal = null; // It came during the pause, which is over.
  const view = { state, pending: pendingFor(state), refusal: refusalFor(state) };
  const before = screen;
  screen = screenOf(state);
  screens.show(screen, view);
  setText(document.querySelector("[data-points]"), worth(state.me));
  mark(document.querySelector("[data-own-team]"), state.me.team);
  for (const element of document.querySelectorAll("[data-nickname]")) setText(element, state.me.nickname);
  if (state.phase !== shown?.phase || screen !== before) entered(state);
  else if (state.phase === "open" && state.me.answer && !shown.me.answer) announcer.say(gettext("Received. The result comes when the question closes."));
  else if (state.question?.voided && !shown.question.voided) announcer.say(gettext("This question does not count."));
  if (state.me.kicked && !shown?.me.kicked) removed();
  if (state.phase === "ended") end();
  if (state.next && !shown?.next && !gone) follow();
  title.rename(heading());
  remind();
  hearing.show(state);
  shown = state;
}

/** How long an answer may be under way over the line without a word: half of the time that is left goes to HTTP. */
function patience() {
  const { phase_ends_at: end } = feed.store.state;
  return end === null ? page.line_ms ?? 0 : Math.min(page.line_ms ?? 0, feed.clock.until(end) / 2);
}

/** This player is in a newer page by now: two that play would only take turns. */
function retire() {
  gone = "moved";
  stop();
}

/** The same players play again: this page goes there by itself, and tries until the server has said yes or no. */
async function follow(tries = 0) {
  await sleep(Math.random() * FOLLOWING_MS + (tries && delay(tries)));
  try {
    location.replace(await feed.api.follow());
  } catch (error) {
    if (!(error instanceof ApiError) || error.passing) return follow(tries + 1);
    setText(document.querySelector('[data-screen="podium"] [data-ref="end"]'), error.message);
  }
  return undefined;
}

/** The host may take it back: the page asks now and then, and is in the game again by itself. */
function removed() {
  stop();
  returning ??= comeBack(() => feed.api.state(), () => location.reload()).finally(() => (returning = null));
}

/** The game is over; nobody waits for this page. */
function end() {
  feed.linger(AFTER_END_MS);
  presence.stop();
}

/** For good: nothing more comes, and nobody waits for this page. */
function stop() {
  feed.stop();
  presence.stop();
}

function screenOf(state) {
  return gone ?? (state.me.kicked ? "removed" : SCREENS[state.phase]);
}

function pendingFor({ question }) {
  const { pending } = answering;
  return pending && pending.question === question?.id && pending.round === question.round ? pending : null;
}

/** Points, and lives where there are such. */
function worth({ points: own, lives: left }) {
  return left === null ? points(own) : `${lives(left)} · ${points(own)}`;
}

function refusalFor({ question }) {
  return refusal && refusal.question === question?.id ? refusal : null;
}

function entered(state) {
  title.show(heading(), state.version);
  const isIn = !gone && !state.me.kicked;
  if (isIn) announcer.say(spoken(feed.clock, state));
  setShown(document.querySelector("[data-notice]"), false);
  clearTimeout(resultTimer);
  if (state.phase === "reveal" && shown && isIn) awaitResult();
}

function heading() {
  return plainText(document.querySelector("[data-screen]:not([hidden]) h1"));
}

function awaitResult() {
  resultTimer = setTimeout(() => feed.store.refresh(), RESULT_LIMIT_MS + Math.random() * 1000);
}

function personal(event) {
  answering.told(event);
  practice.told(event);
  if (event.type !== "player.result") return;
  clearTimeout(resultTimer);
  if (event.data.corrected) sayCorrected(event.data.me);
}

/** Points have changed without a reveal. */
function sayCorrected(me) {
  const values = { points: points(me.points), place: ordinal(me.place) };
  notify(interpolate(gettext("The host has corrected a question. You have %(points)s now: %(place)s place."), values, true));
}

/** Said and shown until the next screen. */
function notify(text) {
  const notice = document.querySelector("[data-notice]");
  setText(notice, text);
  setShown(notice, true);
  announcer.say(text);
}

/** Half of the time, ten seconds and five, and its end, while there is something left to choose. */
function remind() {
  const { phase, me, question } = feed.store.state;
  const isOpen = phase === "open" && me.ends_at !== null && !me.answer && !me.out_at && !answering.pending;
  timeCalls.watch(isOpen ? me.ends_at : null, isOpen ? (question.time_limit_ms * me.allowance) / 100 : 0);
}

for (const button of document.querySelectorAll("[data-texts]")) button.addEventListener("click", wantTexts);
render();
answering.resume(page.state);
feed.start();
presence.start();
