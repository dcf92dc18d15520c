/** The host's page, for the projector: which screen for which phase, and the controls. */

import { Announcer } from "./announcer.js";
import { ApiError } from "./api.js";
import { Countdown } from "./countdown.js";
import { setShown, setText } from "./dom.js";
import { Feed } from "./feed.js";
import { Hearing } from "./hearing.js";
import { Controls } from "./host/controls.js";
import { Dialogs } from "./host/dialogs.js";
import { Fit } from "./host/fit.js";
import { Hosts } from "./host/hosts.js";
import { Lobby } from "./host/lobby.js";
import { People } from "./host/people.js";
import { Podium } from "./host/podium.js";
import { Question } from "./host/question.js";
import { Standings } from "./host/standings.js";
import { Presence } from "./presence.js";
import { Screens } from "./screens.js";
import { Title } from "./title.js";
import { spacedPin } from "./words.js";
import { plainText } from "../rich/rich.js";

const SCREENS = {
  lobby: "lobby",
  countdown: "countdown",
  reading: "question",
  open: "question",
  reveal: "question",
  standings: "standings",
  podium: "podium",
  ended: "podium",
  paused: "paused",
};

const AT_THE_DOOR = ["admit", "refuse", "guard", "allow", "renumber", "hide"];

/** What is meant whatever the game is at: when it has moved on in between, it is done all the same. */
const AT_ANY_TIME = ["kick", "lock", "rename", "regroup", "sweep", "restore"];

/** What somebody else has done already when the game has moved on: nothing to say. */
const ONWARD = ["start", "next"];

/** What the ear is told of a phase whose heading is that of the phase before. */
const SAID = { open: () => gettext("Answers can be given now."), reveal: () => gettext("The result is shown.") };

const page = JSON.parse(document.getElementById("page").textContent);
const title = new Title();
const announcer = new Announcer();
let gone = false;
let phase = null; // the one shown before
let actedOn = null; // the version on which an action is under way

const feed = new Feed(page, announcer, {
  own: { id: "host", destination: `/games/${page.state.game}/host` },
  onchange: render,
  ongone: () => {
    gone = true;
    stop();
    render();
  },
});

const presence = new Presence(() => feed.api.act("here", {}).catch((error) => console.warn("not told:", error)));
const hearing = new Hearing(feed.clock, "host", true);
const dialogs = new Dialogs();
const people = new People(dialogs, act);
const hosts = new Hosts(feed.api, dialogs, page.user);
const fit = page.remote ? null : new Fit(document.querySelector("main"));
const controls = new Controls(document.querySelector("[data-controls]"), act, dialogs, people, hosts);
const screens = new Screens({
  lobby: (root) => new Lobby(root, people, act),
  countdown: (root) => new Countdown(root, feed.clock),
  question: (root) => new Question(root, feed.clock, act),
  standings: (root) => new Standings(root),
  podium: (root) => new Podium(root),
});

/**
 * One action for each version that the host saw: a double click and a second screen change nothing twice. What is done
 * at the door, or for one player in private, or to what somebody wrote, is the same whether it is done once or twice.
 */
async function act(name, body = {}) {
  const { version } = feed.store.state;
  if (version === actedOn && !AT_THE_DOOR.includes(name)) return;
  if (!AT_THE_DOOR.includes(name)) actedOn = version;
  people.say("");
  try {
    await feed.api.act(name, { version, ...body });
    feed.store.refresh(); // for a host whose live line is down
  } catch (error) {
    actedOn = null;
    failed(error, name, body);
  }
}

function failed(error, name, body) {
  if (error instanceof ApiError && error.body.state) feed.store.take(error.body.state);
  const movedOn = error.code === "game-has-moved-on";
  if (movedOn && ONWARD.includes(name)) return;
  if (movedOn && AT_ANY_TIME.includes(name)) {
    act(name, body);
    return;
  }
  const text = error instanceof ApiError ? error.message : gettext("That did not arrive. Please try again.");
  setText(document.querySelector('[data-controls] [data-ref="hint"]'), text);
  people.say(text);
  announcer.say(text);
}

function render() {
  const { state } = feed.store;
  screens.show(gone ? "gone" : SCREENS[state.phase], { state });
  controls.show(state);
  hearing.show(state);
  people.show(state);
  hosts.show(state);
  if (state.phase === "ended") stop();
  if (state.next && !page.state.next) location.replace(`${page.urls.again}${state.next.game}/${page.remote ? "remote/" : ""}`);
  setText(document.querySelector("[data-progress]"), progress(state));
  showPin(state.pin);
  setShown(document.querySelector("[data-join]"), !state.locked && !["lobby", "podium", "ended"].includes(state.phase));
  const heading = plainText(document.querySelector("[data-screen]:not([hidden]) h1"));
  fit?.show(`${state.phase} ${state.discussing} ${state.question?.id}`);
  title.show(heading, state.phase === "lobby" ? `${state.players} in` : `${state.phase} ${state.question?.number}`);
  if (state.phase !== phase && phase !== null) announcer.say(SAID[state.phase]?.() ?? heading);
  phase = state.phase;
}

/** The PIN in digits, and as the code that was drawn of it. */
function showPin(pin) {
  for (const element of document.querySelectorAll("[data-pin]")) setText(element, spacedPin(pin));
  const code = document.querySelector("[data-qr]");
  if (code.dataset.qr !== pin) code.src = `${page.qr_url}?${pin}`;
  code.dataset.qr = pin;
}

/** For good: nothing more comes, and no game waits for this screen. */
function stop() {
  feed.stop();
  presence.stop();
}

function progress({ question, total }) {
  if (!question) return "";
  return interpolate(gettext("Question %(number)s of %(total)s"), { number: question.number, total }, true);
}

/** "http://quiz.example/join/" as people say it. */
function spokenAddress(url) {
  const { host, pathname } = new URL(url);
  return host + pathname.replace(/\W+$/, "");
}

for (const element of document.querySelectorAll("[data-address]")) setText(element, spokenAddress(page.join_url));
render();
feed.start();
presence.start();
