/** Pairs to be found: each item has a list in which its partner is chosen. */

import { Arranged, ArrangedStage, inPlace, showItems } from "../arranged.js";
import { repeat, View } from "../dom.js";
import { showItem } from "../optionlist.js";
import { isolated, number } from "../words.js";

export function isRight(question, choice, right) {
  return inPlace(choice, right);
}

/** The counts are by item: none is an answer. */
export function rightKeys() {
  return [];
}

/** An answer in words. */
export function spelled({ choices, view }, choice) {
  return choices.map(({ text }, place) => `${text} → ${partner(view, choice[place])}`).join(", ");
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
    const template = this.root.querySelector("[data-pair]");
    repeat(this.refs.pairs, template, choices, ({ id }) => id, (parts, item, index) => {
      showItem(parts, item);
      const { partner: list } = parts;
      list.setAttribute("aria-label", interpolate(gettext("Partner of %(item)s"), { item: isolated(item.text) }, true));
      if (list.options.length === 1) list.append(...view.partners.map(({ id, text }) => new Option(text, id)));
      if (given) list.value = given[index];
      list.disabled = !isOpen;
      list.onchange = this.#changed;
    });
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
    return {
      item,
      found,
      right: partner(view, right[place]),
      note: own ? noteOf(found, partner(view, own[place])) : "",
      count: interpolate(gettext("%(count)s found it"), { count: number(counts[item.id] ?? 0) }, true),
    };
  });
}

function noteOf(found, chosen) {
  if (found) return gettext("✓ Right, your choice");
  return interpolate(gettext("✗ You chose %(partner)s"), { partner: isolated(chosen) }, true);
}

function partner(view, id) {
  return view.partners?.find((one) => one.id === id)?.text ?? "";
}
