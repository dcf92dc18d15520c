/** Waiting without doubt: you are in, so many others are too. From here one leaves, or asks the host for more time. */

import { refs, setText } from "../dom.js";
import { players } from "../words.js";
import { TeamChoice } from "./teamchoice.js";

export class Lobby {
  #refs;
  #teams;
  #state = null;

  /** `ask(wanted)` tells the host alone, `leave()` gives the place up; `choose(team)` asks the server for another team, if `free`. */
  constructor(root, { ask, leave, choose, free }) {
    this.#refs = refs(root);
    this.#teams = new TeamChoice(root, choose, free);
    this.#refs.ask.addEventListener("click", () => ask(!this.#state.me.asks_for_time));
    this.#refs.leave.addEventListener("click", () => leave());
  }

  show({ state }) {
    this.#state = state;
    setText(this.#refs.players, players(state.players));
    this.#teams.show(state);
    this.#refs.ask.setAttribute("aria-pressed", state.me.asks_for_time);
    setText(this.#refs.asked, asked(state.me));
  }
}

function asked({ allowance, asks_for_time }) {
  if (asks_for_time) return gettext("The host knows. Nobody else sees it.");
  return allowance === 100 ? gettext("Only the host sees that you ask.") : gettext("The host has given you more time. Nobody else sees it.");
}
