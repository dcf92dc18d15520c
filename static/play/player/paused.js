/** A pause: the host's, or because no host is there any more. */

import { refs, setShown } from "../dom.js";

export class Paused {
  #refs;

  constructor(root) {
    this.#refs = refs(root);
  }

  show({ state }) {
    setShown(this.#refs.why, !state.host_lost);
    setShown(this.#refs.lost, state.host_lost);
  }
}
