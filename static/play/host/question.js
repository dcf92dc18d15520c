/** The room's question: alone, with its options, and with what was right; each option keeps its place throughout. */

import { refs, setShown, setText } from "../dom.js";
import { OptionList, share } from "../optionlist.js";
import { Ring } from "../ring.js";
import { letter, number } from "../words.js";

/** In characters: a short question may fill the wall, a long one leaves room for six options. */
const SHORT_TEXT = 60;
const LONG_TEXT = 110;

/** Of the longest option: from so many on, the options are set smaller, so that all of them are on the wall. */
const WORDY_CHOICE = 60;
const VERY_WORDY_CHOICE = 120;

export class Question {
  #root;
  #refs;
  #options;
  #ring;

  constructor(root, clock) {
    this.#root = root;
    this.#refs = refs(root);
    this.#options = new OptionList(root);
    this.#ring = new Ring(root, clock);
  }

  show({ state }) {
    const { question } = state;
    this.#root.dataset.phase = state.phase;
    this.#root.classList.toggle("stage--short", question.text.length <= SHORT_TEXT);
    this.#root.classList.toggle("stage--long", question.text.length > LONG_TEXT);
    const longest = Math.max(0, ...question.choices.map((choice) => choice.text.length));
    this.#root.classList.toggle("stage--full", question.choices.length > 4 || longest > VERY_WORDY_CHOICE);
    this.#root.classList.toggle("stage--wordy", longest > WORDY_CHOICE);
    setText(this.#refs.text, question.text);
    setText(this.#refs.note, note(state));
    setText(this.#refs.answered, state.phase === "reading" ? "" : answered(state));
    this.#runRing(state);
    this.#options.show(question.choices, (parts, choice, index, element) => fill(state, parts, choice, index, element));
  }

  hide() {
    this.#ring.stop();
  }

  #runRing({ phase, question, phase_started_at, phase_ends_at }) {
    if (phase_ends_at === null) return this.#ring.hide();
    const total = phase === "open" ? question.time_limit_ms : phase_ends_at - phase_started_at;
    return this.#ring.run(phase_ends_at, total);
  }
}

function note({ phase, question, reveal }) {
  if (question.voided) return gettext("This question does not count.");
  if (phase === "reveal") return reveal.explanation;
  if (phase === "reading") return gettext("The choices come in a moment.");
  return question.several ? gettext("More than one is right.") : "";
}

/** Of those for whom the question waits. */
function answered({ answered, expected }) {
  const values = { answered: number(answered), players: number(expected) };
  return interpolate(gettext("%(answered)s of %(players)s answered"), values, true);
}

function fill(state, parts, choice, index, element) {
  const revealed = state.phase === "reveal";
  const right = revealed && state.reveal.right.includes(choice.id);
  setText(parts.spoken, `${letter(index)}: `);
  element.classList.toggle("option--right", right);
  element.classList.toggle("option--faded", revealed && !right);
  setShown(parts.right, right);
  setText(parts.count, revealed ? number(state.reveal.counts[choice.id] ?? 0) : "");
  parts.bar.style.setProperty("--share", revealed ? share(state, choice.id) : 0);
}
