/**
 * Formatted texts: builds elements from the trees of quiz/authoring/richtext.py. Only the tags below exist, and whatever
 * an author wrote goes in as text.
 */

const TAGS = new Set(["p", "pre", "ul", "ol", "li", "em", "strong", "code", "br"]);
const FORMULAS = new Set(["tex", "display"]);

/** What each element shows, so that screen readers and selections are left in peace as long as it stays the same. */
const shown = new WeakMap();

/** Shows a text in `element`: as its tree says where there is one, else as it is. */
export function showText(element, text, tree = null) {
  const key = JSON.stringify(tree ?? text);
  if (shown.get(element) === key) return;
  shown.set(element, key);
  element.replaceChildren(...(tree ? tree.map(build) : [text]));
  if (element.querySelector(".formula")) drawFormulas(element);
}

/** Shows a question: its first paragraph in `heading`, the rest in `body`. `heading.dataset.plain` is all of it in plain text. */
export function showQuestion(heading, body, { text, rich }) {
  const [head, rest] = split(rich);
  showText(heading, text, rich && head);
  showText(body, "", rest);
  body.hidden = rest.length === 0;
  heading.dataset.plain = text;
}

/** What `heading` says in plain text, where a formula is its source. */
export function plainText(heading) {
  return (heading.dataset.plain ?? heading.textContent).trim();
}

function split(tree) {
  if (!tree) return [null, []];
  return tree[0][0] === "p" ? [tree[0].slice(1), tree.slice(1)] : [[], tree];
}

function build(node) {
  if (typeof node === "string") return document.createTextNode(node);
  const [tag, ...rest] = node;
  if (FORMULAS.has(tag)) return formula(tag, rest[0]);
  if (!TAGS.has(tag)) throw new Error(`no tag of formatted texts: ${tag}`);
  const element = document.createElement(tag);
  if (rest[0]?.start !== undefined) element.start = rest.shift().start;
  element.append(...rest.map(build));
  return element;
}

function formula(kind, tex) {
  const element = document.createElement("span");
  element.className = "formula";
  element.dataset.formula = kind;
  element.textContent = tex;
  return element;
}

/** What draws formulas is loaded when there is the first one. Without it their source stays, which can be read. */
async function drawFormulas(root) {
  try {
    (await import("./formulas.js")).draw(root);
  } catch (error) {
    console.warn("formulas stay as they were typed:", error);
  }
}
