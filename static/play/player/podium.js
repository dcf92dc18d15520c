/** The end, for one player: the own place, the first three, the way on. */

import { Board } from "../board.js";
import { refs, setShown, setText } from "../dom.js";
import { lines, own, ownTeam } from "../teams.js";
import { isolated, number, ordinal, out, points } from "../words.js";

const SHOWN = 3;

export class Podium {
  #refs;
  #board;

  constructor(root) {
    this.#refs = refs(root);
    this.#board = new Board(root, this.#refs.list);
  }

  show({ state }) {
    const { me, phase } = state;
    const { place } = ownTeam(state) ?? me;
    setShown(this.#refs.medal, place !== null);
    this.#refs.medal.dataset.place = place ?? "";
    setText(this.#refs.number, place ?? "");
    setText(this.#refs.headline, ownTeam(state) ? teamsHeadline(state) : headline(state));
    setText(this.#refs.points, place === null ? "" : said(state));
    this.#board.show(lines(state).filter((line) => line.place <= SHOWN), { own: own(state) });
    setShown(this.#refs.end, phase === "ended");
    setShown(this.#refs.again, phase === "ended");
  }
}

/** The own points; in a game for survival also how long one stayed in. */
function said({ me }) {
  return me.out_at === null ? points(me.points) : `${points(me.points)} · ${out(me)}`;
}

function teamsHeadline(state) {
  const { name, place } = ownTeam(state);
  if (place === null) return gettext("The game is over");
  if (place === 1) return interpolate(gettext("%(team)s won!"), { team: isolated(name) }, true);
  const values = { team: isolated(name), place: ordinal(place), teams: number(lines(state).length) };
  return interpolate(gettext("%(place)s of %(teams)s, %(team)s!"), values, true);
}

function headline({ me, players }) {
  if (me.place === null || (me.place === 1 && me.points === 0)) return gettext("The game is over");
  if (me.place === 1) return interpolate(gettext("You won, %(name)s!"), { name: isolated(me.nickname) }, true);
  const values = { name: isolated(me.nickname), place: ordinal(me.place), players: number(players) };
  return interpolate(gettext("%(place)s of %(players)s, %(name)s!"), values, true);
}
