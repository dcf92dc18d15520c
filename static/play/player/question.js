/** The question alone, then with what its kind has to answer it: at once, or with "send". */

import { refs, setShown, setText } from "../dom.js";
import { spelled, view as viewOf } from "../kinds.js";
import { Ring } from "../ring.js";
import { isolated, letter, out, points } from "../words.js";
import { showPicture } from "../../rich/picture.js";
import { showQuestion } from "../../rich/rich.js";

/** Above this many characters a question is set one size smaller, so that more of its options are in sight. */
const LONG_TEXT = 110;

export class Question {
  #root;
  #refs;
  #ring;
  #give;
  #view = null;
  #ask = null;
  #askedFor = null;
  #over = false;

  /** `give(question, choice)` takes the answer. */
  constructor(root, clock, give) {
    this.#root = root;
    this.#refs = refs(root);
    this.#ring = new Ring(root, clock);
    this.#give = give;
    this.#refs.send.addEventListener("click", () => this.#send());
    document.addEventListener("keydown", (event) => this.#key(event));
  }

  /** `view`: {state, pending, refusal}; a refusal that is not final leaves the question open for another answer. */
  show(view) {
    this.#view = view;
    this.#prepare(view.state.question);
    this.#runRing(view.state);
    this.#showQuestion(view.state);
    this.#showAsk();
    setText(this.#refs.status, this.#status());
    this.#refs.status.dataset.mood = this.#mood();
    setText(this.#refs.first, this.#first());
  }

  hide() {
    this.#ring.stop();
    this.#view = null;
  }

  /** One view for each question, and for each vote on it: a pause in between keeps what was picked. */
  #prepare(question) {
    const asked = `${question.id}/${question.round ?? 1}`;
    if (this.#askedFor === asked) return;
    this.#askedFor = asked;
    const handlers = { give: (choice) => this.#answer(choice), changed: () => this.#showAsk() };
    this.#ask = viewOf(question.kind, "Ask", this.#refs.kind, handlers);
  }

  #showAsk() {
    const { question } = this.#view.state;
    this.#ask.show({ question, isOpen: this.#open(), given: this.#given() });
    setShown(this.#refs.send, this.#ask.needsSending && this.#open());
    this.#refs.hint.classList.toggle("question__hint--past", this.#isPast());
    this.#refs.send.setAttribute("aria-disabled", this.#ask.choice === null);
  }

  #runRing({ phase, question, phase_started_at, phase_ends_at, me }) {
    this.#over = false;
    if (phase_ends_at === null) return this.#ring.hide();
    if (phase !== "open") return this.#ring.run(phase_ends_at, phase_ends_at - phase_started_at);
    if (me.ends_at === null) return this.#ring.hide();
    const total = (question.time_limit_ms * me.allowance) / 100;
    return this.#ring.run(me.ends_at, total, () => this.#timeIsUp());
  }

  #showQuestion({ question, total, phase }) {
    const progress = { number: question.number, total };
    setText(this.#refs.number, interpolate(gettext("Question %(number)s of %(total)s"), progress, true));
    setText(this.#refs.points, question.judged ? points(question.points) : gettext("No points: just your view"));
    showQuestion(this.#refs.text, this.#refs.body, question.text === "" ? onTheWall(question) : question);
    showPicture(this.#refs.picture, question.picture);
    this.#root.classList.toggle("question--long", question.text.length > LONG_TEXT);
    setText(this.#refs.hint, this.#hint(phase, question));
  }

  #hint(phase, question) {
    const { discussing, me } = this.#view.state;
    if (discussing) return gettext("Discuss with your neighbours. Then you vote again.");
    if (me.out_at !== null) return gettext("You are out, and watch on.");
    return this.#ask.hint(phase, question);
  }

  /** The stored answer, or the one on its way; null for none. */
  #given() {
    const { state, pending } = this.#view;
    return state.me.answer?.choice ?? pending?.choice ?? null;
  }

  /** The first of two votes in words, while the second one is open. */
  #first() {
    const { question, me } = this.#view.state;
    if ((me.first ?? null) === null) return "";
    const texts = question.choices.flatMap(({ id, text }, index) => (me.first.includes(id) ? [text || letter(index)] : []));
    const said = spelled(question, me.first) ?? (texts.length ? texts.join(", ") : String(me.first));
    return interpolate(gettext("Your first choice: %(choice)s"), { choice: isolated(said) }, true);
  }

  #open() {
    const { state, pending, refusal } = this.#view;
    const mayAnswer = state.phase === "open" && state.me.out_at === null;
    return mayAnswer && !this.#over && !pending && !refusal?.isFinal && !state.me.answer;
  }

  /** There was something to do, and no longer is. */
  #isPast() {
    const { phase, me } = this.#view.state;
    return phase === "open" && me.out_at === null && !this.#open();
  }

  #answer(choice) {
    if (this.#open()) this.#give(this.#view.state.question.id, choice);
  }

  #send() {
    if ((this.#ask?.choice ?? null) !== null) this.#answer(this.#ask.choice);
  }

  #timeIsUp() {
    this.#over = true;
    if (this.#view?.state.phase === "open") this.#freeze();
  }

  #freeze() {
    this.#showAsk();
    setText(this.#refs.status, this.#status());
  }

  #status() {
    const { state, pending, refusal } = this.#view;
    if (state.me.out_at !== null) return out(state.me);
    if (state.discussing) return state.me.answer ? gettext("Your first vote is marked.") : gettext("You have not voted yet.");
    if (state.me.answer && state.mode === "peer" && state.question.round === 1) return gettext("Received. Next you talk about it.");
    if (state.me.answer) return gettext("Received. The result comes when the question closes.");
    if (pending) return gettext("Sending…");
    if (refusal) return refusal.text;
    return this.#over && state.phase === "open" ? gettext("Time is up. The result comes in a moment.") : "";
  }

  #mood() {
    const { state, refusal, pending } = this.#view;
    if (state.me.answer) return "good";
    return refusal && !pending ? "bad" : "";
  }

  /** Enter sends; the other keys are the kind's. Only while the question is on. */
  #key(event) {
    if (!this.#view || !isFree(event.target) || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Enter" && !event.target.closest("button, a")) this.#send();
    else this.#ask.key(event);
  }
}

/** What stands in the place of a question whose text this phone does not have. */
function onTheWall({ number }) {
  const text = gettext("Question %(number)s is on the big screen");
  return { text: interpolate(text, { number }, true), rich: null };
}

/** After a reload the focus is nowhere; in a dialog or in the head of the page it is somebody else's. */
function isFree(target) {
  return target === document.body || target.closest("main") !== null;
}
