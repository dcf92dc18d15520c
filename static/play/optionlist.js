/** The options of a question: each told apart by colour, shape, letter and place (data-option="1" to "6"). */

import { repeat, setText } from "./dom.js";
import { letter } from "./words.js";

export class OptionList {
  #list;
  #template;

  /** `root` has a <template data-option> and the element with data-ref="options". */
  constructor(root) {
    this.#list = root.querySelector('[data-ref="options"]');
    this.#template = root.querySelector("[data-option]");
  }

  /** Shows `choices` ({id, text}); `fill(refs, choice, index, element)` adds what the screen has to say about each. */
  show(choices, fill) {
    repeat(this.#list, this.#template, choices, (choice) => choice.id, (parts, choice, index, child) => {
      const element = child.querySelector(".option") ?? child;
      element.dataset.option = index + 1;
      setText(parts.letter, letter(index));
      setText(parts.text, choice.text);
      fill(parts, choice, index, element);
    });
  }
}

/** Of those who answered, the part that chose `id`: 0 to 1. */
export function share(state, id) {
  return state.answered ? Math.min(1, (state.reveal.counts[id] ?? 0) / state.answered) : 0;
}
