/** Names as buttons; pressing one asks whether to remove it. */

import { repeat, setText } from "../dom.js";

export class Names {
  #list;
  #template;
  #onpress;

  /** `onpress({player, nickname})`. */
  constructor(root, list, onpress) {
    this.#list = list;
    this.#template = root.querySelector("[data-name]");
    this.#onpress = onpress;
  }

  show(roster) {
    repeat(this.#list, this.#template, roster, (entry) => entry.player, ({ name }, entry) => {
      setText(name, entry.nickname);
      name.classList.toggle("name--away", !entry.here);
      name.title = entry.here ? "" : gettext("Away");
      name.setAttribute("aria-label", label(entry));
      name.onclick = () => this.#onpress(entry);
    });
  }
}

function label({ nickname, here }) {
  const text = here ? gettext("%(name)s: remove") : gettext("%(name)s, away: remove");
  return interpolate(text, { name: nickname }, true);
}
