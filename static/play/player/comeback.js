/** Somebody who was removed: the host may take that back, so the page asks for a while whether it has. */

import { sleep } from "../../live/backoff.js";

/** Between two questions; each is half as long again, and a random fifth on top keeps phones out of step. */
const FIRST_WAIT_MS = 5_000;
const LONGER = 1.5;

/** About twenty minutes: a host who has not thought better of it by then will not. */
const TRIES = 12;

/** Calls `look()` until it succeeds, then `done()`; `wait(ms)` is a promise. */
export async function comeBack(look, done, wait = sleep) {
  for (let tries = 0; tries < TRIES; tries++) {
    await wait(FIRST_WAIT_MS * LONGER ** tries * (1 + Math.random() / 5));
    const isBack = await look().then(
      () => true,
      () => false,
    );
    if (isBack) return done();
  }
  return undefined;
}
