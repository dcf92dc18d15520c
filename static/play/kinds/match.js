/** Pairs to be found: each item has a list in which its partner is chosen. */

import { refs, repeat, setShown, setText } from "../dom.js";
import { share, showItem } from "../optionlist.js";
import { isolated, number } from "../words.js";

export function isRight(question, choice, right) {
  return choice.every((id, place) => id === right[place]);
}

/** An answer in words. */
export function spelled({ choices, view }, choice) {
  return choices.map(({ text }, place) => `${text} → ${partner(view, choice[place])}`).join(", ");
}

export class Ask {
  #root;
  #refs;
  #changed;

  constructor(root, { changed }) {
    this.#root = root;
    this.#refs = refs(root);
    this.#changed = changed;
  }

  get needsSending() {
    return true;
  }

  get choice() {
    const chosen = Array.from(this.#refs.pairs.querySelectorAll("select"), ({ value }) => value);
    return chosen.length && chosen.every(Boolean) ? chosen : null;
  }

  hint(phase) {
    return phase === "reading" ? gettext("The pairs come in a moment.") : gettext("Choose a partner for each, then send.");
  }

  show({ question: { choices, view }, isOpen, given }) {
    const template = this.#root.querySelector("[data-pair]");
    repeat(this.#refs.pairs, template, choices, ({ id }) => id, (parts, item, index) => {
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

export class Told {
  #root;
  #refs;

  constructor(root) {
    this.#root = root;
    this.#refs = refs(root);
  }

  show({ state }) {
    showSolution(this.#root, this.#refs.pairs, state, state.me.answer?.choice ?? null);
  }
}

export class Stage {
  #root;
  #refs;

  constructor(root) {
    this.#root = root;
    this.#refs = refs(root);
  }

  note(phase) {
    return phase === "reading" ? gettext("The pairs come in a moment.") : gettext("Find the partner of each.");
  }

  show({ state }) {
    const revealed = state.phase === "reveal";
    setShown(this.#refs.asked, !revealed);
    setShown(this.#refs.pairs, revealed);
    if (revealed) return showSolution(this.#root, this.#refs.pairs, state, null);
    const { choices, view } = state.question;
    repeat(this.#refs.items, this.#root.querySelector("[data-asked]"), choices, ({ id }) => id, showItem);
    return repeat(this.#refs.partners, this.#root.querySelector("[data-asked]"), view.partners ?? [], ({ id }) => id, showItem);
  }
}

/** The right pairs, with how many found each, and what a player chose instead. */
function showSolution(root, list, state, own) {
  const { choices, view } = state.question;
  const { right, counts } = state.reveal;
  repeat(list, root.querySelector("[data-solved]"), choices, ({ id }) => id, (parts, item, index, element) => {
    showItem(parts, item);
    setText(parts.partner, partner(view, right[index]));
    const found = !own || own[index] === right[index];
    element.classList.toggle("solved--right", found);
    if (parts.note) setText(parts.note, own ? noteOf(found, partner(view, own[index])) : "");
    setText(parts.count, interpolate(gettext("%(count)s found it"), { count: number(counts[item.id] ?? 0) }, true));
    parts.bar.style.setProperty("--share", share(state, item.id));
  });
}

function noteOf(found, chosen) {
  if (found) return gettext("✓ Right, your choice");
  return interpolate(gettext("✗ You chose %(partner)s"), { partner: isolated(chosen) }, true);
}

function partner(view, id) {
  return view.partners?.find((one) => one.id === id)?.text ?? "";
}
