/** The menu of what a host needs now and then: closed by Escape, by a choice, and by a press anywhere else. */

export class More {
  #root;
  #summary;

  /** `root` is a <details>. */
  constructor(root) {
    this.#root = root;
    this.#summary = root.querySelector("summary");
    root.addEventListener("keydown", (event) => event.key === "Escape" && this.#close());
    // Before the choice itself: a dialog that it opens gives the focus back to what has it now.
    root.addEventListener("click", (event) => event.target.closest("button, a") && this.#close(), true);
    document.addEventListener("pointerdown", (event) => root.contains(event.target) || (root.open = false));
  }

  /** The focus goes back to the menu's button: what had it is gone. */
  #close() {
    if (!this.#root.open) return;
    this.#root.open = false;
    this.#summary.focus();
  }
}
