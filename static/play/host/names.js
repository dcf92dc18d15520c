/** Names as buttons; pressing one asks what to do with it. */

import { repeat, setText } from "../dom.js";

export class Names {
  #list;
  #template;
  #onpress;
  #text;

  /** `onpress(entry)`; `text(entry)` is what stands on the button, where that is more than the name. */
  constructor(root, list, onpress, text = null) {
    this.#text = text;
    this.#list = list;
    this.#template = root.querySelector("[data-name]");
    this.#onpress = onpress;
  }

  show(roster) {
    repeat(this.#list, this.#template, roster, (entry) => entry.player, ({ name }, entry) => {
      setText(name, this.#text?.(entry) ?? entry.nickname);
      name.classList.toggle("name--away", !entry.here);
      name.title = entry.here ? "" : gettext("Away");
      if (!this.#text) name.setAttribute("aria-label", label(entry));
      name.onclick = () => this.#onpress(entry);
    });
  }
}

function label({ nickname, here }) {
  const text = here ? gettext("%(name)s: rename or remove") : gettext("%(name)s, away: rename or remove");
  return interpolate(text, { name: nickname }, true);
}
