/**
 * Signs of life: while somebody can see the page it says so at once and every ten seconds, and when it is left, that too.
 */

const BEAT_MS = 10_000;

export class Presence {
  #say;
  #leave;
  #timer = null;

  /** `say()` tells the server that somebody looks, `leave()` that the page goes; both must cope with a lost line. */
  constructor(say, leave = () => {}) {
    this.#say = say;
    this.#leave = leave;
  }

  start() {
    document.addEventListener("visibilitychange", () => this.beat());
    addEventListener("pageshow", () => this.beat());
    addEventListener("pagehide", () => this.#timer !== null && this.#leave());
    this.#timer = setInterval(() => this.beat(), BEAT_MS);
    this.beat();
  }

  /** Once, out of turn: after the line has come back. */
  beat() {
    if (this.#timer !== null && !document.hidden) this.#say();
  }

  /** For good. */
  stop() {
    clearInterval(this.#timer);
    this.#timer = null;
  }
}
