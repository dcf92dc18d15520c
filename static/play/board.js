/** Lines of the standings, which move from the places before to the places now, once. */

import { repeat, setText } from "./dom.js";
import { mark } from "./teams.js";
import { gained, number } from "./words.js";

const PAUSE_MS = 500;
const MOVE_MS = 600;

export class Board {
  #list;
  #template;
  #moved = null;

  /** `list` is filled with the <template data-standing> of `root`. */
  constructor(root, list) {
    this.#list = list;
    this.#template = root.querySelector("[data-standing]");
  }

  /** `lines` as the state has them; `own` is the player to mark, `occasion` names the reveal that they follow. */
  show(lines, { own = null, occasion = null } = {}) {
    repeat(this.#list, this.#template, lines, (line) => line.player, (parts, line, index, child) => {
      setText(parts.place, line.place);
      setText(parts.name, line.nickname);
      mark(parts.mark, line.team);
      setText(parts.out, line.out_at ? interpolate(gettext("out in question %(number)s"), { number: line.out_at }, true) : "");
      setText(parts.gained, gained(line.gained));
      setText(parts.points, number(line.points));
      child.classList.toggle("standing--own", line.player === own);
    });
    if (occasion !== null && occasion !== this.#moved) this.#move(lines);
    this.#moved = occasion;
  }

  #move(lines) {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const rows = Array.from(this.#list.children);
    if (rows.length < 2) return;
    const height = rows[1].offsetTop - rows[0].offsetTop;
    placesBefore(lines).forEach((before, now) => {
      const from = `translateY(${(before - now) * height}px)`;
      rows[now].animate([{ transform: from }, { transform: from }, { transform: "none" }], {
        duration: PAUSE_MS + MOVE_MS,
        easing: "cubic-bezier(0.2, 0.7, 0.2, 1)",
        fill: "backwards",
      });
    });
  }
}

/** For each line the index that it had in the order before; who was not in it comes from below. */
export function placesBefore(lines) {
  const order = lines.map((line, index) => ({ index, before: line.before ?? Infinity }));
  order.sort((a, b) => a.before - b.before || a.index - b.index);
  const places = new Array(lines.length);
  order.forEach(({ index }, place) => (places[index] = place));
  return places;
}
