/** The question alone, then with its options: one tap answers, or several and "send". */

import { refs, setShown, setText } from "../dom.js";
import { OptionList } from "../optionlist.js";
import { Ring } from "../ring.js";
import { points } from "../words.js";
import { showPicture } from "../../rich/picture.js";
import { showQuestion } from "../../rich/rich.js";

/** Above this many characters a question is set one size smaller, so that more of its options are in sight. */
const LONG_TEXT = 110;

export class Question {
  #root;
  #refs;
  #options;
  #ring;
  #give;
  #view = null;
  #picked = new Set();
  #pickedFor = null;
  #over = false;

  /** `give(question, choice)` takes the answer. */
  constructor(root, clock, give) {
    this.#root = root;
    this.#refs = refs(root);
    this.#options = new OptionList(root);
    this.#ring = new Ring(root, clock);
    this.#give = give;
    this.#refs.send.addEventListener("click", () => this.#send());
    root.closest("main").addEventListener("keydown", (event) => this.#key(event));
  }

  /** `view`: {state, pending, refusal}. */
  show(view) {
    this.#view = view;
    this.#keepPicks(view.state.question.id);
    this.#runRing(view.state);
    this.#showQuestion(view.state);
    this.#options.show(view.state.question.choices, (parts, choice, index, button) => this.#fill(choice, button));
    setShown(this.#refs.send, view.state.question.several && this.#open());
    this.#refs.send.setAttribute("aria-disabled", this.#picked.size === 0);
    setText(this.#refs.status, this.#status());
    this.#refs.status.dataset.mood = view.state.me.answer ? "good" : "";
  }

  hide() {
    this.#ring.stop();
    this.#view = null;
  }

  /** A pause in between keeps what was picked; another question does not. */
  #keepPicks(question) {
    if (this.#pickedFor !== question) this.#picked.clear();
    this.#pickedFor = question;
  }

  #runRing({ phase, question, phase_started_at, phase_ends_at, me }) {
    this.#over = false;
    if (phase !== "open") return this.#ring.run(phase_ends_at, phase_ends_at - phase_started_at);
    if (me.ends_at === null) return this.#ring.hide();
    const total = (question.time_limit_ms * me.allowance) / 100;
    return this.#ring.run(me.ends_at, total, () => this.#timeIsUp());
  }

  #showQuestion({ question, total, phase }) {
    const progress = { number: question.number, total };
    setText(this.#refs.number, interpolate(gettext("Question %(number)s of %(total)s"), progress, true));
    setText(this.#refs.points, points(question.points));
    showQuestion(this.#refs.text, this.#refs.body, question);
    showPicture(this.#refs.picture, question.picture);
    this.#root.classList.toggle("question--long", question.text.length > LONG_TEXT);
    setText(this.#refs.hint, hint(phase, question.several));
  }

  #fill(choice, button) {
    const chosen = this.#chosen().includes(choice.id);
    button.setAttribute("aria-pressed", chosen);
    button.setAttribute("aria-disabled", !this.#open());
    button.onclick = () => this.#choose(choice.id);
  }

  /** What shows as chosen: the stored answer, the one on its way, or what is picked so far. */
  #chosen() {
    const { state, pending } = this.#view;
    return state.me.answer?.choice ?? pending?.choice ?? [...this.#picked];
  }

  #open() {
    const { state, pending, refusal } = this.#view;
    return state.phase === "open" && !this.#over && !pending && !refusal && !state.me.answer;
  }

  #choose(id) {
    if (!this.#open()) return;
    const { question } = this.#view.state;
    if (!question.several) return this.#give(question.id, [id]);
    if (!this.#picked.delete(id)) this.#picked.add(id);
    return this.show(this.#view);
  }

  #send() {
    if (this.#open() && this.#picked.size) this.#give(this.#view.state.question.id, [...this.#picked]);
  }

  #timeIsUp() {
    this.#over = true;
    if (this.#view?.state.phase === "open") this.#freeze();
  }

  #freeze() {
    for (const button of this.#root.querySelectorAll(".option")) button.setAttribute("aria-disabled", "true");
    setShown(this.#refs.send, false);
    setText(this.#refs.status, this.#status());
  }

  #status() {
    const { state, pending, refusal } = this.#view;
    if (state.me.answer) return gettext("Received. The result comes when the question closes.");
    if (pending) return gettext("Sending…");
    if (refusal) return refusal;
    return this.#over && state.phase === "open" ? gettext("Time is up. The result comes in a moment.") : "";
  }

  /** 1 to 6 or A to F choose, Enter sends several; only while the question is on. */
  #key(event) {
    if (!this.#view || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" && !event.target.closest("button, a")) this.#send();
    const index = "123456".includes(event.key) ? Number(event.key) - 1 : "ABCDEF".indexOf(event.key.toUpperCase());
    const choice = this.#view.state.question.choices[index];
    if (choice) this.#choose(choice.id);
  }
}

function hint(phase, several) {
  if (phase === "reading") return gettext("The choices come in a moment.");
  return several ? gettext("More than one is right. Choose them all, then send.") : gettext("Choose one.");
}
