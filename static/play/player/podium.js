/** The end, for one player: the own place, the first three, the way on. */

import { Board } from "../board.js";
import { refs, setShown, setText } from "../dom.js";
import { isWon, lines, own, ownTeam } from "../teams.js";
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
    const standings = isWon(state) ? lines(state) : [];
    setShown(this.#refs.medal, place !== null && (standings.length > 0 || state.mode === "self"));
    this.#refs.medal.dataset.place = place ?? "";
    setText(this.#refs.number, place ?? "");
    setText(this.#refs.headline, ownTeam(state) ? teamsHeadline(state) : headline(state));
    setText(this.#refs.points, place === null ? "" : said(state));
    this.#board.show(standings.filter((line) => line.place <= SHOWN), { own: own(state) });
    setText(this.#refs.why, why(state));
    setShown(this.#refs.sheet, why(state) === "");
    setShown(this.#refs.stay, phase === "podium");
    setShown(this.#refs.end, phase === "ended");
    setShown(this.#refs.again, phase === "ended");
  }
}

/** The own points; in a game for survival also how long one stayed in. */
function said({ me }) {
  return me.out_at === null ? points(me.points) : `${points(me.points)} · ${out(me)}`;
}

/** Why there are no places. Who plays alone gets no standings at all. */
function why({ standings, mode }) {
  return standings.length || mode === "self" ? "" : gettext("The game ended before its first result: nobody has points.");
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
