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
    repeat(this.#refs.steps, this.#root.querySelector("[data-step]"), steps(standings), (step) => step.place, fillStep);
    this.#rest.show(standings.filter((line) => line.place > STEPS));
  }
}

/** [{place, points, names, teams}] for the places 1 to 3 that are taken: 1, 1, 3 has no second step. */
export function steps(standings) {
  const places = [1, 2, 3].map((place) => ({ place, lines: standings.filter((line) => line.place === place) }));
  return places
    .filter(({ lines }) => lines.length)
    .map(({ place, lines }) => ({ place, points: lines[0].points, names: lines.map((line) => line.nickname), teams: lines.map((line) => line.team) }));
}

function fillStep(parts, step, index, child) {
  child.dataset.place = step.place;
  child.classList.toggle("step--long", step.names.some((name) => name.length > LONG_NAME));
  parts.names.replaceChildren(...step.names.map((name, index) => nameItem(name, step.teams[index])));
  setText(parts.points, points(step.points));
  setText(parts.place, ordinal(step.place));
}

function nameItem(name, team) {
  const item = document.createElement("li");
  item.dir = "auto"; // what a name's letters do to the direction of the line ends with it
  item.textContent = name;
  if (team !== null) item.prepend(teamMark(team), " ");
  return item;
}

function teamMark(team) {
  const element = document.createElement("span");
  element.className = "team-mark";
  mark(element, team);
  return element;
}
