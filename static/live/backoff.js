/**
 * How long to wait before the next try: doubling from FIRST_MS to LAST_MS, and a random half of it, so that a
 * thousand pages that lost the same relay do not come back in the same second.
 */

const FIRST_MS = 1_000;
const LAST_MS = 15_000;

/** `tries` counts the failures in a row from 0; `random` is in [0, 1). Milliseconds. */
export function delay(tries, random = Math.random()) {
  const whole = Math.min(LAST_MS, FIRST_MS * 2 ** tries);
  return Math.round(whole * (0.5 + random / 2));
}

export function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
