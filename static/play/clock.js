/**
 * The server's clock, as near as this page can know it. Pure: the local time is given.
 *
 * An answer that left the server at `server`, to a question sent at `sent` and answered at `received` on the local
 * monotonic clock, says that the offset (server - local) lies between server - received and server - sent. Each new
 * sample narrows that interval, so the shown time settles and never swings with one slow answer. A sample that
 * contradicts the interval (the device slept, its clock drifted) starts it anew.
 */

export class Clock {
  #low = -Infinity;
  #high = Infinity;
  #local;

  /** `local()` is a monotonic clock in milliseconds. */
  constructor(local = () => performance.now()) {
    this.#local = local;
  }

  /** One exchange with the server, all in milliseconds: two local times and the server's. */
  sample(sent, received, server) {
    const low = Math.max(this.#low, server - received);
    const high = Math.min(this.#high, server - sent);
    const agrees = low <= high;
    this.#low = agrees ? low : server - received;
    this.#high = agrees ? high : server - sent;
  }

  /** Milliseconds between the server's epoch clock and the local one. */
  get offset() {
    return (this.#low + this.#high) / 2;
  }

  /** Now on the server's clock, milliseconds since the epoch. */
  now() {
    return this.#local() + this.offset;
  }

  /** Milliseconds until a moment of the server's clock, never below zero. */
  until(moment) {
    return Math.max(0, moment - this.now());
  }
}
