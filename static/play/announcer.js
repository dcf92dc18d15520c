/** The one polite live region of the page. */

export class Announcer {
  #region = document.querySelector("[data-announcer]");
  #last = "";

  /** Says `text` once; the same text again only after something else. */
  say(text) {
    if (!text || text === this.#last) return;
    this.#last = text;
    this.#region.textContent = text;
  }
}
