// What a screen must be whatever it shows; each function gives the elements that are not so, as short descriptions.

const TEXT = ["Text", "CDATASection"];
const POINTED_AT = "button, summary, select, input:not([type=hidden]), [role=button], a.button, label.tick";

globalThis.looks = {
  /** Too small to be hit (WCAG 2.5.8), and options that are no thumb high. */
  smallTargets() {
    const small = visible(POINTED_AT).filter((element) => !hits(element, element.matches("button.option") ? 64 : 24));
    return small.map(described);
  },

  /** Text that is cut off: wider than its box, which hides what hangs out. */
  cutTexts() {
    const boxes = visible("main *, header *, footer *").filter((element) => ownText(element) && getComputedStyle(element).overflowX !== "visible");
    return boxes.filter((element) => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).textOverflow !== "ellipsis").map(described);
  },

  /** What is moving, for people who asked for less of that. */
  moving() {
    return document.getAnimations().filter(({ playState }) => playState === "running").map(({ effect }) => described(effect.target));
  },

  /** Marks painted shapes that say something, for `vanished`: those that can be told from what is behind them. */
  markShapes() {
    for (const element of visible("main *:empty")) {
      const isShape = !element.matches("img, input, .orbit *, svg *") && element.getBoundingClientRect().width > 2;
      if (isShape && standsOut(element)) element.dataset.shape = "";
    }
  },

  /** Shapes that were there in full colour, and are not with the system's. */
  vanished() {
    return visible("[data-shape]").filter((element) => !standsOut(element)).map(described);
  },
};

function visible(selector) {
  return Array.from(document.querySelectorAll(selector)).filter((element) => element.checkVisibility() && !element.closest(".visually-hidden, .skip-link"));
}

function hits(element, px) {
  const { width, height } = element.getBoundingClientRect();
  return width >= 24 && height >= px;
}

function ownText(element) {
  return Array.from(element.childNodes).some((node) => TEXT.includes(node.constructor.name) && node.data.trim());
}

function standsOut(element) {
  const style = getComputedStyle(element);
  const edged = ["Top", "Bottom", "Left"].some((side) => style[`border${side}Style`] !== "none" && parseFloat(style[`border${side}Width`]) > 0 && !clear(style[`border${side}Color`]));
  if (edged || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0)) return true;
  return !clear(style.backgroundColor) && style.backgroundColor !== behind(element.parentElement);
}

function behind(element) {
  if (!element) return "rgb(255, 255, 255)";
  const { backgroundColor } = getComputedStyle(element);
  return clear(backgroundColor) ? behind(element.parentElement) : backgroundColor;
}

function clear(colour) {
  return colour === "transparent" || /^rgba\(.*, 0\)$|\/ 0\)$/.test(colour);
}

function described(element) {
  const { width, height } = element.getBoundingClientRect();
  return `<${element.tagName.toLowerCase()} class="${element.getAttribute("class") ?? ""}"> ${element.textContent.trim().slice(0, 30)} ${Math.round(width)}x${Math.round(height)}`;
}
