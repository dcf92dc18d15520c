/** Two votes on one question side by side, or the first alone: each possible answer with a bar for each vote. */

import { refs, repeat, setShown, setText } from "./dom.js";
import { showItem } from "./optionlist.js";
import { letter, number, optionName } from "./words.js";

const NOBODYS = { first: [], second: [] };

export class Votes {
  #root;
  #refs;
  #template;

  /** `root` holds templates/play/_votes.html. */
  constructor(root) {
    this.#root = root.querySelector("[data-votes]");
    this.#refs = refs(this.#root);
    this.#template = this.#root.querySelector("[data-vote]");
  }

  /** `first` and `second` are counts by answer, `second` null before there is one; `right` has the answers to tick, `own` a player's. */
  show(question, { first, second = null, right = [], own = NOBODYS, swing = "" }) {
    setShown(this.#root, true);
    setText(this.#refs.swing, swing);
    setShown(this.#refs.swing, swing !== "");
    const most = Math.max(1, ...Object.values(first), ...Object.values(second ?? {}));
    repeat(this.#refs.votes, this.#template, answers(question, first, second), ({ id }) => id, (parts, answer, index, child) => {
      child.dataset.option = answer.option;
      setText(parts.letter, answer.option ? letter(answer.option - 1) : "");
      showItem(parts, { ...answer, text: answer.text || optionName(answer.option - 1) });
      setShown(parts.right, right.includes(answer.id));
      setText(parts.own, ownVote(own.first.includes(answer.id), own.second.includes(answer.id)));
      fill(parts.first, parts.firstcount, first[answer.id] ?? 0, most);
      setShown(parts.again, second !== null);
      if (second) fill(parts.second, parts.secondcount, second[answer.id] ?? 0, most);
    });
  }

  hide() {
    setShown(this.#root, false);
  }
}

/** How many changed their mind, in a sentence. */
export function swing({ to_right, to_wrong }) {
  const better = ngettext("%(count)s changed from wrong to right", "%(count)s changed from wrong to right", to_right);
  const worse = ngettext("%(count)s from right to wrong", "%(count)s from right to wrong", to_wrong);
  const said = (text, count) => interpolate(text, { count: number(count) }, true);
  return `${said(better, to_right)}, ${said(worse, to_wrong)}.`;
}

/** Options in their order; where a question has none, the answers that were given. */
function answers({ choices }, first, second) {
  if (choices.length) return choices.map((choice, index) => ({ ...choice, option: index + 1 }));
  const given = new Set([...Object.keys(first), ...Object.keys(second ?? {})]);
  return [...given].map((id) => ({ id, text: id, option: "" }));
}

function ownVote(first, second) {
  if (first && second) return gettext("Your two votes");
  if (first) return gettext("Your first vote");
  return second ? gettext("Your second vote") : "";
}

function fill(bar, count, votes, most) {
  bar.style.setProperty("--share", votes / most);
  setText(count, number(votes));
}
