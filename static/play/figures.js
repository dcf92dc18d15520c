/** Numbers as people type them, and as they are written back, in the page's language; quiz/kinds/figures.py reads the same. */

const language = document.documentElement.lang || "en";
/** From 10,000 on with signs between the thousands, so that a year has none. */
const format = new Intl.NumberFormat(language, { useGrouping: "min2", maximumFractionDigits: 15 });
const ownDecimal = format.formatToParts(0.5).find(({ type }) => type === "decimal").value;

/** As many digits as a double holds exactly. */
const MAX_DIGITS = 15;

/** What phones write by themselves. */
const SIGNS = [[/[−–‒‐‑]/g, "-"], [/[\u00a0\u2009\u202f]/g, " "], [/[’ʼ`´]/g, "'"]];

const NUMBER = /^([+-]?) ?([0-9.,' ]*)$/;
const WHOLE = /^(?:[0-9]*|[0-9]{1,3}([.,' ])[0-9]{3}(?:\1[0-9]{3})*)$/;
const ONE_GROUP = /^[1-9][0-9]{0,2}[.,][0-9]{3}$/;

export function written(value) {
  return format.format(value);
}

/**
 * The number that a text means; null for none. Of point and comma the last one comes before the decimals, and what
 * stands more than once between groups of three digits; where "1,234" could be either, `decimal` decides.
 */
export function read(text, decimal = ownDecimal) {
  const plain = SIGNS.reduce((sofar, [signs, sign]) => sofar.replace(signs, sign), text).trim();
  const [, minus, body] = NUMBER.exec(plain) ?? [];
  if (body === undefined) return null;
  const sign = decimalSign(body, decimal);
  const at = sign ? body.lastIndexOf(sign) : body.length;
  const [whole, fraction] = [body.slice(0, at), body.slice(at + 1)];
  if (!WHOLE.test(whole) || !(/^[0-9]+$/.test(fraction) || (whole && !fraction))) return null;
  const digits = whole.replace(/[^0-9]/g, "");
  if ((digits + fraction.replace(/0+$/, "")).replace(/^0+/, "").length > MAX_DIGITS) return null;
  const value = Number(`${minus}${digits || "0"}.${fraction || "0"}`);
  if (value !== 0 && Math.abs(value) < 10 ** -MAX_DIGITS) return null;
  return value || 0; // no -0
}

function decimalSign(body, decimal) {
  const sign = body[Math.max(body.lastIndexOf("."), body.lastIndexOf(","))];
  if (!sign || (body.includes(".") && body.includes(","))) return sign;
  const isGroup = body.split(sign).length > 2 || (ONE_GROUP.test(body) && sign !== decimal);
  return isGroup ? undefined : sign;
}
