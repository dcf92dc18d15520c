/**
 * The lobby's practice question: its answer goes the way of all answers and comes back at once. It shows how to
 * answer, and how long an answer takes from here. Nothing of it is kept.
 */

import { refs, setText } from "../dom.js";
import { uuid } from "../uuid.js";
import { number } from "../words.js";
import { sleep } from "../../live/backoff.js";

/** Without a word over the line for so long, it is tried over HTTP. */
const PATIENCE_MS = 3_000;

export class Practice {
  #refs;
  #options;
  #send;
  #call;
  #announcer;
  #given = null; // {name, at, right}: the try that is under way

  /** `send(data)` says whether it went over the line, `call(data)` is the same over HTTP. */
  constructor(root, { send, call, announcer }) {
    this.#refs = refs(root);
    this.#options = [...root.querySelectorAll("[data-practice-option]")];
    this.#send = send;
    this.#call = call;
    this.#announcer = announcer;
    for (const option of this.#options) option.addEventListener("click", () => this.#give(option));
  }

  /** What came over the line. */
  told({ type, data }) {
    if (type === "practice.received" && data.practice === this.#given?.name) this.#received();
  }

  async #give(option) {
    if (this.#given) return;
    const given = { name: uuid(), at: performance.now(), right: option.dataset.practiceOption === "right" };
    this.#given = given;
    this.#mark(option);
    this.#say(gettext("Sending…"));
    if (this.#send({ practice: given.name })) await sleep(PATIENCE_MS);
    if (this.#given === given) await this.#callInstead(given);
  }

  async #callInstead(given) {
    try {
      await this.#call({ practice: given.name });
      if (this.#given === given) this.#received();
    } catch (error) {
      console.warn("practice:", error);
      if (this.#given !== given) return;
      this.#given = null;
      this.#mark(null);
      this.#say(gettext("That did not arrive. Please try again."));
    }
  }

  #received() {
    const { at, right } = this.#given;
    const text = right
      ? gettext("Right! Your answer took %(ms)s ms. In the game the result comes when the question closes.")
      : gettext("Your answer took %(ms)s ms. It was not the right one, which costs nothing here.");
    this.#given = null;
    this.#mark(null);
    this.#say(interpolate(text, { ms: number(Math.round(performance.now() - at)) }, true));
  }

  #mark(chosen) {
    for (const option of this.#options) {
      option.setAttribute("aria-pressed", option === chosen);
      option.setAttribute("aria-disabled", chosen !== null);
    }
  }

  #say(text) {
    setText(this.#refs.practised, text);
    this.#announcer.say(text);
  }
}
