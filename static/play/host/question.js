/** The room's question: alone, with what its kind shows of it, and with what was right. */

import { refs, setShown, setText } from "../dom.js";
import { rightKeys, view as viewOf } from "../kinds.js";
import { Ring } from "../ring.js";
import { swing, Votes } from "../votes.js";
import { number } from "../words.js";
import { showPicture } from "../../rich/picture.js";
import { showQuestion, showText } from "../../rich/rich.js";

/** In characters: a short question may fill the wall, a long one leaves room for its answers. */
const SHORT_TEXT = 60;
const LONG_TEXT = 110;
const LONG_NOTE = 120;

export class Question {
  #root;
  #refs;
  #stage = null;
  #stagedFor = null;
  #ring;
  #votes;
  #act;
  #state = null;
  #peekedAt = null; // the question whose first vote the host has shown, or hidden where nobody else looks
  #alone = document.body.classList.contains("remote");

  /** `act(name, body)` does what a host may do. */
  constructor(root, clock, act) {
    this.#root = root;
    this.#act = act;
    this.#refs = refs(root);
    this.#votes = new Votes(root);
    this.#refs.peek.addEventListener("click", () => this.#peek());
    this.#ring = new Ring(root, clock);
  }

  show({ state }) {
    const { question } = state;
    this.#state = state;
    this.#root.dataset.phase = state.phase;
    this.#root.classList.toggle("stage--short", question.text.length <= SHORT_TEXT);
    this.#root.classList.toggle("stage--long", question.text.length > LONG_TEXT);
    showQuestion(this.#refs.text, this.#refs.body, question);
    showPicture(this.#refs.picture, question.picture);
    this.#prepare(question);
    setText(this.#refs.answered, state.phase === "reading" && !state.discussing ? "" : answered(state));
    this.#runRing(state);
    this.#stage.show({ state });
    this.#showNote(state);
    this.#showVotes(state);
  }

  hide() {
    this.#ring.stop();
  }

  #prepare({ id, kind }) {
    if (this.#stagedFor === id) return;
    this.#stage?.hide?.();
    this.#stage = viewOf(kind, "Stage", this.#refs.kind, { hide: (key) => this.#act("hide", { question: id, key }) });
    this.#stagedFor = id;
  }

  /** Below the question; or in the room of the options while there is nothing else to see there. */
  #showNote(state) {
    const note = this.#note(state);
    const isBare = this.#isBare();
    this.#root.classList.toggle("stage--bare", isBare && note !== "");
    this.#root.classList.toggle("stage--explained", note.length > LONG_NOTE);
    setText(this.#refs.wait, isBare ? note : "");
    showText(this.#refs.note, isBare ? "" : note, note === state.reveal?.explanation ? state.reveal.rich : null);
  }

  /** Whether the kind of the question shows nothing yet. */
  #isBare() {
    const shown = this.#refs.kind.cloneNode(true);
    for (const element of shown.querySelectorAll("[hidden]")) element.remove();
    return shown.textContent.trim() === "";
  }

  #note({ phase, question, reveal, discussing }) {
    if (question.voided) return gettext("This question does not count.");
    if (discussing) return gettext("Discuss with your neighbours. Then everybody votes again.");
    if (question.round === 2 && phase === "open") return gettext("The second vote: choose again.");
    return phase === "reveal" ? reveal.explanation : this.#stage.note(phase, question);
  }

  /** The first vote in the discussion, if the host wants it seen; both at the reveal, in the place of the options. */
  #showVotes({ phase, question, reveal, discussing, me }) {
    const first = discussing ? me.vote?.counts : phase === "reveal" && reveal.first?.counts;
    setShown(this.#refs.peek, Boolean(discussing && first));
    const seen = first && (!discussing || (this.#peekedAt === question.id) !== this.#alone);
    setText(this.#refs.peek, seen ? gettext("Hide the first vote") : gettext("Show the first vote"));
    setShown(this.#refs.kind, !seen);
    if (!seen) this.#votes.hide();
    else if (discussing) this.#votes.show(question, { first });
    else this.#votes.show(question, { first, second: reveal.counts, right: rightKeys(question, reveal.right), swing: swing(reveal.first) });
  }

  #peek() {
    const { question } = this.#state;
    this.#peekedAt = this.#peekedAt === question.id ? null : question.id;
    this.#showVotes(this.#state);
  }

  #runRing({ phase, question, phase_started_at, phase_ends_at }) {
    if (phase_ends_at === null) return this.#ring.hide();
    const total = phase === "open" ? question.time_limit_ms : phase_ends_at - phase_started_at;
    return this.#ring.run(phase_ends_at, total);
  }
}

/** Of those for whom the question waits. */
function answered({ answered, expected }) {
  const values = { answered: number(answered), players: number(expected) };
  return interpolate(gettext("%(answered)s of %(players)s answered"), values, true);
}

