/** The time that is left, said at few moments: a screen reader that counted along would say nothing else. */

/** In milliseconds before the end; half of the time comes before them where it is more. */
const LATE_CALLS_MS = [10_000, 5_000];

/** The moments to speak at, in milliseconds before the end, for a question of `total`. */
export function moments(total) {
  const half = total / 2;
  const late = LATE_CALLS_MS.filter((left) => left < half);
  return [half, ...late];
}

export class TimeCalls {
  #clock;
  #announcer;
  #endsAt = null;
  #timers = [];

  /** `clock` has until(moment). */
  constructor(clock, announcer) {
    this.#clock = clock;
    this.#announcer = announcer;
  }

  /** Speaks until `endsAt` (server's ms) and then, of a question that is open for `total` ms; null is silence. */
  watch(endsAt, total) {
    if (endsAt === this.#endsAt) return;
    this.#endsAt = endsAt;
    this.#timers.forEach(clearTimeout);
    this.#timers = endsAt === null ? [] : [...moments(total), 0].flatMap((left) => this.#at(left));
  }

  #at(left) {
    const wait = this.#clock.until(this.#endsAt) - left;
    return wait > 0 ? [setTimeout(() => this.#announcer.say(secondsLeft(left)), wait)] : [];
  }
}

/** "18 seconds left.", and what comes when none is. */
export function secondsLeft(ms) {
  const seconds = Math.ceil(ms / 1000);
  if (seconds <= 0) return gettext("Time is up. The result comes in a moment.");
  return interpolate(ngettext("%(seconds)s second left.", "%(seconds)s seconds left.", seconds), { seconds }, true);
}
