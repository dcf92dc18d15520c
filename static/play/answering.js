/**
 * Brings one answer to the server exactly once: its id is made here and kept with it until it is acknowledged, so that
 * a lost line or a reload sends the same answer again and the server knows it.
 */

import { ApiError } from "./api.js";
import { uuid } from "./uuid.js";
import { delay } from "../live/backoff.js";

export class Answering {
  /** {answer_id, question, choice: [ids]} while an answer is on its way, else null. */
  pending = null;
  #key;
  #options;

  /**
   * options: api; game (its id); storage (sessionStorage); onreceived(receipt) when the row is stored;
   * onrefused(error) when the server will not have it; wait(ms) => promise.
   */
  constructor(options) {
    this.#options = { storage: sessionStorage, wait: sleep, ...options };
    this.#key = `orbit-quiz.answer.${options.game}`;
    this.pending = JSON.parse(this.#options.storage.getItem(this.#key));
  }

  /** One answer for a question; a second call for the same one changes nothing. */
  give(question, choice) {
    if (this.pending) return;
    this.pending = { answer_id: uuid(), question, choice };
    this.#options.storage.setItem(this.#key, JSON.stringify(this.pending));
    this.#deliver();
  }

  /** After a reload: sends what was left unacknowledged, or drops it when its question is over. */
  resume(state) {
    if (!this.pending) return;
    const current = this.pending.question === state.question?.id && !state.me.answer;
    if (current) this.#deliver();
    else this.#forget();
  }

  async #deliver() {
    for (let tries = 0; this.pending; tries++) {
      try {
        return this.#received(await this.#options.api.answer(this.pending));
      } catch (error) {
        if (error instanceof ApiError && !error.passing) return this.#judged(error);
      }
      await this.#options.wait(delay(tries) / 2);
    }
  }

  #judged(error) {
    if (error.body.answer) return this.#received(error.body.answer);
    this.#forget();
    this.#options.onrefused(error);
  }

  #received(receipt) {
    this.#forget();
    this.#options.onreceived(receipt);
  }

  #forget() {
    this.pending = null;
    this.#options.storage.removeItem(this.#key);
  }
}

function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
