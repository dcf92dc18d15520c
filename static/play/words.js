/** Numbers and the phrases around them, in the page's language. `gettext` and its sisters come from /jsi18n/. */

const language = document.documentElement.lang || "en";
const numbers = new Intl.NumberFormat(language);
const ordinals = new Intl.PluralRules(language, { type: "ordinal" });

export function number(value) {
  return numbers.format(value);
}

/** 2 as "2nd". */
export function ordinal(place) {
  const forms = {
    // Translators: places in a ranking, as in 1st, 2nd, 3rd, 4th; where a language has one form, all four are the same.
    one: gettext("%(place)sst"),
    two: gettext("%(place)snd"),
    few: gettext("%(place)srd"),
    many: gettext("%(place)sth"),
    other: gettext("%(place)sth"),
  };
  return interpolate(forms[ordinals.select(place)], { place: number(place) }, true);
}

/** A name within a sentence, whose direction is not to turn the sentence's (Unicode's isolates, UAX9 section 2.4.2). */
export function isolated(name) {
  return `\u2068${name}\u2069`;
}

export function points(value) {
  return interpolate(ngettext("%(points)s point", "%(points)s points", value), { points: number(value) }, true);
}

export function players(value) {
  return interpolate(ngettext("%(players)s player", "%(players)s players", value), { players: number(value) }, true);
}

/** How many are still in, in a game for survival. */
export function left(value) {
  return interpolate(ngettext("%(players)s still in", "%(players)s still in", value), { players: number(value) }, true);
}

/** Lives that are left. */
export function lives(value) {
  return interpolate(ngettext("%(lives)s life", "%(lives)s lives", value), { lives: number(value) }, true);
}

export function livesLeft(value) {
  return interpolate(ngettext("%(lives)s life left", "%(lives)s lives left", value), { lives: number(value) }, true);
}

/** "You are out in question 4: 12th place." */
export function out({ out_at, place }) {
  const said = interpolate(gettext("You are out in question %(number)s"), { number: out_at }, true);
  return place === null ? `${said}.` : `${said}: ${interpolate(gettext("%(place)s place."), { place: ordinal(place) }, true)}`;
}

/** What a question brought, with its sign; nothing for nothing. */
export function gained(value) {
  if (value === 0) return "";
  return `${value > 0 ? "+" : "−"}${number(Math.abs(value))}`;
}

/** The letter of an option by its place: 0 is A. */
export function letter(index) {
  return "ABCDEF"[index];
}

/** What an option is called where its text is on the wall alone. */
export function optionName(index) {
  return [
    gettext("Option A, red triangle"),
    gettext("Option B, blue diamond"),
    gettext("Option C, green circle"),
    gettext("Option D, purple square"),
    gettext("Option E, teal star"),
    gettext("Option F, brown hexagon"),
  ][index];
}

/** "123456" as "123 456", which is easier to say and to type. */
export function spacedPin(pin) {
  return pin.replace(/(\d{3})(?=\d)/g, "$1\u00a0");
}
