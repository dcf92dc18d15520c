/** Where I stand, how far the next one is, and who is in front. */

import { Board } from "../board.js";
import { refs, setText } from "../dom.js";
import { lines, own, ownTeam } from "../teams.js";
import { isolated, left, number, ordinal, out, points } from "../words.js";

const SHOWN = 5;

export class Standings {
  #refs;
  #board;

  constructor(root) {
    this.#refs = refs(root);
    this.#board = new Board(root, this.#refs.list);
  }

  show({ state }) {
    const { me, question } = state;
    const { place, of } = standing(state);
    setText(this.#refs.place, place ? ordinal(place) : gettext("No place yet"));
    setText(this.#refs.of, place ? of : "");
    setText(this.#refs.points, ownTeam(state) ? shares(state) : points(me.points));
    setText(this.#refs.gap, question?.voided ? gettext("This question does not count.") : gap(state));
    this.#board.show(lines(state).slice(0, SHOWN), { own: own(state), occasion: question?.id ?? null });
  }
}

/** The own place, or the own team's, and among how many. */
function standing(state) {
  const team = ownTeam(state);
  const text = team ? gettext("of %(count)s teams") : gettext("of %(players)s");
  const count = team ? lines(state).length : state.players;
  return { place: (team ?? state.me).place, of: interpolate(text, { count: number(count), players: number(count) }, true) };
}

/** The team's points and the own ones. */
function shares(state) {
  const team = ownTeam(state);
  const values = { team: isolated(team.name), points: points(team.points), own: points(state.me.points) };
  return interpolate(gettext("%(team)s: %(points)s. You: %(own)s."), values, true);
}

function gap(state) {
  const { me } = state;
  if (me.out_at !== null) return out(me);
  if (state.left !== null) return left(state.left);
  if (ownTeam(state)) return "";
  if (me.place === null) return "";
  if (me.gap === null) return gettext("Nobody has more points than you.");
  return interpolate(
    ngettext("%(gap)s point to the place before yours.", "%(gap)s points to the place before yours.", me.gap),
    { gap: number(me.gap) },
    true,
  );
}
