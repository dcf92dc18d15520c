/** A number that is typed and sent; at the reveal all guesses on a line, and where the right one is. */

import { repeat, setShown, setText, View } from "../dom.js";
import { read, written } from "../figures.js";
import { Typing } from "../typing.js";
import { number } from "../words.js";

/** Of the guesses at either end, the part that does not decide what is on the line: somebody always types 999999999. */
const TAIL = 0.1;

/** So many times as far apart as the others are may a guess lie outside of them and still be on the line. */
const REACH = 2;

/** Of the line, on either side of what has to be on it. */
const MARGIN = 0.06;

/** Keys that numbers begin with. */
const BEGINS = /^[-0-9.,]$/;

/** An answer in words. */
export function spelled(question, choice) {
  return inUnits(choice, question.view.unit);
}

export class Ask extends Typing {
  constructor(root, { changed }) {
    super(root, BEGINS);
    this.refs.answer.addEventListener("input", () => this.#typed(changed));
    this.refs.sign.addEventListener("click", () => this.#changeSign(changed));
  }

  get choice() {
    return read(this.refs.answer.value);
  }

  hint(phase) {
    return phase === "reading" ? gettext("You can type your number in a moment.") : gettext("Type a number, then send.");
  }

  show({ question, isOpen, given }) {
    const { answer, sign, unit } = this.refs;
    setText(unit, question.view.unit ?? "");
    sign.setAttribute("aria-disabled", !isOpen);
    if (given !== null && given !== this.choice) answer.value = written(given);
    this.#showMeaning();
    this.open(question, isOpen);
  }

  #typed(changed) {
    this.#showMeaning();
    changed();
  }

  /** Phones whose keyboard for numbers has no minus. */
  #changeSign(changed) {
    const { answer } = this.refs;
    if (answer.readOnly) return;
    answer.value = /^\s*[-−]/.test(answer.value) ? answer.value.replace(/[-−]/, "") : `-${answer.value}`;
    this.#typed(changed);
    answer.focus();
  }

  #showMeaning() {
    const { answer, meaning, unit } = this.refs;
    const { choice } = this;
    const isNone = choice === null && /[^\s+−-]/.test(answer.value);
    const says = choice === null ? "" : `= ${inUnits(choice, unit.textContent)}`;
    setText(meaning, isNone ? gettext("Only digits, at most 15, and no unit.") : says);
    answer.setAttribute("aria-invalid", isNone);
  }
}

export class Told extends View {
  show({ state }) {
    const own = state.me.answer?.choice ?? null;
    const { unit } = state.question.view;
    setText(this.refs.right, solved(state.reveal.right, unit));
    setText(this.refs.own, own === null ? "" : inUnits(own, unit));
    setShown(this.refs.given, own !== null);
    showGuesses(this, state, own);
  }
}

export class Stage extends View {
  note(phase, { view }) {
    if (phase === "reading") return gettext("Numbers can be typed in a moment.");
    return view.unit ? interpolate(gettext("Type a number (%(unit)s)."), { unit: view.unit }, true) : gettext("Type a number.");
  }

  show({ state }) {
    const revealed = state.phase === "reveal";
    setShown(this.refs.told, revealed);
    if (!revealed) return;
    setText(this.refs.right, solved(state.reveal.right, state.question.view.unit));
    showGuesses(this, state, null);
  }
}

function inUnits(value, unit) {
  return unit ? `${written(value)} ${unit}` : written(value);
}

/** "1822 ± 5 km", "200 km ± 10 %". */
function solved({ value, tolerance, percent }, unit) {
  if (tolerance === 0) return inUnits(value, unit);
  if (percent) return `${inUnits(value, unit)} ±\u00a0${written(tolerance)}\u00a0%`;
  return `${written(value)} ± ${inUnits(tolerance, unit)}`;
}

/** The guesses as columns on a line, and as a list of words for who does not see it. */
function showGuesses(view, { reveal }, own) {
  const guesses = Object.entries(reveal.counts).map(guessOf).sort((a, b) => a.middle - b.middle);
  const right = span(reveal.right);
  const at = scale(guesses, right);
  showColumns(view, guesses, at, right);
  showMarks(view.refs, at, { ...right, value: reveal.right.value, own });
  const { low, high } = view.refs;
  setText(low, guesses.some(({ from }) => from < at.low) ? `≤ ${written(at.low)}` : written(at.low));
  setText(high, guesses.some(({ to }) => to > at.high) ? `≥ ${written(at.high)}` : written(at.high));
}

function showColumns({ root, refs: { line, list } }, guesses, at, right) {
  const most = Math.max(1, ...guesses.map(({ count }) => count));
  repeat(line, root.querySelector("[data-column]"), guesses, ({ key }) => key, (parts, guess, index, element) => {
    element.style.setProperty("--at", at(guess.from));
    element.style.setProperty("--to", at(guess.to));
    element.style.setProperty("--share", guess.count / most);
    element.classList.toggle("guess--one", !Number.isFinite(guess.to - guess.from) || !guess.isBin);
    element.classList.toggle("guess--right", guess.from >= right.from && guess.to <= right.to);
  });
  repeat(list, root.querySelector("[data-guess]"), guesses, ({ key }) => key, (parts, guess) => {
    setText(parts.text, `${wordsOf(guess)}: ${number(guess.count)}`);
  });
}

/** Where the right number is, how far it reaches, and on a phone the own one (null for none). */
function showMarks({ target, band, mine }, at, { value, from, to, own }) {
  target.style.setProperty("--at", at(value));
  band.style.setProperty("--at", at(from));
  band.style.setProperty("--to", at(to));
  if (!mine) return;
  setShown(mine, own !== null);
  mine.style.setProperty("--at", at(own ?? 0));
}

/** One of the counts: "1822", "1820..1830" (without its end), "..1800" or "1900..". */
function guessOf([key, count]) {
  const ends = key.split("..");
  const [from, to] = ends.map((end) => (end === "" ? null : Number(end)));
  const isBin = ends.length === 2;
  const known = [from, to].filter((end) => typeof end === "number");
  const middle = known.reduce((a, b) => a + b, 0) / known.length;
  return { key, count, isBin, from: from ?? -Infinity, to: isBin ? (to ?? Infinity) : from, middle };
}

function wordsOf({ isBin, from, to }) {
  if (!isBin) return written(from);
  const ends = { from: written(from), to: written(to) };
  if (from === -Infinity) return interpolate(gettext("less than %(to)s"), ends, true);
  if (to === Infinity) return interpolate(gettext("%(from)s or more"), ends, true);
  return interpolate(gettext("%(from)s to %(to)s"), ends, true);
}

function span({ value, tolerance, percent }) {
  const margin = percent ? (Math.abs(value) * tolerance) / 100 : tolerance;
  return { from: value - margin, to: value + margin };
}

/** From a number to its place on the line, 0 to 1; `low` and `high` are the ends, beyond which all stands at them. */
function scale(guesses, right) {
  const seen = guesses.filter(({ from, to }) => Number.isFinite(from) && Number.isFinite(to));
  const [low, high] = inner(seen);
  const ends = [Math.min(low ?? right.from, right.from), Math.max(high ?? right.to, right.to)];
  const pad = (ends[1] - ends[0]) * MARGIN || Math.max(1, Math.abs(ends[0]) * MARGIN);
  const [first, last] = [rounded(ends[0] - pad, pad), rounded(ends[1] + pad, pad)];
  const at = (value) => Math.min(1, Math.max(0, (value - first) / (last - first)));
  return Object.assign(at, { low: first, high: last });
}

/** Between which numbers the guesses lie, but for those far out. */
function inner(guesses) {
  if (guesses.length === 0) return [];
  const total = guesses.reduce((sum, { count }) => sum + count, 0);
  const quantile = (part) => {
    let left = part * total;
    return (guesses.find(({ count }) => (left -= count) < 0) ?? guesses.at(-1)).middle;
  };
  const [low, high] = [quantile(TAIL), quantile(1 - TAIL)];
  const reach = REACH * (high - low) || Infinity;
  const kept = guesses.filter(({ middle }) => middle >= low - reach && middle <= high + reach);
  return [kept[0].from, kept.at(-1).to];
}

/** To the digits that a step of that size shows. */
function rounded(value, step) {
  const digit = 10 ** Math.floor(Math.log10(step));
  return Number((Math.round(value / digit) * digit).toPrecision(12));
}
