/** A crowded door: counts the seconds down and knocks again by itself with the name that was typed. */

import { setText } from "./dom.js";

const notice = document.querySelector("[data-retry-ms]");
const due = performance.now() + Number(notice.dataset.retryMs);

function tick() {
  const seconds = Math.ceil((due - performance.now()) / 1000);
  if (seconds <= 0) return notice.closest("form").requestSubmit();
  const text = gettext("Many people are coming in. This page tries again in %(seconds)s s.");
  setText(notice, interpolate(text, { seconds }, true));
  return setTimeout(tick, 1000);
}

tick();
