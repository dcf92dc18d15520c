/** Who hosts besides: a phone as remote control, and co-hosts by their user names. */

import { ApiError } from "../api.js";
import { refs, repeat, setText } from "../dom.js";

export class Hosts {
  #root = document.getElementById("dialog-hosts");
  #refs = refs(this.#root);
  #api;
  #dialogs;
  #user;

  /** `user` is the name of who sits here; only the owner can hand the game over, which `dialogs` asks first. */
  constructor(api, dialogs, user) {
    this.#api = api;
    this.#dialogs = dialogs;
    this.#user = user;
    this.#refs.add.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#change("cohost", { name: this.#refs.name.value, hosts: true });
    });
  }

  open() {
    this.#root.showModal();
  }

  show(state) {
    this.#list(state.me.hosts);
  }

  async #handOver(name) {
    const { title } = refs(document.getElementById("dialog-handover"));
    setText(title, interpolate(gettext("Hand the game over to %(name)s?"), { name }, true));
    if (await this.#dialogs.ask("handover")) this.#change("handover", { name });
  }

  async #change(call, body) {
    setText(this.#refs.problem, "");
    try {
      this.#list((await this.#api.act(call, body)).hosts);
      this.#refs.name.value = "";
    } catch (error) {
      const text = error instanceof ApiError ? error.message : gettext("That did not arrive. Please try again.");
      setText(this.#refs.problem, text);
    }
  }

  /** The owner comes first and stays. */
  #list(names) {
    const template = this.#root.querySelector("[data-cohost]");
    repeat(this.#refs.hosts, template, names, (name) => name, ({ who, remove, handover }, name, index) => {
      setText(who, name);
      remove.hidden = index === 0;
      remove.setAttribute("aria-label", interpolate(gettext("%(name)s: hosts no longer"), { name }, true));
      remove.onclick = () => this.#change("cohost", { name, hosts: false });
      handover.hidden = index === 0 || names[0] !== this.#user;
      handover.setAttribute("aria-label", interpolate(gettext("Hand the game over to %(name)s"), { name }, true));
      handover.onclick = () => this.#handOver(name);
    });
  }
}
