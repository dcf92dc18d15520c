/** Keeps all of a screen on the wall: nobody there can scroll. What is too high is drawn smaller, as far as it needs. */

/** Zooms that are tried, the largest first. Smaller than the last nothing is read from the last row. */
const ZOOMS = [1, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6];

/** A wall: what is narrower, or higher than wide, is in somebody's hand. */
const WALL = "(min-width: 48rem) and (min-aspect-ratio: 1)";

export class Fit {
  #main;
  #occasion = null;
  #wall = matchMedia(WALL);

  /** `main` is what gets smaller; the bars above and below keep their size. */
  constructor(main) {
    this.#main = main;
    addEventListener("resize", () => this.#begin());
    document.addEventListener("load", () => this.#begin(), true); // styles and pictures
    document.fonts.addEventListener("loadingdone", () => this.#begin());
    new ResizeObserver(() => this.#begin()).observe(main); // formulas are drawn later than their question is shown
  }

  /** After each change; another `occasion` begins at full size, so that nothing changes its size while it is read. */
  show(occasion) {
    if (occasion === this.#occasion) {
      this.#shrink();
      return;
    }
    this.#occasion = occasion;
    this.#begin();
  }

  #begin() {
    this.#zoom(1);
    this.#shrink();
  }

  #shrink() {
    if (!this.#wall.matches) return;
    const smaller = ZOOMS.filter((zoom) => zoom < (Number(this.#main.style.zoom) || 1));
    while (isTooHigh() && smaller.length) this.#zoom(smaller.shift());
  }

  #zoom(zoom) {
    this.#main.style.zoom = zoom === 1 ? "" : zoom;
  }
}

/** By its layout: what still moves onto its place does not count. */
function isTooHigh() {
  return document.body.offsetHeight > innerHeight;
}
