/** The first ten, moving to their new places. */

import { Board } from "../board.js";
import { refs } from "../dom.js";

export class Standings {
  #board;

  constructor(root) {
    this.#board = new Board(root, refs(root).list);
  }

  show({ state }) {
    this.#board.show(state.standings, { occasion: state.question?.id ?? null });
  }
}
