/**
 * The server's clock, as near as this page can know it. Pure: the local times are given, in milliseconds.
 *
 * An answer that left the server at `server`, to a question sent at `sent` and answered at `received` on the local
 * monotonic clock, says that the offset (server - local) lies between server - received and server - sent. Each new
 * sample narrows that interval, so the shown time settles and never swings with one slow answer. What is known gets less
 * certain with time, since clocks drift, so that new samples lead an old one on. A sample that contradicts the interval
 * starts it anew.
 *
 * A device that sleeps may stop its monotonic clock, but not the one on the wall: when that leaps, we have slept, or somebody
 * has set it. Which of the two only a sample can tell, so one is wanted at once, and until then nothing moves: a question
 * that seems open for too long does less harm than one that seems over.
 */

/** Milliseconds of certainty that a sample loses in each of its age: five times what a bad quartz drifts. */
const FADING = 0.001;
/** A sample is good for so long. */
const FRESH_MS = 60_000;
/** The first ones are taken soon: with one alone a single slow answer would be half its delay wrong. */
const FIRST = 3;
/** The two local clocks part by less in a moment that was not slept through. */
const LEAP_MS = 250;

export class Clock {
  #low = -Infinity;
  #high = Infinity;
  #asOf = 0;
  #samples = 0;
  #doubted = false;
  #leaptAt = -Infinity;
  #ahead;
  #local;
  #wall;

  /** `local()` is a monotonic clock, which may stop in sleep; `wall()` one that does not, and may be set. */
  constructor(local = () => performance.now(), wall = () => Date.now()) {
    this.#local = local;
    this.#wall = wall;
    this.#ahead = wall() - local();
  }

  /** One exchange with the server: two local times and the server's. */
  sample(sent, received, server) {
    this.#look();
    if (sent <= this.#leaptAt) return; // slept in between, perhaps
    const faded = FADING * Math.max(0, received - this.#asOf);
    const low = Math.max(this.#low - faded, server - received);
    const high = Math.min(this.#high + faded, server - sent);
    const agrees = low <= high && !this.#doubted;
    this.#low = agrees ? low : server - received;
    this.#high = agrees ? high : server - sent;
    this.#asOf = received;
    this.#samples += 1;
    this.#doubted = false;
  }

  /** Milliseconds between the server's epoch clock and the local one. */
  get offset() {
    return (this.#low + this.#high) / 2;
  }

  /** Is a sample wanted? */
  get stale() {
    const local = this.#look();
    return this.#doubted || this.#samples < FIRST || local - this.#asOf > FRESH_MS;
  }

  /** Now on the server's clock, milliseconds since the epoch. */
  now() {
    return this.#look() + this.offset;
  }

  /** Milliseconds until a moment of the server's clock, never below zero. */
  until(moment) {
    return Math.max(0, moment - this.now());
  }

  /** The local time, after a look whether we have slept since the last one. */
  #look() {
    const local = this.#local();
    const ahead = this.#wall() - local;
    const leap = ahead - this.#ahead;
    this.#ahead = ahead;
    if (Math.abs(leap) > LEAP_MS) {
      this.#doubted = true;
      this.#leaptAt = local;
    }
    return local;
  }
}
