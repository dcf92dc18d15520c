/** An answer that is typed into one field: there when its length is known, in focus when it opens. */

import { setShown, View } from "./dom.js";

export class Typing extends View {
  #begins;
  #wasOpen = false;

  /** `root` has the parts field and, in it, answer; a key that matches `begins` means the answer wherever it is pressed. */
  constructor(root, begins) {
    super(root);
    this.#begins = begins;
  }

  get needsSending() {
    return true;
  }

  /** Opens or closes the field of `question`. */
  open({ view }, isOpen) {
    const { answer, field } = this.refs;
    const isKnown = view.max_chars !== undefined;
    setShown(field, isKnown);
    if (isKnown) answer.maxLength = view.max_chars;
    answer.readOnly = !isOpen;
    if (isOpen && !this.#wasOpen) answer.focus({ preventScroll: true });
    this.#wasOpen = isOpen;
  }

  key(event) {
    const { answer } = this.refs;
    if (this.#begins.test(event.key) && !answer.readOnly && event.target !== answer) answer.focus();
  }
}
