/** The countdown: a ring that empties on the server's clock, with the seconds inside. */

const URGENT_MS = 5_000;

export class Ring {
  #root;
  #hand;
  #seconds;
  #clock;
  #frame = null;
  #endsAt = 0;
  #total = 1;
  #onend = null;

  /** The ring in `root` (play/_ring.html); `clock` has until(moment). */
  constructor(root, clock) {
    this.#root = root.querySelector("[data-ring]");
    this.#hand = root.querySelector("[data-ring-hand]");
    this.#seconds = root.querySelector("[data-ring-seconds]");
    this.#clock = clock;
  }

  /** Counts down to `endsAt` (server's ms); full at `total` ms before. `onend` is called once, when it is empty. */
  run(endsAt, total, onend = null) {
    this.#root.hidden = false;
    this.#endsAt = endsAt;
    this.#total = total;
    this.#onend = onend;
    if (this.#frame === null) this.#tick();
  }

  stop() {
    cancelAnimationFrame(this.#frame);
    this.#frame = null;
  }

  hide() {
    this.stop();
    this.#root.hidden = true;
  }

  #tick() {
    const left = this.#clock.until(this.#endsAt);
    this.#draw(left);
    if (left > 0) this.#frame = requestAnimationFrame(() => this.#tick());
    else this.#end();
  }

  #draw(left) {
    const seconds = String(Math.ceil(left / 1000));
    if (this.#seconds.textContent !== seconds) this.#seconds.textContent = seconds;
    this.#root.classList.toggle("ring--urgent", left <= URGENT_MS && this.#total > URGENT_MS);
    this.#hand.style.strokeDashoffset = 1 - Math.min(1, left / this.#total);
  }

  #end() {
    this.#frame = null;
    this.#onend?.();
  }
}
