/** An answer that is typed and sent. */

import { refs, repeat, setShown, setText } from "../dom.js";
import { share } from "../optionlist.js";
import { number } from "../words.js";

export class Ask {
  #refs;
  #wasOpen = false;

  constructor(root, { changed }) {
    this.#refs = refs(root);
    this.#refs.answer.addEventListener("input", changed);
  }

  get needsSending() {
    return true;
  }

  get choice() {
    return this.#refs.answer.value.trim() || null;
  }

  hint(phase) {
    return phase === "reading" ? gettext("You can type your answer in a moment.") : gettext("Type your answer, then send.");
  }

  show({ question, isOpen, given }) {
    const { answer, field } = this.#refs;
    setShown(field, question.view.max_chars !== undefined);
    if (question.view.max_chars !== undefined) answer.maxLength = question.view.max_chars;
    answer.readOnly = !isOpen;
    if (given !== null) answer.value = given;
    if (isOpen && !this.#wasOpen) answer.focus({ preventScroll: true });
    this.#wasOpen = isOpen;
  }

  /** Who begins to type means the answer. */
  key(event) {
    const { answer } = this.#refs;
    if (event.key.length === 1 && !answer.readOnly && event.target !== answer) answer.focus();
  }
}

export class Told {
  #root;
  #refs;

  constructor(root) {
    this.#root = root;
    this.#refs = refs(root);
  }

  show({ state }) {
    const own = state.me.answer?.choice ?? "";
    setText(this.#refs.own, own);
    setShown(this.#refs.given, own !== "");
    setText(this.#refs.right, state.reveal.right.join(" · "));
    showLines(this.#root, this.#refs.lines, state);
  }
}

export class Stage {
  #root;
  #refs;

  constructor(root) {
    this.#root = root;
    this.#refs = refs(root);
  }

  note(phase) {
    return phase === "reading" ? gettext("Answers can be typed in a moment.") : gettext("Type your answer.");
  }

  show({ state }) {
    setShown(this.#refs.lines, state.phase === "reveal");
    if (state.phase === "reveal") showLines(this.#root, this.#refs.lines, state);
  }
}

/** What was typed, right spellings first, then the most frequent. */
function showLines(root, list, state) {
  const { right, counts } = state.reveal;
  const lines = Object.entries(counts).filter(([text, count]) => count > 0 || text === right[0]);
  lines.sort(([a, m], [b, n]) => right.includes(b) - right.includes(a) || n - m);
  repeat(list, root.querySelector("[data-line]"), lines, ([text]) => text, (parts, [text, count], index, element) => {
    const isRight = right.includes(text);
    element.classList.toggle("typed__line--right", isRight);
    setText(parts.text, text);
    setShown(parts.mark, isRight);
    setText(parts.count, number(count));
    parts.bar.style.setProperty("--share", share(state, text));
  });
}
