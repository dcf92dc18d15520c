/** What people think in their own words: one text, or the words of a cloud. */

import { repeat, setShown, setText, View } from "../dom.js";
import { isolated, number } from "../words.js";

/** Texts beside each other on a wall, or below each other on a phone. */
const A_PAGE = 9;

/** Sizes of words in a cloud, and what each is of the smallest (open.css). */
const SIZES = [1, 1.25, 1.6, 2, 2.6];

/** A wall's room for a cloud, in squares of a hundredth of its height; a letter's width and a line's height, in em. */
const ROOM = 6_000;
const LETTER = 0.55;
const LINE = 1.3;

/** What was written, in one line. */
export function spelled(question, choice) {
  return choice.join(", ");
}

export class Ask extends View {
  #fields = [];
  #wasOpen = false;

  constructor(root, { changed }) {
    super(root);
    this.refs.fields.addEventListener("input", changed);
  }

  get needsSending() {
    return true;
  }

  get choice() {
    const written = this.#fields.map(({ value }) => value.trim()).filter(Boolean);
    return written.length ? written : null;
  }

  hint(phase, { view }) {
    if (phase === "reading") return gettext("You can write in a moment.");
    if (view.form === "text") return gettext("Write a short text, then send.");
    const said = ngettext("Write a word or a short phrase, then send.", "Write up to %(count)s words or short phrases, then send.", view.entries);
    return interpolate(said, { count: number(view.entries) }, true);
  }

  show({ question, isOpen, given }) {
    if (question.view.form) this.#make(question.view);
    this.#fields.forEach((field, index) => {
      field.readOnly = !isOpen;
      if (given !== null) field.value = [given].flat()[index] ?? "";
    });
    if (isOpen && !this.#wasOpen) this.#fields[0].focus({ preventScroll: true });
    this.#wasOpen = isOpen;
  }

  /** Who begins to write means the first field; Enter sends a text and breaks no line in it. */
  key(event) {
    const [first] = this.#fields;
    if (event.key.length === 1 && first && !first.readOnly && !this.#fields.includes(event.target)) first.focus();
  }

  /** The fields, once it is known how many there are. */
  #make({ form, entries, max_chars }) {
    if (this.#fields.length) return;
    const places = Array.from({ length: entries }, (_, index) => index + 1);
    const template = this.root.querySelector(`[data-field="${form}"]`);
    repeat(this.refs.fields, template, places, (place) => place, (parts, place) => {
      setText(parts.label, entries === 1 ? gettext("Your answer") : interpolate(gettext("Your word %(place)s"), { place }, true));
      parts.field.maxLength = max_chars;
      parts.field.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
      this.#fields.push(parts.field);
    });
  }
}

export class Told extends View {
  #answers;

  constructor(root) {
    super(root);
    this.#answers = new Answers(root);
  }

  show({ state }) {
    const own = state.me.answer ? [state.me.answer.choice].flat() : [];
    setText(this.refs.own, own.join(" · "));
    setShown(this.refs.given, own.length > 0);
    this.#answers.show(state);
  }
}

export class Stage extends View {
  #answers;

  constructor(root, handlers) {
    super(root);
    this.#answers = new Answers(root, handlers);
  }

  note(phase, { view }) {
    if (phase === "reading") return gettext("Everybody can write in a moment.");
    return view.form === "cloud" ? gettext("Write what comes to your mind.") : gettext("Write your answer in your own words.");
  }

  show({ state }) {
    const revealed = state.phase === "reveal";
    setShown(this.root.querySelector("[data-answers]"), revealed);
    if (revealed) this.#answers.show(state);
  }
}

/** All that the room is told, as a cloud or in pages; `hide(text)` is there for a host. */
class Answers extends View {
  #hide;
  #state = null;
  #page = 0;
  #next = null; // the text whose button has the focus after the one before it is hidden

  constructor(root, { hide = null } = {}) {
    super(root.querySelector("[data-answers]"));
    this.#hide = hide;
    this.refs.newer.addEventListener("click", () => this.#turn(-1));
    this.refs.older.addEventListener("click", () => this.#turn(1));
  }

  show(state) {
    this.#state = state;
    const { order, more } = state.reveal.view;
    const isCloud = state.question.view.form === "cloud";
    const pages = isCloud ? 1 : Math.max(1, Math.ceil(order.length / A_PAGE));
    this.#page = Math.min(this.#page, pages - 1);
    this.refs.answers.classList.toggle("cloud", isCloud);
    this.refs.answers.classList.toggle("texts", !isCloud);
    this.#list(isCloud ? order : order.slice(this.#page * A_PAGE, (this.#page + 1) * A_PAGE), state.reveal.counts);
    this.#showPages(pages);
    setShown(this.refs.none, order.length === 0);
    setText(this.refs.more, more ? interpolate(ngettext("and %(count)s more", "and %(count)s more", more), { count: number(more) }, true) : "");
  }

  #list(texts, counts) {
    const most = Math.max(...texts.map((text) => counts[text]), 1);
    this.refs.answers.style.setProperty("--fit", fit(texts, counts, most));
    repeat(this.refs.answers, this.root.querySelector("[data-answer]"), texts, (text) => text, (parts, text, index, child) => {
      child.dataset.size = size(counts[text], most);
      setText(parts.text, text);
      setText(parts.count, number(counts[text]));
      setShown(parts.times, counts[text] > 1);
      if (parts.hide) this.#prepareHiding(parts.hide, text, child);
    });
    if (this.#next !== null && document.activeElement === document.body) this.#focusNext();
  }

  #prepareHiding(button, text, child) {
    button.setAttribute("aria-label", interpolate(gettext("Hide %(text)s"), { text: isolated(text) }, true));
    button.onclick = () => {
      this.#next = (child.nextElementSibling ?? child.previousElementSibling)?.dataset.key ?? null;
      this.#hide(text);
    };
  }

  /** A list that is made anew has lost the focus. */
  #focusNext() {
    const next = Array.from(this.refs.answers.children).find((child) => child.dataset.key === this.#next);
    next?.querySelector("button").focus();
    this.#next = null;
  }

  #showPages(pages) {
    setShown(this.refs.pages, pages > 1);
    setText(this.refs.page, interpolate(gettext("Page %(page)s of %(pages)s"), { page: number(this.#page + 1), pages: number(pages) }, true));
    this.refs.newer.disabled = this.#page === 0;
    this.refs.older.disabled = this.#page === pages - 1;
  }

  #turn(step) {
    this.#page += step;
    this.show(this.#state);
  }
}

/** 1 for the least frequent to the largest for the most. */
function size(count, most) {
  return most === 1 ? Math.ceil(SIZES.length / 2) : 1 + Math.round(((count - 1) / (most - 1)) * (SIZES.length - 1));
}

/** How high the smallest letters may be so that all words fit on a wall, in hundredths of its height. */
function fit(texts, counts, most) {
  const area = texts.reduce((sum, text) => sum + room(text, SIZES[size(counts[text], most) - 1]), 1);
  return Math.min(5, Math.max(1.7, Math.sqrt(ROOM / area))).toFixed(2);
}

function room(text, em) {
  return (text.length * LETTER * em + 2) * LINE * em;
}
