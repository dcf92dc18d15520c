/** The page of somebody who plays alone: everything goes over HTTP, at the player's own time. */

import { Announcer } from "../announcer.js";
import { Answering, refused } from "../answering.js";
import { Api, ApiError } from "../api.js";
import { Clock } from "../clock.js";
import { refs, setShown, setText } from "../dom.js";
import { Hearing } from "../hearing.js";
import { Podium } from "../player/podium.js";
import { Question } from "../player/question.js";
import { Reveal } from "../player/reveal.js";
import { Screens } from "../screens.js";
import { spoken } from "../player/spoken.js";
import { TimeCalls } from "../player/timecalls.js";
import { Title } from "../title.js";
import { points } from "../words.js";
import { delay, sleep } from "../../live/backoff.js";
import { plainText } from "../../rich/rich.js";
import { listen } from "./line.js";
import { adopt, asLive, nextMoment, screenOf } from "./live.js";
import { Received } from "./received.js";
import { Start } from "./start.js";

/** After a moment of the server's clock, for what is on its way to be there. */
const AFTER_MS = 250;

/** A timer of a browser has an end; whoever waits for weeks looks at the clock again. */
const LONGEST_MS = 3_600_000;

/** When a game closes all its pages look: within so long for each player, and not in step after that. */
const SPREAD_MS_A_PLAYER = 1;

/** Between two tries while the line is down, and while the last answers of a game are counted; up to half more. */
const RETRY_MS = 3_000;

const page = JSON.parse(document.getElementById("page").textContent);
const title = new Title();
const announcer = new Announcer();
const clock = new Clock();
const hearing = new Hearing(clock, "player", false);
const timeCalls = new TimeCalls(clock, announcer);
const api = new Api(page.urls, clock);
const way = document.querySelector("[data-own-way]");
const buttons = refs(way);

let { state } = page;
let at = "start"; // or "game": question after question
let shown = null;
let gone = null; // the screen for somebody who is no longer in
let refusal = null; // {question, text, isFinal}
let trouble = "";
let opening = false;
let reading = null;
let timer = null;

const answering = new Answering({
  api,
  game: state.game,
  onreceived: (receipt) => {
    take({ ...state, me: { ...state.me, answer: { ...receipt, right: null, points: null } } });
    look();
  },
  onrefused: (question, error) => {
    refusal = refused(question, error);
    announcer.say(refusal.text);
    render();
    look();
  },
});

const screens = new Screens({
  start: (root) => new Start(root, open, async () => (await api.act("own_link", {})).url),
  question: (root) => new Question(root, clock, give),
  reveal: (root) => new Reveal(root, announcer),
  received: (root) => new Received(root),
  podium: (root) => new Podium(root),
});

function give(question, choice) {
  refusal = null;
  answering.give(question, choice, state.me.own.question.round);
  render();
}

/** Opens the next question; the same call again opens no other, so it is tried until it has arrived. */
async function open() {
  if (opening) return;
  opening = true;
  at = "game";
  const wanted = state.me.own.opened + 1;
  for (let tries = 0; opening; tries++) {
    try {
      take(await api.act("own_next", { number: wanted }));
      opening = false;
    } catch (error) {
      opening = failed(error);
      if (opening) await sleep(delay(tries));
    }
  }
  trouble = "";
  render();
}

/** Whether another try may help. */
function failed(error) {
  if (error instanceof ApiError && !error.passing) {
    if (error.body.state) take(error.body.state);
    else leave(error);
    return false;
  }
  trouble = gettext("Connection lost. This page tries again by itself.");
  announcer.say(trouble);
  render();
  return true;
}

function take(newer) {
  state = adopt(state, newer);
  render();
}

/** Reads the state; calls that come while one is under way share it. */
function look() {
  reading ??= read().finally(() => (reading = null));
  return reading;
}

async function read() {
  try {
    take(await api.state());
  } catch (error) {
    if (error instanceof ApiError && !error.passing) leave(error);
    else wake(retryMs());
  }
}

function leave(error) {
  gone = error.code === "removed" ? "removed" : "gone";
  end();
  render();
}

function end() {
  clearTimeout(timer);
  line.stop();
}

function wake(ms) {
  clearTimeout(timer);
  timer = setTimeout(look, Math.min(ms, LONGEST_MS));
}

function render() {
  if (state.me.seat > page.state.me.seat && !gone) {
    gone = "moved";
    end();
  }
  if (state.me.own.step === "answer") at = "game";
  const screen = gone ?? screenOf(state, at);
  screens.show(screen, viewOf(screen));
  setText(document.querySelector("[data-points]"), state.me.own.known ? points(state.me.points) : "");
  for (const element of document.querySelectorAll("[data-nickname]")) setText(element, state.me.nickname);
  showWay(screen);
  if (screen !== shown) entered(screen);
  shown = screen;
  remind(asLive(state));
  hearing.show(heard(screen));
  plan();
}

function viewOf(screen) {
  if (screen === "start") return { state, trouble };
  if (screen === "podium") return { state };
  const live = asLive(state);
  const current = (what) => (what?.question === live.question?.id ? what : null);
  return { state: live, pending: current(answering.pending), refusal: current(refusal), answered: state.me.answer };
}

function showWay(screen) {
  const between = screen === "reveal" || screen === "received";
  setShown(way, between);
  setShown(buttons.next, state.me.own.step === "next");
}

/** What is heard of a game goes by everybody's phases and their end: here by the own question and its. */
function heard(screen) {
  const phase = { question: "open", reveal: "reveal", podium: "podium" }[screen];
  return { phase, phase_ends_at: screen === "question" ? state.me.ends_at : null, me: state.me, players: state.players };
}

function entered(screen) {
  const heading = plainText(document.querySelector("[data-screen]:not([hidden]) h1"));
  title.show(screen === "start" ? "" : heading, state.version);
  if (!gone) announcer.say(spoken(clock, asLive(state)));
}

/** Half of the time, ten seconds and five, and its end, while there is something left to answer. */
function remind({ phase, question, me }) {
  const isOpen = !gone && phase === "open" && me.ends_at !== null && !me.answer && !answering.pending;
  timeCalls.watch(isOpen ? me.ends_at : null, isOpen ? (question.time_limit_ms * me.allowance) / 100 : 0);
}

/** Looks again when the question or the game ends; at its end also until the last answers have been counted. */
function plan() {
  const moment = nextMoment(state);
  if (gone || moment === null) return;
  const left = clock.until(moment);
  const spread = moment === state.phase_ends_at ? SPREAD_MS_A_PLAYER * state.players * Math.random() : 0;
  wake(left > 0 ? left + AFTER_MS + spread : retryMs());
}

function retryMs() {
  return RETRY_MS * (1 + Math.random() / 2);
}

function startClock() {
  const [load] = performance.getEntriesByType("navigation");
  clock.sample(load?.requestStart ?? 0, load?.responseEnd || performance.now(), state.server_time);
}

buttons.next.addEventListener("click", open);
buttons.overview.addEventListener("click", () => {
  at = "start";
  render();
});
document.addEventListener("visibilitychange", () => document.hidden || gone || look());
startClock();
const line = listen(page, api, look);
render();
answering.resume(asLive(state));
