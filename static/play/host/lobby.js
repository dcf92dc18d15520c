/** Getting people in: the address, the PIN, the code, and the names as they come. */

import { refs, setShown, setText } from "../dom.js";
import { number, players } from "../words.js";
import { Names } from "./names.js";

/** As many as fit below the PIN on a projector; the list of players has them all. */
const SHOWN = 48;

export class Lobby {
  #refs;
  #names;

  constructor(root, onname) {
    this.#refs = refs(root);
    this.#names = new Names(root, this.#refs.names, onname);
  }

  show({ state }) {
    const { roster } = state.me;
    const hidden = Math.max(0, roster.length - SHOWN);
    setText(this.#refs.count, roster.length ? players(roster.length) : gettext("Nobody is here yet"));
    setShown(this.#refs.waiting, roster.length === 0);
    this.#names.show(roster.slice(-SHOWN));
    const more = ngettext("and %(count)s more", "and %(count)s more", hidden);
    setText(this.#refs.more, interpolate(more, { count: number(hidden) }, true));
    setShown(this.#refs.more, hidden > 0);
  }
}
