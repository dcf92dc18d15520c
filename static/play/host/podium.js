/** Three steps, built from third to first; who shares a place shares the step. Without winners: who was there. */

import { Board } from "../board.js";
import { refs, repeat, setShown, setText } from "../dom.js";
import { isWon, lines, mark } from "../teams.js";
import { number, ordinal, points } from "../words.js";
import { newestFirst } from "./people.js";

const STEPS = 3;

/** Names of those who were there, when nobody has won; as many as in a lobby. */
const SHOWN = 48;

/** In characters: names longer than this are set smaller rather than broken in two. */
const LONG_NAME = 14;

export class Podium {
  #root;
  #refs;
  #rest;

  constructor(root) {
    this.#root = root;
    this.#refs = refs(root);
    this.#rest = new Board(root, this.#refs.rest);
  }

  show({ state }) {
    const standings = isWon(state) ? lines(state) : [];
    setText(this.#refs.headline, standings.length ? gettext("The winners") : gettext("The game is over"));
    setShown(this.#refs.gathered, standings.length === 0);
    if (standings.length === 0) this.#gather(state);
    const last = standings.at(-1)?.place;
    repeat(this.#refs.steps, this.#template("step"), steps(standings), ({ place }) => place, (parts, step, index, child) => {
      this.#fillStep(parts, step, child);
      setText(parts.more, state.beyond && !state.teams.length && step.place === last ? andMore(state.beyond) : "");
    });
    this.#rest.show(standings.filter((line) => line.place > STEPS));
  }

  #fillStep(parts, { place, winners }, child) {
    child.dataset.place = place;
    child.classList.toggle("step--long", winners.some(({ nickname }) => nickname.length > LONG_NAME));
    repeat(parts.names, this.#template("winner"), winners, ({ player }) => player, fillName);
    setText(parts.points, points(winners[0].points));
    setText(parts.place, ordinal(place));
  }

  #gather(state) {
    const { roster } = state.me;
    const shown = newestFirst(roster).slice(0, SHOWN);
    const hidden = roster.length - shown.length;
    setText(this.#refs.why, without(state));
    setText(this.#refs.count, counted(ngettext("%(count)s player was here.", "%(count)s players were here.", roster.length), roster.length));
    repeat(this.#refs.names, this.#template("gathered"), shown, ({ player }) => player, (parts, { nickname }, index, child) => setText(child, nickname));
    setText(this.#refs.more, hidden ? andMore(hidden) : "");
    setText(this.#refs.onward, onward(state));
  }

  #template(name) {
    return this.#root.querySelector(`template[data-${name}]`);
  }
}

function without({ standings }) {
  if (standings.length) return gettext("Nobody has points this time. Thank you all for playing!");
  return gettext("The game ended before its first result: nobody has points.");
}

function onward({ phase, players }) {
  if (phase === "podium" && players) return gettext("The same players can play again at once.");
  return gettext("“Play again” opens a new lobby with the same options.");
}

function andMore(count) {
  return counted(ngettext("and %(count)s more", "and %(count)s more", count), count);
}

function counted(text, count) {
  return interpolate(text, { count: number(count) }, true);
}

/** [{place, winners}] for the places 1 to 3 that are taken: 1, 1, 3 has no second step. */
export function steps(standings) {
  const places = [1, 2, 3].map((place) => ({ place, winners: standings.filter((line) => line.place === place) }));
  return places.filter(({ winners }) => winners.length);
}

function fillName(parts, { nickname, team }) {
  mark(parts.mark, team);
  setText(parts.name, nickname);
}
