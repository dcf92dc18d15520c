/**
 * Keeps a page's state right: applies events in order, reads what it missed, and reads the whole state now and then
 * while nothing comes in by itself.
 */

import { ApiError } from "./api.js";
import { adopt, apply, needs, Need } from "./game.js";
import { delay, sleep } from "../live/backoff.js";

/** While live updates are away; with a random fifth on top, so that phones do not ask in step. */
const POLL_MS = 3_000;

export class Store {
  state;
  #api;
  #onchange;
  #ongone;
  #onlate;
  #wait;
  #reading = null;
  #hurry = () => {};
  #stopped = false;
  #heard = []; // events with seq 0, since the snapshot was asked for or the last event with another came
  #poll = null;

  /**
   * `onchange(state)` is called after each change, `ongone(error)` when the server refuses to show the game,
   * `onlate(isLate)` when the state could not be read and is tried for again, and when that is over; `wait(ms)` is a
   * promise.
   */
  constructor(state, api, { onchange, ongone, onlate = () => {}, wait = sleep }) {
    this.state = state;
    this.#api = api;
    this.#onchange = onchange;
    this.#ongone = ongone;
    this.#onlate = onlate;
    this.#wait = wait;
  }

  /** Takes one envelope from a destination of this game. */
  async receive(event) {
    if (event.seq > 0) this.#heard = [];
    else if (this.#reading) this.#heard.push(event);
    const need = needs(this.state, event);
    if (need === Need.STATE) return this.refresh();
    if (need === Need.EVENTS) return this.#catchUp();
    return this.#become(apply(this.state, event));
  }

  /** Reads the snapshot, again and again until the server gives or refuses it; calls meanwhile share that. */
  refresh() {
    this.#reading ??= this.#read().finally(() => (this.#reading = null));
    return this.#reading;
  }

  /** Something is better than it was: no reason to sit out the wait for the next try. */
  hurry() {
    this.#hurry();
    return this.refresh();
  }

  /** For good: what is asked for is tried once. */
  stop() {
    this.#stopped = true;
    this.poll(false);
    this.#hurry();
  }

  /** Takes a snapshot that the server gave. */
  take(snapshot) {
    this.#become(adopt(this.state, snapshot, this.#heard));
  }

  /** Starts or stops reading the state by itself. */
  poll(wanted) {
    clearTimeout(this.#poll);
    this.#poll = null;
    if (wanted) this.#poll = setTimeout(() => this.#pollOnce(), POLL_MS * (1 + Math.random() / 5));
  }

  async #pollOnce() {
    await this.refresh();
    if (this.#poll) this.poll(true);
  }

  async #read() {
    let tries = 0;
    while (!(await this.#tryToRead()) && (await this.#goesOnAfter(delay(tries)))) tries++;
    this.#onlate(false);
  }

  async #goesOnAfter(ms) {
    if (this.#stopped) return false;
    this.#onlate(true);
    await Promise.race([this.#wait(ms), new Promise((resolve) => (this.#hurry = resolve))]);
    return !this.#stopped;
  }

  /** Whether the server had its say. */
  async #tryToRead() {
    this.#heard = [];
    try {
      this.take(await this.#api.state());
    } catch (error) {
      console.warn("state could not be read:", error);
      if (!(error instanceof ApiError) || error.passing) return false;
      this.#ongone(error);
    }
    return true;
  }

  async #catchUp() {
    try {
      const events = await this.#api.eventsAfter(this.state.seq);
      this.#become(events.reduce(apply, this.state));
    } catch (error) {
      console.warn("events could not be read:", error);
      await this.refresh();
    }
  }

  #become(state) {
    if (state === this.state) return;
    this.state = state;
    this.#onchange(state);
  }
}
