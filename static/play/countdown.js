/** Three, two, one: the same for players and host. */

import { refs, setText } from "./dom.js";
import { Ring } from "./ring.js";
import { number } from "./words.js";

export class Countdown {
  #refs;
  #ring;

  constructor(root, clock) {
    this.#refs = refs(root);
    this.#ring = new Ring(root, clock);
  }

  show({ state }) {
    const text = ngettext("%(total)s question", "%(total)s questions", state.total);
    setText(this.#refs.total, interpolate(text, { total: number(state.total) }, true));
    this.#ring.run(state.phase_ends_at, state.phase_ends_at - state.phase_started_at);
  }

  hide() {
    this.#ring.stop();
  }
}
