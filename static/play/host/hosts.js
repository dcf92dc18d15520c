/** Who hosts besides: a phone as remote control, and co-hosts by their user names. */

import { ApiError } from "../api.js";
import { refs, repeat, setText } from "../dom.js";

export class Hosts {
  #root = document.getElementById("dialog-hosts");
  #refs = refs(this.#root);
  #api;

  constructor(api) {
    this.#api = api;
    this.#refs.add.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#change({ name: this.#refs.name.value, hosts: true });
    });
  }

  open() {
    this.#root.showModal();
  }

  show(state) {
    this.#list(state.me.hosts);
  }

  async #change(body) {
    setText(this.#refs.problem, "");
    try {
      this.#list((await this.#api.act("cohost", body)).hosts);
      this.#refs.name.value = "";
    } catch (error) {
      const text = error instanceof ApiError ? error.message : gettext("That did not arrive. Please try again.");
      setText(this.#refs.problem, text);
    }
  }

  /** The owner comes first and stays. */
  #list(names) {
    const template = this.#root.querySelector("[data-cohost]");
    repeat(this.#refs.hosts, template, names, (name) => name, ({ who, remove }, name, index) => {
      setText(who, name);
      remove.hidden = index === 0;
      remove.setAttribute("aria-label", interpolate(gettext("%(name)s: hosts no longer"), { name }, true));
      remove.onclick = () => this.#change({ name, hosts: false });
    });
  }
}
