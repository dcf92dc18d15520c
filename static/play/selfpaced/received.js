/** After a question whose solution is a secret until the game has closed. */

import { refs, setText } from "../dom.js";

export class Received {
  #refs;

  constructor(root) {
    this.#refs = refs(root);
  }

  show({ answered }) {
    setText(this.#refs.headline, answered ? gettext("Your answer is in") : gettext("Time is up"));
  }
}
