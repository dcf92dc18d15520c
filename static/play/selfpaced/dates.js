/** Dates as the reader's clock shows them, with the zone named. */

const language = document.documentElement.lang || "en";
const written = new Intl.DateTimeFormat(language, {
  weekday: "long",
  day: "numeric",
  month: "long",
  hour: "numeric",
  minute: "2-digit",
  timeZoneName: "short",
});

/** "Friday, 28 November at 18:00 CET" of milliseconds since the epoch. */
export function moment(at) {
  return written.format(at);
}

/** The reader's time zone, as "Europe/Rome". */
export function zone() {
  return written.resolvedOptions().timeZone;
}

/** Milliseconds as the value of an <input type="datetime-local">, in the reader's zone. */
export function localValue(at) {
  const date = new Date(at);
  return new Date(at - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The other way; NaN for no date. */
export function fromLocalValue(value) {
  return new Date(value).getTime();
}
