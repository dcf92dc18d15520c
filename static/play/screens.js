/**
 * The screens of a page, one shown at a time. Each is a <section data-screen="name"> with an object beside it that may
 * have show(view), called on every change while it is on, and hide().
 */

export class Screens {
  #roots;
  #screens;
  #current = null;

  /** `make` by screen name: (root) => {show?, hide?}; a screen without one is still text. */
  constructor(make) {
    const roots = Array.from(document.querySelectorAll("[data-screen]"));
    this.#roots = new Map(roots.map((root) => [root.dataset.screen, root]));
    this.#screens = new Map(roots.map((root) => [root.dataset.screen, make[root.dataset.screen]?.(root) ?? {}]));
  }

  /** Shows `name` with `view`, and moves the focus to its heading when the screen is another one than before. */
  show(name, view) {
    const before = this.#current;
    const focused = this.#holdsFocus();
    if (before !== null && before !== name) this.#close(before);
    this.#current = name;
    this.#roots.get(name).hidden = false;
    document.body.dataset.screenShown = name;
    this.#screens.get(name).show?.(view);
    if (before !== null && before !== name && focused) this.#focus(name);
  }

  #close(name) {
    this.#screens.get(name).hide?.();
    this.#roots.get(name).hidden = true;
  }

  /** Focus in the controls or in a dialog stays where it is: the person is at work there. */
  #holdsFocus() {
    const active = document.activeElement;
    return active === document.body || active.closest("main") !== null;
  }

  #focus(name) {
    this.#roots.get(name).querySelector("h1").focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }
}
