/** Where I stand, how far the next one is, and who is in front. */

import { Board } from "../board.js";
import { refs, setText } from "../dom.js";
import { number, ordinal, points } from "../words.js";

const SHOWN = 5;

export class Standings {
  #refs;
  #board;

  constructor(root) {
    this.#refs = refs(root);
    this.#board = new Board(root, this.#refs.list);
  }

  show({ state }) {
    const { me, standings, players, question } = state;
    setText(this.#refs.place, me.place ? ordinal(me.place) : "–");
    setText(this.#refs.of, interpolate(gettext("of %(players)s"), { players: number(players) }, true));
    setText(this.#refs.points, points(me.points));
    setText(this.#refs.gap, question?.voided ? gettext("This question does not count.") : gap(me));
    this.#board.show(standings.slice(0, SHOWN), { own: me.player, occasion: question?.id ?? null });
  }
}

function gap(me) {
  if (me.gap === null) return gettext("Nobody has more points than you.");
  return interpolate(
    ngettext("%(gap)s point to the place before yours.", "%(gap)s points to the place before yours.", me.gap),
    { gap: number(me.gap) },
    true,
  );
}
