/** The closing date in an author's form: written in the author's time zone, sent in milliseconds. */

import { setText } from "../dom.js";
import { fromLocalValue, localValue, zone } from "./dates.js";

const WEEK_MS = 7 * 24 * 3600 * 1000;

for (const field of document.querySelectorAll("[data-closing]")) {
  const written = field.querySelector("[data-closing-local]");
  const sent = field.querySelector("[data-closing-at]");
  const note = () => (sent.value = fromLocalValue(written.value) || "");
  written.value = localValue(Date.now() + WEEK_MS);
  note();
  written.addEventListener("input", note);
  const text = gettext("Your time zone: %(zone)s");
  setText(field.querySelector("[data-closing-zone]"), interpolate(text, { zone: zone() }, true));
}
