/** What is said when a screen comes. Its heading takes the focus and is read by that; what is marked data-said follows. */

import { secondsLeft } from "./timecalls.js";

/** The sentence for the live region; `clock` has until(moment). */
export function spoken(clock, { phase, me }) {
  if (phase === "open" && (me.answer || me.out_at !== null)) return "";
  const marked = document.querySelectorAll("[data-screen]:not([hidden]) [data-said]:not([hidden], .question__hint--past)");
  const texts = Array.from(marked, (element) => element.textContent.trim());
  if (phase === "open") texts.push(timeFor(clock, me.ends_at));
  return sentences(texts);
}

/** Texts that stand below each other, as they are spoken: each ends before the next begins. */
export function sentences(texts) {
  return texts.filter(Boolean).map((text) => (/[.!?…]$/.test(text) ? text : `${text}.`)).join(" ");
}

function timeFor(clock, end) {
  return end === null ? gettext("You have as long as you need.") : secondsLeft(clock.until(end));
}
