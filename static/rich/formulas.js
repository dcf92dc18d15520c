/** Draws formulas by KaTeX: as MathML for screen readers, as HTML for eyes. No formula can do more than be drawn. */

import "../vendor/katex/katex.min.js";

const STYLES = new URL("../vendor/katex/katex.min.css", import.meta.url);

const OPTIONS = {
  trust: false, // no links, pictures or attributes
  strict: "ignore", // what LaTeX would not do is no news to players
  maxSize: 10, // em; a rule of 1000 em would push everything else off the page
  maxExpand: 200, // macros that call each other end here; formulas of school and university need a tenth
  throwOnError: true,
};

/** Text as small as this share of its normal size is still read; wider formulas are scrolled. */
const SMALLEST = 0.6;

let styles = null;

/** Draws each formula below `root`, once. One that cannot be drawn stays its source and gets the class formula--bad. */
export async function draw(root) {
  const formulas = Array.from(root.querySelectorAll(".formula:not([data-drawn])"));
  for (const element of formulas) element.dataset.drawn = "";
  styles ??= loaded(STYLES);
  await styles;
  for (const element of formulas) drawOne(element);
}

function drawOne(element) {
  const tex = element.textContent;
  try {
    globalThis.katex.render(tex, element, { ...OPTIONS, displayMode: element.dataset.formula === "display" });
    fit(element);
  } catch (error) {
    element.textContent = tex;
    element.classList.add("formula--bad");
    element.title = error.message;
  }
}

/** Sets a formula that is wider than its place smaller; one that is wider still can be scrolled, by keyboard too. */
function fit(element) {
  const { clientWidth, scrollWidth } = element;
  if (scrollWidth <= clientWidth || clientWidth === 0) return;
  element.style.fontSize = `${Math.max(SMALLEST, clientWidth / scrollWidth)}em`;
  if (element.scrollWidth > element.clientWidth && !element.closest("button")) element.tabIndex = 0;
}

function loaded(url) {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = url;
  return new Promise((resolve) => {
    link.onload = link.onerror = resolve;
    document.head.append(link);
  });
}
