/**
 * The kinds of question that this game uses. Each is an ES module with three views, Ask (the player's question), Told
 * (the player's reveal) and Stage (the host's question); the page says where it is, and has a <template> for each view.
 * docs/decisions/0046-kinds-of-question.md has what a view must be able to do.
 */

const element = document.getElementById("page");
const kinds = element ? JSON.parse(element.textContent).kinds : {};
const modules = Object.fromEntries(await Promise.all(Object.entries(kinds).map(load)));

async function load([name, { script }]) {
  return [name, await import(script)];
}

/** A view of that kind of question, alone in `slot`; `handlers` is for what its people do. */
export function view(kind, part, slot, handlers = {}) {
  const template = document.querySelector(`template[data-kind="${kinds[kind].look}"][data-part="${part}"]`);
  slot.replaceChildren(template.content.cloneNode(true));
  return new modules[kind][part](slot, handlers);
}

/** Whether a choice is wholly right, as far as the page can tell: undefined where only the server can. */
export function isRight(question, choice, right) {
  return modules[question.kind].isRight?.(question, choice, right);
}

/** Of the keys of a question's counts, those that were right answers; none where a key is an item that some had right. */
export function rightKeys(question, right) {
  const keys = modules[question.kind].rightKeys?.(right) ?? right;
  return Array.isArray(keys) ? keys : [];
}

/** Whether each vote on a question is for one of its options: both votes side by side tell all that its reveal does. */
export function isVotedByOption({ kind }) {
  return kinds[kind].look === "choice";
}

/** A choice in words, where its kind has some that are not those of its options; undefined elsewhere. */
export function spelled(question, choice) {
  return modules[question.kind].spelled?.(question, choice);
}
