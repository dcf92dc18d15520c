/** Before, between and after the questions: how far one is, until when there is time, and the way on. */

import { refs, setShown, setText } from "../dom.js";
import { number, ordinal, points } from "../words.js";
import { moment } from "./dates.js";

export class Start {
  #refs;
  #hasLink = false;

  /** `go()` opens the next question, `link()` promises the address for another device. */
  constructor(root, go, link) {
    this.#refs = refs(root);
    this.#refs.go.addEventListener("click", go);
    this.#refs.elsewhere.addEventListener("toggle", () => this.#refs.elsewhere.open && this.#showLink(link));
    this.#refs.copy.addEventListener("click", () => this.#copy());
  }

  /** `view`: {state, trouble}. */
  show({ state, trouble }) {
    const { own } = state.me;
    setText(this.#refs.until, until(state));
    setText(this.#refs.far, far(own, state.total));
    setText(this.#refs.standing, standing(state));
    this.#refs.bar.style.setProperty("--share", own.done / state.total);
    setText(this.#refs.advice, advice(own));
    setText(this.#refs.go, own.opened ? gettext("Next question") : gettext("Start"));
    setShown(this.#refs.go, own.step === "next");
    setText(this.#refs.status, trouble);
    setShown(this.#refs.sheet, own.known && own.done > 0);
  }

  async #showLink(link) {
    if (this.#hasLink) return;
    this.#hasLink = true;
    try {
      this.#refs.link.value = await link();
    } catch {
      this.#hasLink = false;
      setText(this.#refs.status, gettext("That did not arrive. Please try again."));
    }
  }

  async #copy() {
    this.#refs.link.select();
    await navigator.clipboard?.writeText(this.#refs.link.value).catch(() => {});
    setText(this.#refs.copy, gettext("Copied"));
  }
}

function until({ total, phase_ends_at }) {
  const questions = ngettext("%(total)s question", "%(total)s questions", total);
  const values = { questions: interpolate(questions, { total: number(total) }, true), date: moment(phase_ends_at) };
  return interpolate(gettext("%(questions)s, open until %(date)s."), values, true);
}

function far({ done }, total) {
  if (!done) return gettext("Not begun yet");
  return interpolate(gettext("%(done)s of %(total)s done"), { done: number(done), total: number(total) }, true);
}

function standing({ me, players }) {
  if (!me.own.known || me.place === null) return "";
  const values = { points: points(me.points), place: ordinal(me.place), players: number(players) };
  return interpolate(gettext("%(points)s, %(place)s of %(players)s so far"), values, true);
}

function advice({ step, known, timed }) {
  if (step === "done" && known) return gettext("You are through. The final places come when the game has closed.");
  if (step === "done") return gettext("You are through. What was right, and the places, come when the game has closed.");
  if (!timed) return gettext("You can stop at any time and come back, here or with another device. Questions have no time limit.");
  return gettext("You can stop after any question and come back, here or with another device. The clock of a question starts when you open it, and does not stop.");
}
