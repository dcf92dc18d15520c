/** Who asks for more time, or has it: in a dialog of its own, since the list of players may be on the wall. */

import { refs, setShown } from "../dom.js";
import { number } from "../words.js";
import { Names } from "./names.js";

const EVERYBODYS = 100;

export class Times {
  #root = document.getElementById("dialog-times");
  #refs = refs(this.#root);
  #names;

  /** `onpress(entry)` of the roster. */
  constructor(onpress) {
    this.#names = new Names(this.#root, this.#refs.names, onpress, label);
  }

  open() {
    this.#root.showModal();
  }

  show(roster) {
    const entries = roster.filter(({ allowance, asks_for_time }) => asks_for_time || allowance !== EVERYBODYS);
    entries.sort((a, b) => b.asks_for_time - a.asks_for_time);
    this.#names.show(entries);
    setShown(this.#refs.nobody, entries.length === 0);
  }
}

/** How many ask, without a name. */
export function timesLabel(roster) {
  const count = roster.filter(({ asks_for_time }) => asks_for_time).length;
  return count ? interpolate(gettext("More time… (%(count)s)"), { count: number(count) }, true) : gettext("More time…");
}

function label({ nickname, allowance, asks_for_time }) {
  if (asks_for_time) return interpolate(gettext("%(name)s asks for more time"), { name: nickname }, true);
  if (allowance === 0) return interpolate(gettext("%(name)s: no deadline"), { name: nickname }, true);
  return `${nickname}: × ${number(allowance / EVERYBODYS)}`;
}
