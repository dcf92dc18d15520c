/** Pairs to be found: each item has a list in which its partner is chosen. */

import { Arranged, ArrangedStage, inPlace, showItems } from "../arranged.js";
import { repeat, setShown, setText, View } from "../dom.js";
import { showItem } from "../optionlist.js";
import { isolated, letter, number } from "../words.js";

export function isRight(question, choice, right) {
  return inPlace(choice, right);
}

/** The counts are by item: none is an answer. */
export function rightKeys() {
  return [];
}

/** An answer in words. */
export function spelled({ choices, view }, choice) {
  return choices.map(({ text }, place) => `${text} → ${partner(view, choice[place]).text}`).join(", ");
}

export class Ask extends View {
  #changed;

  constructor(root, { changed }) {
    super(root);
    this.#changed = changed;
  }

  get needsSending() {
    return true;
  }

  get choice() {
    const chosen = Array.from(this.refs.pairs.querySelectorAll("select"), ({ value }) => value);
    return chosen.length && chosen.every(Boolean) ? chosen : null;
  }

  hint(phase) {
    return phase === "reading" ? gettext("The pairs come in a moment.") : gettext("Choose a partner for each, then send.");
  }

  show({ question: { choices, view }, isOpen, given }) {
    const names = this.#name(view.partners ?? []);
    const template = this.root.querySelector("[data-pair]");
    repeat(this.refs.pairs, template, choices, ({ id }) => id, (parts, item, index) => {
      showItem(parts, item);
      const { partner: list } = parts;
      list.setAttribute("aria-label", interpolate(gettext("Partner of %(item)s"), { item: isolated(item.text) }, true));
      if (list.options.length === 1) list.append(...view.partners.map(({ id }, place) => new Option(names[place], id)));
      if (given) list.value = given[index];
      list.disabled = !isOpen;
      list.onchange = this.#changed;
    });
  }

  /** What the lists call the partners: a list shows plain text alone, formatted partners stand above with letters. */
  #name(partners) {
    const isFormatted = partners.some(({ rich }) => rich);
    setShown(this.refs.legend, isFormatted);
    if (!isFormatted) return partners.map(({ text }) => text);
    repeat(this.refs.legend, this.root.querySelector("[data-named]"), partners, ({ id }) => id, (parts, partner, place) => {
      setText(parts.letter, letter(place));
      showItem(parts, partner);
    });
    return partners.map((_, place) => letter(place));
  }

  key() {}
}

export class Told extends Arranged {
  solve = solve;
}

export class Stage extends ArrangedStage {
  solve = solve;

  note(phase) {
    return phase === "reading" ? gettext("The pairs come in a moment.") : gettext("Find the partner of each.");
  }

  ask({ choices, view }) {
    showItems(this, this.refs.items, choices);
    showItems(this, this.refs.partners, view.partners ?? []);
  }
}

/** The right pairs, with how many found each, and what a player chose instead. */
function solve({ question: { choices, view }, reveal: { right, counts } }, own) {
  return choices.map((item, place) => {
    const found = !own || own[place] === right[place];
    const { text, rich } = partner(view, right[place]);
    return {
      item,
      found,
      right: text,
      rich,
      ...(own ? noteOf(found, partner(view, own[place])) : { note: "" }),
      count: interpolate(gettext("%(count)s found it"), { count: number(counts[item.id] ?? 0) }, true),
    };
  });
}

function noteOf(found, { text, rich }) {
  if (found) return { note: gettext("✓ Right, your choice") };
  const said = (partner) => interpolate(gettext("✗ You chose %(partner)s"), { partner: isolated(partner) }, true);
  const [before, after] = said("\n").split("\n");
  return { note: said(text), noteRich: rich && [before, ...rich, after] };
}

function partner(view, id) {
  return view.partners?.find((one) => one.id === id) ?? { text: "" };
}
