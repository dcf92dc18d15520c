/** The first ten, moving to their new places. */

import { Board } from "../board.js";
import { refs, setText } from "../dom.js";
import { lines } from "../teams.js";
import { left } from "../words.js";

export class Standings {
  #refs;
  #board;

  constructor(root) {
    this.#refs = refs(root);
    this.#board = new Board(root, this.#refs.list);
  }

  show({ state }) {
    this.#board.show(lines(state), { occasion: state.question?.id ?? null });
    setText(this.#refs.left, state.left === null ? "" : left(state.left));
  }
}
