/** The options of a question: each told apart by colour, shape, letter and place (data-option="1" to "6"). */

import { repeat, setShown, setText } from "./dom.js";
import { letter, optionName } from "./words.js";
import { showPicture } from "../rich/picture.js";
import { showText } from "../rich/rich.js";

export class OptionList {
  #list;
  #template;

  /** `root` has a <template data-option> and the element with data-ref="options". */
  constructor(root) {
    this.#list = root.querySelector('[data-ref="options"]');
    this.#template = root.querySelector("[data-option]");
  }

  /**
   * Shows `choices` ({id, text, rich?, picture?}); `fill(refs, choice, index, element)` adds what the screen has to say
   * about each. One whose text is on the wall alone has its letter for the eye, and its name for the ear.
   */
  show(choices, fill) {
    repeat(this.#list, this.#template, choices, (choice) => choice.id, (parts, choice, index, child) => {
      const element = child.querySelector(".option") ?? child;
      element.dataset.option = index + 1;
      setText(parts.letter, letter(index));
      showItem(parts, { ...choice, text: choice.text || optionName(index) });
      parts.text.classList.toggle("visually-hidden", choice.text === "");
      element.classList.toggle("option--lettered", choice.text === "");
      element.classList.toggle("option--pictured", Boolean(choice.picture));
      fill(parts, choice, index, element);
    });
  }
}

/** Text and picture of an option. What only repeats the picture's own words is there for who does not see it, once. */
export function showItem(parts, { text, rich, picture }) {
  showText(parts.text, text, rich);
  showPicture(parts.picture, picture);
  setShown(parts.text, picture?.alt !== text);
}

/** Of those who answered, the part that chose `id`: 0 to 1. */
export function share(state, id) {
  return state.answered ? Math.min(1, (state.reveal.counts[id] ?? 0) / state.answered) : 0;
}
