/** Waiting without doubt: you are in, so many others are too. */

import { refs, setText } from "../dom.js";
import { players } from "../words.js";

export class Lobby {
  #refs;

  constructor(root) {
    this.#refs = refs(root);
  }

  show({ state }) {
    setText(this.#refs.players, players(state.players));
  }
}
