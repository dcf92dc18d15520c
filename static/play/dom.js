/** Small verbs on the page. Text goes in by textContent, elements come from <template>s of the page. */

/** The elements of `root` that carry data-ref, by that name; those inside a <template> are not there yet. */
export function refs(root) {
  return Object.fromEntries(Array.from(root.querySelectorAll("[data-ref]"), (element) => [element.dataset.ref, element]));
}

/** What shows something in `root`, whose parts it has as `refs`. */
export class View {
  constructor(root) {
    this.root = root;
    this.refs = refs(root);
  }
}

/** Sets text only when it differs, so that screen readers and selections are left in peace. */
export function setText(element, text) {
  if (element.textContent !== String(text)) element.textContent = text;
}

export function setShown(element, shown) {
  element.hidden = !shown;
}

/**
 * One child of `list` for each item, in order: kept by `key(item)`, made from `template`, written by
 * `fill(refs, item, index, child)`.
 */
export function repeat(list, template, items, key, fill) {
  const kept = new Map(Array.from(list.children, (child) => [child.dataset.key, child]));
  const children = items.map((item, index) => {
    const child = kept.get(String(key(item))) ?? template.content.firstElementChild.cloneNode(true);
    child.dataset.key = key(item);
    fill(refs(child), item, index, child);
    return child;
  });
  arrange(list, children);
}

/** Gives `list` these children. Who is in place stays untouched, and with it the focus in it: also one of thousands. */
function arrange(list, children) {
  const staying = new Set(children);
  for (const child of Array.from(list.children)) if (!staying.has(child)) child.remove();
  let next = list.firstElementChild;
  for (const child of children) {
    if (child === next) next = next.nextElementSibling;
    else list.insertBefore(child, next);
  }
}
