/** Draws the formulas of a page that came with its texts in it. What draws them is loaded only where there are any. */

if (document.querySelector(".formula")) {
  import("./formulas.js").then(({ draw }) => draw(document));
}
