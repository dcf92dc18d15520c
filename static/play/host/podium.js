/** Three steps, built from third to first; who shares a place shares the step. */

import { Board } from "../board.js";
import { refs, repeat, setText } from "../dom.js";
import { lines, mark } from "../teams.js";
import { ordinal, points } from "../words.js";

const STEPS = 3;

/** In characters: names longer than this are set smaller rather than broken in two. */
const LONG_NAME = 14;

export class Podium {
  #root;
  #refs;
  #rest;

  constructor(root) {
    this.#root = root;
    this.#refs = refs(root);
    this.#rest = new Board(root, this.#refs.rest);
  }

  show({ state }) {
    const standings = lines(state);
    const isWon = standings.some((line) => line.points > 0);
    setText(this.#refs.headline, isWon ? gettext("The winners") : gettext("The game is over"));
    repeat(this.#refs.steps, this.#template("step"), steps(standings), ({ place }) => place, (parts, step, index, child) => this.#fillStep(parts, step, child));
    this.#rest.show(standings.filter((line) => line.place > STEPS));
  }

  #fillStep(parts, { place, winners }, child) {
    child.dataset.place = place;
    child.classList.toggle("step--long", winners.some(({ nickname }) => nickname.length > LONG_NAME));
    repeat(parts.names, this.#template("winner"), winners, ({ player }) => player, fillName);
    setText(parts.points, points(winners[0].points));
    setText(parts.place, ordinal(place));
  }

  #template(name) {
    return this.#root.querySelector(`template[data-${name}]`);
  }
}

/** [{place, winners}] for the places 1 to 3 that are taken: 1, 1, 3 has no second step. */
export function steps(standings) {
  const places = [1, 2, 3].map((place) => ({ place, winners: standings.filter((line) => line.place === place) }));
  return places.filter(({ winners }) => winners.length);
}

function fillName(parts, { nickname, team }) {
  mark(parts.mark, team);
  setText(parts.name, nickname);
}
