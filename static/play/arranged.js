/** What orders and matchings have in common: an answer with an id for each place, and a solution with a line for each item. */

import { repeat, setShown, setText, View } from "./dom.js";
import { share, showItem } from "./optionlist.js";
import { showText } from "../rich/rich.js";

/** Whether each id is in its place. */
export function inPlace(choice, right) {
  return choice.every((id, place) => id === right[place]);
}

/** `items` as the question has them: text and picture of each. */
export function showItems({ root }, list, items) {
  repeat(list, root.querySelector("[data-asked]"), items, ({ id }) => id, (parts, item) => showItem(parts, item));
}

/**
 * The solution in `refs.solution`, a line for each item: {item, right, found, count, note}. `right` is its place or its
 * partner, `count` says how many found it, `note` what a player had there; the wall has no room for notes. `rich` and
 * `noteRich` are the trees of a partner and a note that are formatted.
 */
function showSolution({ root, refs }, state, lines) {
  repeat(refs.solution, root.querySelector("[data-solved]"), lines, ({ item }) => item.id, (parts, line, index, element) => {
    showItem(parts, line.item);
    showText(parts.right, line.right, line.rich);
    setText(parts.count, line.count);
    if (parts.note) showText(parts.note, line.note, line.noteRich);
    element.classList.toggle("solved--right", line.found);
    parts.bar.style.setProperty("--share", share(state, line.item.id));
  });
}

/** For a player; a subclass has `solve(state, own)`, the lines, where `own` is the own answer or null. */
export class Arranged extends View {
  show({ state }) {
    showSolution(this, state, this.solve(state, state.me.answer?.choice ?? null));
  }
}

/** For the wall; a subclass has `solve(state)` and `ask(question)`, which shows what is asked. */
export class ArrangedStage extends View {
  show({ state }) {
    const revealed = state.phase === "reveal";
    setShown(this.refs.asked, !revealed);
    setShown(this.refs.solution, revealed);
    if (revealed) showSolution(this, state, this.solve(state, null));
    else this.ask(state.question);
  }
}
