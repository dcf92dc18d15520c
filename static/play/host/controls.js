/** The host's bar: one button that always means "go on", and the quiet ones beside it. */

import { refs, setShown, setText } from "../dom.js";
import { livePhase } from "../game.js";
import { players } from "../words.js";
import { atTheDoor } from "./door.js";
import { More } from "./more.js";

const IN_PLAY = ["countdown", "reading", "open", "reveal", "standings"];

/** What "next" does in each phase; the labels are functions because the catalogue must be there first. */
const NEXT = {
  lobby: { act: "start", label: () => gettext("Start the game") },
  countdown: { act: "next", label: () => gettext("First question") },
  reading: { act: "next", label: ({ discussing }) => (discussing ? gettext("Vote again") : gettext("Show the choices")) },
  open: { act: "next", label: ({ first }) => (first ? gettext("End the first vote") : gettext("End the question")) },
  reveal: { act: "next", label: ({ last }) => (last ? gettext("To the podium") : gettext("Standings")) },
  standings: { act: "next", label: ({ last }) => (last ? gettext("To the podium") : gettext("Next question")) },
  podium: { act: "next", label: () => gettext("End the game") },
  paused: { act: "resume", label: () => gettext("Go on") },
};

export class Controls {
  #refs;
  #act;
  #state = null;
  #dialogs;

  /** `act(name, body)` does what the host wants; `dialogs` asks before what cannot be undone; `people` and `hosts` have the lists. */
  constructor(root, act, dialogs, people, hosts) {
    this.#refs = refs(root);
    this.#act = act;
    this.#dialogs = dialogs;
    new More(this.#refs.more);
    const on = (name, handler) => this.#refs[name].addEventListener("click", handler);
    on("next", () => this.#next());
    on("pause", () => this.#act("pause"));
    on("skip", () => this.#act("skip"));
    on("show", () => this.#act("show"));
    on("hosts", () => hosts.open());
    on("replay", () => this.#act("replay"));
    on("lock", () => this.#act("lock", { locked: !this.#state.locked }));
    on("renumber", async () => (await dialogs.ask("renumber")) && this.#act("renumber"));
    on("void", async () => (await dialogs.ask("void")) && this.#act("void"));
    on("finish", async () => (await dialogs.askFinish(this.#state)) && this.#act("finish"));
    on("players", () => people.open());
    document.addEventListener("keydown", (event) => this.#key(event));
  }

  show(state) {
    this.#state = state;
    const next = NEXT[state.phase];
    setShown(this.#refs.next, Boolean(next));
    const first = state.mode === "peer" && state.question?.round === 1;
    setText(this.#refs.next, next?.label({ last: state.last, discussing: state.discussing, first }) ?? "");
    this.#refs.next.setAttribute("aria-disabled", waits(state));
    setText(this.#refs.hint, hint(state));
    this.#showQuiet(state);
  }

  #showQuiet(state) {
    const playing = IN_PLAY.includes(state.phase);
    const live = IN_PLAY.includes(livePhase(state));
    setText(this.#refs.players, crowd(state));
    setText(this.#refs.lock, state.locked ? gettext("Let people in") : gettext("Lock the door"));
    setText(this.#refs.pause, gettext("Pause"));
    setText(this.#refs.finish, gettext("Finish…"));
    setShown(this.#refs.players, state.phase !== "ended");
    setShown(this.#refs.hosts, state.phase !== "ended");
    setShown(this.#refs.lock, live || state.phase === "lobby");
    setShown(this.#refs.renumber, live || state.phase === "lobby");
    setShown(this.#refs.pause, playing);
    setShown(this.#refs.replay, state.phase === "podium");
    setShown(this.#refs.show, state.phase === "reading" && state.discussing);
    setShown(this.#refs.skip, ["reading", "open"].includes(state.phase));
    setShown(this.#refs.void, ["reveal", "standings"].includes(state.phase) && !state.question?.voided);
    setShown(this.#refs.finish, live || state.phase === "lobby");
    setShown(this.#refs.results, state.phase !== "ended" && state.standings.length > 0);
    setShown(this.#refs.outcome, state.phase === "ended" && state.standings.length > 0);
    setShown(this.#refs.quizzes, state.phase === "ended");
    setShown(this.#refs.again, state.phase === "ended");
  }

  #next() {
    const next = NEXT[this.#state.phase];
    if (next && !waits(this.#state)) this.#act(next.act);
  }

  /** Space and the right arrow are what a presenter's remote control sends. */
  #key(event) {
    const wanted = event.key === " " || event.key === "ArrowRight" || event.key === "PageDown";
    const hasOwnUse = event.key === " " ? "button, a, input, select, summary" : "input, select";
    if (!wanted || event.repeat || this.#dialogs.open || event.target.closest(hasOwnUse)) return;
    event.preventDefault();
    this.#next();
  }
}

function hint(state) {
  if (waits(state)) return gettext("The game can start as soon as somebody is in.");
  if (state.question?.voided && state.phase === "standings") return gettext("This question does not count.");
  if (isTimed(state)) return gettext("Goes on by itself in a moment.");
  return state.locked && !["lobby", "ended"].includes(state.phase) ? gettext("Locked: nobody new gets in.") : "";
}

/** Whether nobody needs to press "next" after this reveal or these standings. */
function isTimed({ phase, phase_ends_at }) {
  return ["reveal", "standings"].includes(phase) && phase_ends_at !== null;
}

/** How many are in, and how many would like to be. */
function crowd({ players: count, me }) {
  return me.door.knocks ? `${players(count)} · ${atTheDoor(me.door.knocks)}` : players(count);
}

/** A game does not start without players. */
function waits(state) {
  return state.phase === "lobby" && state.players === 0;
}
