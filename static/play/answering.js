/**
 * Brings one answer to the server exactly once: its id is made here and kept with it until it is acknowledged, so that
 * a lost line or a reload sends the same answer again and the server knows it.
 */

import { ApiError } from "./api.js";
import { uuid } from "./uuid.js";
import { delay } from "../live/backoff.js";

/** Waits of one second and two, then always two: a question is short. */
const TRIES_THAT_DOUBLE = 1;

export class Answering {
  /** {answer_id, question, choice: [ids]} while an answer is on its way, else null. */
  pending = null;
  #key;
  #options;

  /**
   * options: api; game (its id); line() => what is known of the line, or null; storage (sessionStorage);
   * onreceived(receipt) when the row is stored; onrefused(question, error) when the server will not have it;
   * wait(ms) => promise.
   */
  constructor(options) {
    this.#options = { storage: sessionStorage, wait: sleep, line: () => null, ...options };
    this.#key = `orbit-quiz.answer.${options.game}`;
    this.pending = JSON.parse(this.#options.storage.getItem(this.#key));
  }

  /** One answer for a question: a second call for it changes nothing; one that is still under way for another is over. */
  give(question, choice) {
    if (this.pending?.question === question) return;
    this.pending = { answer_id: uuid(), question, choice };
    this.#options.storage.setItem(this.#key, JSON.stringify(this.pending));
    this.#deliver(this.pending);
  }

  /** After a reload: sends what was left unacknowledged, or drops it when its question is over. */
  resume(state) {
    if (!this.pending) return;
    const current = this.pending.question === state.question?.id && !state.me.answer;
    if (current) this.#deliver(this.pending);
    else this.#forget();
  }

  /** Tries until the server has said yes or no, or another answer has taken this one's place. */
  async #deliver(answer) {
    for (let tries = 0; this.pending === answer; tries++) {
      const reply = await this.#try(answer);
      if (reply && this.pending === answer) return this.#settle(reply);
      await this.#options.wait(delay(Math.min(tries, TRIES_THAT_DOUBLE)));
    }
    return undefined;
  }

  /** {receipt} or {refused}; null when nothing certain came back. */
  async #try(answer) {
    try {
      return { receipt: await this.#options.api.answer({ ...answer, line: this.#options.line() ?? undefined }) };
    } catch (error) {
      if (!(error instanceof ApiError) || error.passing) return null;
      return error.body.answer ? { receipt: error.body.answer } : { refused: error };
    }
  }

  #settle({ receipt, refused }) {
    const { question } = this.pending;
    this.#forget();
    if (receipt) this.#options.onreceived(receipt);
    else this.#options.onrefused(question, refused);
  }

  #forget() {
    this.pending = null;
    this.#options.storage.removeItem(this.#key);
  }
}

function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
