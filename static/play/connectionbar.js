/** The thin bar that says how the line is: what is wrong, when the next try comes, what is safe meanwhile. */

import { refs, setShown, setText } from "./dom.js";

/** A first connection that takes less is nobody's business. */
const PATIENCE_MS = 2_000;
const BACK_SHOWN_MS = 2_500;

export class ConnectionBar {
  #root = document.querySelector("[data-connection]");
  #refs = refs(this.#root);
  #announcer;
  #safe;
  #timer = null;
  #lost = false;
  #isUp = false;
  #isLate = false;

  /** `safe` gives a sentence about what is kept meanwhile, or "". */
  constructor(announcer, safe) {
    this.#announcer = announcer;
    this.#safe = safe;
  }

  /** A change as Connection tells it. */
  show({ name, retryAt }) {
    clearTimeout(this.#timer);
    this.#isUp = name === "up";
    if (this.#isUp) this.#up();
    else if (name === "waiting") this.#waiting(retryAt);
    else this.#connecting();
  }

  /** The line may be up and the server late to tell what was missed: what is shown may be old. */
  late(isLate) {
    if (isLate === this.#isLate) return;
    this.#isLate = isLate;
    if (!this.#isUp) return;
    clearTimeout(this.#timer);
    this.#up();
  }

  hide() {
    this.#isUp = false;
    clearTimeout(this.#timer);
    setShown(this.#root, false);
  }

  #connecting() {
    const say = () => this.#say("away", gettext("Connecting…"));
    if (this.#lost) say();
    else this.#timer = setTimeout(say, PATIENCE_MS);
  }

  #waiting(retryAt) {
    this.#say("away", lost(retryAt));
    if (!this.#lost) this.#announcer.say(gettext("Connection lost. This page tries again by itself."));
    this.#lost = true;
    this.#timer = setTimeout(() => this.#waiting(retryAt), 1000);
  }

  #up() {
    if (this.#isLate) this.#late();
    else if (this.#lost) this.#back();
    else setShown(this.#root, false);
  }

  #late() {
    const text = gettext("The server is slow to answer. This page tries again by itself.");
    this.#say("away", text);
    this.#announcer.say(text);
    this.#lost = true;
  }

  #back() {
    this.#lost = false;
    this.#say("back", gettext("Back."));
    this.#announcer.say(gettext("The connection is back."));
    this.#timer = setTimeout(() => setShown(this.#root, false), BACK_SHOWN_MS);
  }

  #say(mood, text) {
    this.#root.dataset.mood = mood;
    setText(this.#refs.text, text);
    setText(this.#refs.safe, mood === "away" ? this.#safe() : "");
    setShown(this.#root, true);
  }
}

function lost(retryAt) {
  if (retryAt === null) return gettext("Connection lost, trying again…");
  const seconds = Math.max(1, Math.ceil((retryAt - performance.now()) / 1000));
  return interpolate(gettext("Connection lost, trying again in %(seconds)s s."), { seconds }, true);
}
