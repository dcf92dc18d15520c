/**
 * What a page lets hear of a game, and the switch for it, remembered by this browser. Whatever is heard is also seen.
 * Browsers keep a page silent until somebody has pressed something on it.
 */

import { setText } from "./dom.js";

/** The last seconds of a question tick. */
const TICKS = 5;

const PHASES = { open: "opens", reveal: "reveal", podium: "podium" };

/** What is heard when `state` follows `before`; null for nothing. */
function soundOf(before, state) {
  if (before === null) return null;
  if (state.phase !== before.phase) return before.phase === "paused" ? null : PHASES[state.phase] ?? null;
  return state.phase === "lobby" && state.me.role === "host" && state.players > before.players ? "join" : null;
}

export class Hearing {
  #switch = document.querySelector("[data-sounds]");
  #on;
  #key;
  #clock;
  #before = null;
  #ticking = null;

  /** The button `[data-sounds]` of the page; `on` unless the browser remembers something else. */
  constructor(clock, role, on) {
    this.#clock = clock;
    this.#key = `orbit-quiz.sounds.${role}`;
    this.#set((localStorage.getItem(this.#key) ?? String(on)) === "true");
    this.#switch.addEventListener("click", () => this.#toggle());
  }

  /** After each change of the state. */
  show(state) {
    const name = soundOf(this.#before, state);
    this.#before = state;
    if (name) this.#play(name);
    clearTimeout(this.#ticking);
    if (state.phase === "open" && state.phase_ends_at !== null) this.#tick(state.phase_ends_at);
  }

  #tick(end) {
    const left = this.#clock.until(end);
    const wait = left > TICKS * 1000 ? left - TICKS * 1000 : left % 1000 || 1000;
    if (left > 1000) this.#ticking = setTimeout(() => (this.#play("tick"), this.#tick(end)), wait);
  }

  #toggle() {
    this.#set(!this.#on);
    localStorage.setItem(this.#key, String(this.#on));
    this.#play("join");
  }

  #set(on) {
    this.#on = on;
    setText(this.#switch, on ? gettext("Sounds are on") : gettext("Sounds are off"));
  }

  async #play(name) {
    if (!this.#on || !navigator.userActivation?.hasBeenActive) return;
    await import("./sounds.js").then((sounds) => sounds.play(name)).catch((error) => console.warn("no sound:", error));
  }
}
