/** Items to be put into order: moved by buttons, by arrow keys on the grip, or drawn with a finger. */

import { Arranged, ArrangedStage, inPlace, showItems } from "../arranged.js";
import { repeat, setText, View } from "../dom.js";
import { showItem } from "../optionlist.js";
import { isolated, number } from "../words.js";

export function isRight(question, choice, right) {
  return inPlace(choice, right);
}

const STEPS = { ArrowUp: -1, ArrowDown: 1 };

/** The counts are by item: none is an answer. */
export function rightKeys() {
  return [];
}

/** An answer in words. */
export function spelled({ choices }, choice) {
  return choice.map((id) => choices.find((item) => item.id === id)?.text ?? "").join(", ");
}

export class Ask extends View {
  #changed;
  #items = [];
  #isOpen = false;

  constructor(root, { changed }) {
    super(root);
    this.#changed = changed;
  }

  get needsSending() {
    return true;
  }

  get choice() {
    return this.#items.length ? this.#items.map(({ id }) => id) : null;
  }

  hint(phase) {
    if (phase === "reading") return gettext("The items come in a moment.");
    return gettext("Put them into the right order, then send.");
  }

  show({ question: { choices }, isOpen, given }) {
    this.#isOpen = isOpen;
    const known = new Map(choices.map((item) => [item.id, item]));
    const ids = given ?? (this.#items.length === choices.length ? this.choice : null);
    this.#items = ids ? ids.map((id) => known.get(id)).filter(Boolean) : choices;
    this.#render();
  }

  key() {}

  #render() {
    const template = this.root.querySelector("[data-item]");
    repeat(this.refs.items, template, this.#items, ({ id }) => id, (parts, item, index, element) => {
      showItem(parts, item);
      setText(parts.place, number(index + 1));
      const told = { item: isolated(item.text), place: number(index + 1), items: number(this.#items.length) };
      parts.grip.setAttribute("aria-label", interpolate(gettext("%(item)s, place %(place)s of %(items)s: move with the arrow keys"), told, true));
      parts.up.setAttribute("aria-label", interpolate(gettext("Move %(item)s up"), told, true));
      parts.down.setAttribute("aria-label", interpolate(gettext("Move %(item)s down"), told, true));
      parts.up.setAttribute("aria-disabled", !this.#isOpen || index === 0);
      parts.down.setAttribute("aria-disabled", !this.#isOpen || index === this.#items.length - 1);
      parts.grip.setAttribute("aria-disabled", !this.#isOpen);
      parts.up.onclick = () => this.#step(element, -1);
      parts.down.onclick = () => this.#step(element, 1);
      parts.grip.onkeydown = (event) => this.#arrow(event, element);
      parts.grip.onpointerdown = (event) => this.#draw(event, element);
    });
  }

  #arrow(event, element) {
    if (!(event.key in STEPS)) return;
    event.preventDefault();
    this.#step(element, STEPS[event.key]);
  }

  /** Moves an item by one place: its neighbour changes sides, so that the item keeps focus and finger. */
  #step(element, by) {
    const neighbour = by < 0 ? element.previousElementSibling : element.nextElementSibling;
    if (!this.#isOpen || !neighbour) return;
    neighbour.remove();
    if (by < 0) element.after(neighbour);
    else element.before(neighbour);
    const place = this.#items.findIndex(({ id }) => id === element.dataset.key);
    const [item] = this.#items.splice(place, 1);
    this.#items.splice(place + by, 0, item);
    const told = { item: isolated(item.text), place: number(place + by + 1), items: number(this.#items.length) };
    setText(this.refs.moved, interpolate(gettext("%(item)s: place %(place)s of %(items)s"), told, true));
    this.#changed();
  }

  /** Follows the finger: whoever it has passed the middle of makes room. */
  #draw({ pointerId, button }, element) {
    if (!this.#isOpen || button !== 0) return;
    const ended = new AbortController();
    const follow = (event) => event.pointerId === pointerId && this.#follow(element, event.clientY);
    const end = (event) => {
      if (event.pointerId !== pointerId) return;
      element.classList.remove("sortable--drawn");
      ended.abort();
    };
    element.classList.add("sortable--drawn");
    window.addEventListener("pointermove", follow, ended);
    window.addEventListener("pointerup", end, ended);
    window.addEventListener("pointercancel", end, ended);
  }

  #follow(element, y) {
    const before = element.previousElementSibling;
    const after = element.nextElementSibling;
    if (before && y < middle(before)) this.#step(element, -1);
    else if (after && y > middle(after)) this.#step(element, 1);
  }
}

export class Told extends Arranged {
  solve = solve;
}

export class Stage extends ArrangedStage {
  solve = solve;

  note(phase) {
    return phase === "reading" ? gettext("The items come in a moment.") : gettext("Put them into the right order.");
  }

  ask({ choices }) {
    showItems(this, this.refs.asked, choices);
  }
}

/** The items in the right order, with how many had each in its place, and where a player had it. */
function solve({ question: { choices }, reveal: { right, counts } }, own) {
  return right.map((id, place) => {
    const had = own?.indexOf(id) ?? place;
    return {
      item: choices.find((item) => item.id === id),
      found: had === place,
      right: number(place + 1),
      note: own ? noteOf(had, place) : "",
      count: interpolate(gettext("%(count)s right here"), { count: number(counts[id] ?? 0) }, true),
    };
  });
}

function noteOf(had, place) {
  if (had === place) return gettext("✓ Right, as you had it");
  return interpolate(gettext("✗ You had it in place %(place)s"), { place: number(had + 1) }, true);
}

function middle(element) {
  const { top, height } = element.getBoundingClientRect();
  return top + height / 2;
}
