/**
 * Brings one answer to the server exactly once: its id is made here and kept with it until it is acknowledged, so that
 * a lost line or a reload sends the same answer again and the server knows it.
 *
 * It goes over the page's line, which is open already and where its arrival is noted before any queue; and over HTTP
 * when the line is down, refuses it, or brings no word in time. Whichever comes first is stored, the other is the same.
 */

import { ApiError } from "./api.js";
import { uuid } from "./uuid.js";
import { delay, sleep } from "../live/backoff.js";

/** What can be mended: another answer to the same question may be taken. */
const MENDABLE = "bad-choice";

/** Waits of one second and two, then always two: a question is short. */
const TRIES_THAT_DOUBLE = 1;

export class Answering {
  /** {answer_id, question, choice: [ids]} while an answer is on its way, else null. */
  pending = null;
  #key;
  #options;
  #hurry = () => {};

  /**
   * options: api; game (its id); line() => what is known of the line, or null; storage (sessionStorage);
   * send(answer) => whether it went over the line; patience() => how long to wait for a word on it then, in ms;
   * onreceived(receipt) when the row is stored; onrefused(question, error) when the server will not have it;
   * wait(ms) => promise.
   */
  constructor(options) {
    const none = { line: () => null, send: () => false, patience: () => 0 };
    this.#options = { storage: sessionStorage, wait: sleep, ...none, ...options };
    this.#key = `orbit-quiz.answer.${options.game}`;
    this.pending = JSON.parse(this.#options.storage.getItem(this.#key));
  }

  /** One answer for a vote on a question: a second call for it changes nothing; one still under way for another is over. */
  give(question, choice, round) {
    if (this.pending?.question === question && this.pending.round === round) return;
    this.pending = { answer_id: uuid(), question, round, choice };
    this.#options.storage.setItem(this.#key, JSON.stringify(this.pending));
    this.#deliver(this.pending);
  }

  /** After a reload: sends what was left unacknowledged, or drops it when its question is over. */
  resume(state) {
    if (!this.pending) return;
    const { question, round } = this.pending;
    const current = question === state.question?.id && round === state.question.round && !state.me.answer;
    if (current) this.#deliver(this.pending);
    else this.#forget();
  }

  /** What came over the line about an answer; whoever keeps the state has it too. */
  told({ type, data }) {
    const { answer_id, question, round } = this.pending ?? {};
    const same = data.answer_id === answer_id || (data.question === question && data.round === round);
    if (type === "answer.received" && same) this.#forget();
    if (type === "answer.received" || type === "answer.refused") this.hurry();
  }

  /** The line is down, or has said what it had to say: no reason to wait for it. */
  hurry() {
    this.#hurry();
  }

  /** Tries until the server has said yes or no, or another answer has taken this one's place. */
  async #deliver(answer) {
    await this.#sendOverLine(answer);
    for (let tries = 0; this.pending === answer; tries++) {
      const reply = await this.#try(answer);
      if (reply && this.pending === answer) return this.#settle(reply);
      await this.#options.wait(delay(Math.min(tries, TRIES_THAT_DOUBLE)));
    }
    return undefined;
  }

  /** Ends when there is word of it, or no hope of one. A refusal is heard again over HTTP, in the page's language. */
  async #sendOverLine(answer) {
    const { send, patience, wait } = this.#options;
    const ms = patience();
    if (ms <= 0 || !send(this.#body(answer))) return;
    const word = new Promise((resolve) => (this.#hurry = resolve));
    await Promise.race([word, wait(ms)]);
  }

  #body(answer) {
    return { ...answer, line: this.#options.line() ?? undefined };
  }

  /** {receipt} or {refused}; null when nothing certain came back. */
  async #try(answer) {
    try {
      return { receipt: await this.#options.api.answer(this.#body(answer)) };
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

/** What is known of an answer that the server would not have: {question, text, isFinal}. */
export function refused(question, { message, code }) {
  return { question, text: message, isFinal: code !== MENDABLE };
}
