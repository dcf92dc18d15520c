/**
 * Joins the parts of a game's page: the kept connection, the destination patterns, the store, the connection bar.
 */

import { sleep } from "../live/backoff.js";
import { Connection } from "../live/connection.js";
import { DestPatterns } from "../live/destpatterns.js";
import { Api, ApiError } from "./api.js";
import { Clock } from "./clock.js";
import { ConnectionBar } from "./connectionbar.js";
import { Store } from "./store.js";

/** Between two looks whether the clock has to be set, and between two questions to the server that set it. */
const LOOK_MS = 1_000;
const ASK_MS = 5_000;

/** Without live updates for longer, the page reads the state by itself so that the game goes on. */
const ALONE_AFTER_MS = 4_000;

/** All lines of a game may come back at once: within so long for each of its players a page reads what it missed. */
const RETURN_MS_A_PLAYER = 1;

export class Feed {
  clock = new Clock();
  api;
  store;
  #destpatterns;
  #page;
  #onup;
  #ondown;
  #bar;
  #connection;
  #alone = null;
  #lingering = null;
  #keeping = null;
  #askedAt = -ASK_MS;

  /**
   * `page` is the page's JSON; `announcer` says how the line is.
   *   own         the destination of this page alone: {id, destination, onevent}; onevent(event) sees an event first
   *   onchange    (state) after each change
   *   ongone      (error) when the server no longer shows us the game
   *   onup        () when the line is up
   *   ondown      () when it is not
   *   safe        () => a sentence about what is kept while the line is down
   */
  constructor(page, announcer, { own, onchange, ongone, onup = () => {}, ondown = () => {}, safe = () => "" }) {
    this.#page = page;
    this.#onup = onup;
    this.#ondown = ondown;
    this.#bar = new ConnectionBar(announcer, safe);
    this.#startClock(page.state);
    this.api = new Api(page.urls, this.clock);
    this.store = new Store(page.state, this.api, { onchange, ongone, onlate: (isLate) => this.#bar.late(isLate) });
    this.#destpatterns = this.#patterns(own.onevent);
    this.#connection = this.#connect(own);
  }

  start() {
    document.addEventListener("visibilitychange", () => document.hidden || this.store.hurry());
    this.#keeping = setInterval(() => this.#keepTime(), LOOK_MS);
    return this.#connection.start();
  }

  /** Sends `data` to one of the page's destinations if the line is up: for what may be lost. */
  send(destination, data) {
    return this.#alone === null && this.#connection.send(destination, data);
  }

  /** What the relay says of this page's line, for the server to make up for it; null while it is unknown. */
  get line() {
    return this.#connection.line;
  }

  /** The game is over, but a host may still correct it: hear of it for so long, unless the line breaks. */
  linger(ms) {
    if (this.#lingering) return;
    this.#lingering = setTimeout(() => this.stop(), ms);
    if (this.#alone !== null) this.stop();
  }

  /** For good: the game is over, or over for this page. */
  stop() {
    this.store.stop();
    clearInterval(this.#keeping);
    clearTimeout(this.#alone);
    clearTimeout(this.#lingering);
    this.#connection.stop();
    this.#bar.hide();
  }

  /** The page itself was the first exchange with the server. */
  #startClock(state) {
    const [load] = performance.getEntriesByType("navigation");
    this.clock.sample(load?.requestStart ?? 0, load?.responseEnd || performance.now(), state.server_time);
  }

  /** A player's answers set the clock too: who plays seldom has to ask. */
  #keepTime() {
    const now = performance.now();
    if (document.hidden || !this.clock.stale || now - this.#askedAt < ASK_MS) return;
    this.#askedAt = now;
    this.api.time().catch((error) => console.warn("time could not be read:", error));
  }

  #patterns(onown = () => {}) {
    const receive = (event) => this.store.receive(event);
    const receiveOwn = (event) => {
      onown(event);
      receive(event);
    };
    return new DestPatterns((frame) => console.warn("no pattern for", frame.headers.destination))
      .add("/games/{game}/status", receive)
      .add("/games/{game}/wall", receive)
      .add("/games/{game}/players", receive)
      .add("/games/{game}/host", receiveOwn)
      .add("/players/{player}", receiveOwn);
  }

  #connect(own) {
    const { game } = this.#page.state;
    return new Connection({
      relay: this.#page.relay,
      broker: this.#page.broker,
      ticket: this.#page.ticket,
      renew: () => this.#renew(),
      subscriptions: { status: this.#page.status, players: `/games/${game}/players`, [own.id]: own.destination },
      onmessage: (frame) => this.#destpatterns.dispatch(frame),
      onchange: (change) => this.#changed(change),
    });
  }

  async #renew() {
    try {
      return await this.api.ticket();
    } catch (error) {
      if (error instanceof ApiError && !error.passing) this.store.refresh();
      throw error;
    }
  }

  #changed(change) {
    if (this.#lingering && change.name !== "up") return this.stop();
    this.#bar.show(change);
    if (change.name === "up") return this.#together();
    this.#ondown();
    this.#alone ??= setTimeout(() => this.store.poll(true), ALONE_AFTER_MS);
    return undefined;
  }

  #together() {
    clearTimeout(this.#alone);
    this.#alone = null;
    this.store.poll(false);
    sleep(Math.random() * RETURN_MS_A_PLAYER * this.store.state.players).then(() => this.store.hurry());
    this.#onup();
  }
}
