/** Who waits at the door, with the buttons that let them in: one by one in the list of players, all in the lobby too. */

import { repeat, setShown, setText } from "../dom.js";
import { number } from "../words.js";

export class Door {
  #root;
  #refs;
  #act;

  /**
   * `refs` has door, knocks, admit, and perhaps refuse and knocking, within `root`, which then has a
   * <template data-knock>; `act(name, body)` tells the server.
   */
  constructor(root, refs, act) {
    this.#root = root;
    this.#refs = refs;
    this.#act = act;
    refs.admit.addEventListener("click", () => act("admit", { knocks: "all" }));
    refs.refuse?.addEventListener("click", () => act("refuse", { knocks: "all" }));
  }

  show({ knocks, waiting }) {
    setShown(this.#refs.door, knocks > 0);
    setText(this.#refs.knocks, atTheDoor(knocks));
    if (this.#refs.knocking) this.#list(waiting);
  }

  #list(waiting) {
    const template = this.#root.querySelector("[data-knock]");
    repeat(this.#refs.knocking, template, waiting, ({ knock }) => knock, ({ name, admit, refuse }, { knock, nickname }) => {
      setText(name, nickname);
      this.#button(admit, "admit", knock, interpolate(gettext("Let %(name)s in"), { name: nickname }, true));
      this.#button(refuse, "refuse", knock, interpolate(gettext("Turn %(name)s away"), { name: nickname }, true));
    });
  }

  #button(button, name, knock, label) {
    button.setAttribute("aria-label", label);
    button.onclick = () => this.#act(name, { knocks: [knock] });
  }
}

export function atTheDoor(knocks) {
  const text = ngettext("%(count)s is waiting to be let in", "%(count)s are waiting to be let in", knocks);
  return interpolate(text, { count: number(knocks) }, true);
}
