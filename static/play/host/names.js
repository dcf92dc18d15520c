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
      name.setAttribute("aria-label", interpolate(gettext("%(name)s: remove"), { name: entry.nickname }, true));
      name.onclick = () => this.#onpress(entry);
    });
  }
}
