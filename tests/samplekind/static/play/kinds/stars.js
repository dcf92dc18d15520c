/** Stars: a number to type, and a line that says what was right. */

import { refs, setText } from "../dom.js";

export class Ask {
  #refs;

  constructor(root, { changed }) {
    this.#refs = refs(root);
    this.#refs.stars.addEventListener("input", changed);
  }

  get needsSending() {
    return true;
  }

  get choice() {
    return this.#refs.stars.valueAsNumber || null;
  }

  hint() {
    return "How many?";
  }

  show({ question, isOpen, given }) {
    this.#refs.stars.max = question.view.most ?? "";
    this.#refs.stars.readOnly = !isOpen;
    if (given !== null) this.#refs.stars.value = given;
  }

  key() {}
}

export class Told {
  #refs;

  constructor(root) {
    this.#refs = refs(root);
  }

  show({ state }) {
    setText(this.#refs.right, `Right: ${state.reveal.right}`);
  }
}

export class Stage {
  #refs;

  constructor(root) {
    this.#refs = refs(root);
  }

  note() {
    return "How many stars?";
  }

  show({ state }) {
    const lines = Object.entries(state.reveal?.counts ?? {}).map(([stars, count]) => `${stars}: ${count}`);
    setText(this.#refs.counts, lines.join(", "));
  }
}
