/** Getting people in: the address, the PIN, the code, and the names as they come. */

import { refs, setShown, setText } from "../dom.js";
import { number, players } from "../words.js";
import { Door } from "./door.js";
import { Names } from "./names.js";
import { newestFirst } from "./people.js";
import { Teams } from "./teams.js";

/** As many as fit below the PIN on a projector; the list of players has them all. */
const SHOWN = 48;

export class Lobby {
  #root;
  #refs;
  #names;
  #teams;
  #door;

  /** `people` has the list of players; `act(name, body)` tells the server. */
  constructor(root, people, act) {
    this.#root = root;
    this.#refs = refs(root);
    this.#names = new Names(root, this.#refs.names, (entry) => people.ask(entry));
    this.#teams = new Teams(root, this.#refs.teams, (entry) => people.ask(entry));
    this.#door = new Door(root, this.#refs, act);
    this.#refs.look.addEventListener("click", () => people.open());
  }

  show({ state }) {
    const { roster, door } = state.me;
    this.#door.show(door);
    this.#root.classList.toggle("lobby--locked", state.locked);
    setText(this.#refs.locked, state.locked ? gettext("Locked: nobody new gets in.") : "");
    const hidden = state.teams.length ? 0 : Math.max(0, roster.length - SHOWN);
    setText(this.#refs.count, roster.length ? players(roster.length) : gettext("Nobody is here yet"));
    setShown(this.#refs.waiting, roster.length === 0);
    this.#teams.show(state);
    this.#names.show(state.teams.length ? [] : newestFirst(roster).slice(0, SHOWN));
    const more = ngettext("and %(count)s more", "and %(count)s more", hidden);
    setText(this.#refs.more, interpolate(more, { count: number(hidden) }, true));
    setShown(this.#refs.more, hidden > 0);
  }
}
