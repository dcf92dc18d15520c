/** The page's title: what is on, and before it, while the tab is in the background, how often something new came. */

import { number } from "./words.js";

export class Title {
  #page = document.title;
  #heading = "";
  #news = null;
  #unseen = 0;

  constructor() {
    document.addEventListener("visibilitychange", () => document.hidden || this.#seen());
  }

  /** The screen has another heading without there being news. */
  rename(heading) {
    if (heading === this.#heading) return;
    this.#heading = heading;
    this.#write();
  }

  /** `heading` is that of the screen, empty where the page's own title says it; another `news` than before is something to come back for. */
  show(heading, news) {
    if (document.hidden && this.#news !== null && news !== this.#news) this.#unseen++;
    this.#news = news;
    this.#heading = heading;
    this.#write();
  }

  #seen() {
    this.#unseen = 0;
    this.#write();
  }

  #write() {
    const title = this.#heading ? `${this.#heading} · ${this.#page}` : this.#page;
    document.title = this.#unseen ? `(${number(this.#unseen)}) ${title}` : title;
  }
}
