/** The end, for one player: the own place, the first three, the way on. */

import { Board } from "../board.js";
import { refs, setShown, setText } from "../dom.js";
import { isolated, number, ordinal, points } from "../words.js";

const SHOWN = 3;

export class Podium {
  #refs;
  #board;

  constructor(root) {
    this.#refs = refs(root);
    this.#board = new Board(root, this.#refs.list);
  }

  show({ state }) {
    const { me, standings, phase } = state;
    setShown(this.#refs.medal, me.place !== null);
    this.#refs.medal.dataset.place = me.place ?? "";
    setText(this.#refs.number, me.place ?? "");
    setText(this.#refs.headline, headline(state));
    setText(this.#refs.points, me.place === null ? "" : points(me.points));
    this.#board.show(standings.filter((line) => line.place <= SHOWN), { own: me.player });
    setShown(this.#refs.end, phase === "ended");
    setShown(this.#refs.again, phase === "ended");
  }
}

function headline({ me, players }) {
  if (me.place === null || (me.place === 1 && me.points === 0)) return gettext("The game is over");
  if (me.place === 1) return interpolate(gettext("You won, %(name)s!"), { name: isolated(me.nickname) }, true);
  const values = { name: isolated(me.nickname), place: ordinal(me.place), players: number(players) };
  return interpolate(gettext("%(place)s of %(players)s, %(name)s!"), values, true);
}
