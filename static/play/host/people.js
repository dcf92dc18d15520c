/** The list of players and what the host can do there: rename, give time, remove one or many, undo, guard the door. */

import { refs, repeat, setShown, setText } from "../dom.js";
import { byNumber, mark } from "../teams.js";
import { number, players } from "../words.js";
import { Door } from "./door.js";
import { Names } from "./names.js";
import { Times, timesLabel } from "./times.js";

/** A flood of invented names comes last: so many are removed at once. */
const LAST = 50;

/** What the value of a button begins with that moves somebody into the team of the number after it. */
const TEAM = "team-";

export class People {
  #root = document.getElementById("dialog-players");
  #refs = refs(this.#root);
  #names;
  #door;
  #dialogs;
  #act;
  #times;
  #state = null;

  /** `act(name, body)` tells the server; `dialogs` asks first. */
  constructor(dialogs, act) {
    this.#dialogs = dialogs;
    this.#act = act;
    this.#names = new Names(this.#root, this.#refs.names, (entry) => this.ask(entry));
    this.#door = new Door(this.#root, this.#refs, act);
    this.#refs.guard.addEventListener("click", () => act("guard", { approve: !this.#state.me.door.approve }));
    this.#refs.sweep.addEventListener("click", () => this.#sweep());
    this.#times = new Times((entry) => this.ask(entry));
    this.#refs.times.addEventListener("click", () => this.#times.open());
    this.#refs.restore.addEventListener("click", () => act("restore"));
  }

  open() {
    this.#root.showModal();
    this.#list();
  }

  /** What went wrong, where the host is looking. */
  say(text) {
    setText(this.#refs.problem, text);
  }

  /** What to do with somebody: another name, another time, out, or nothing. */
  async ask({ player, nickname, allowance, asks_for_time }) {
    const dialog = refs(document.getElementById("dialog-person"));
    setText(dialog.title, nickname);
    dialog.name.value = "";
    this.#offerTeams(dialog, player);
    dialog.time.value = allowance;
    setShown(dialog.asks, asks_for_time);
    const choice = await this.#dialogs.choose("person");
    if (choice === "remove") this.#act("kick", { player });
    if (choice === "time") this.#act("allow", { player, allowance: Number(dialog.time.value) });
    if (choice.startsWith(TEAM)) this.#act("regroup", { player, team: Number(choice.slice(TEAM.length)) });
    if (choice === "rename") this.#act("rename", { player, nickname: dialog.name.value });
  }

  /** One tap moves somebody into another team. */
  #offerTeams({ teams, teamsfield }, player) {
    const own = this.#state.me.roster.find((entry) => entry.player === player)?.team;
    setShown(teamsfield, this.#state.teams.length > 0);
    const template = document.querySelector("#dialog-person [data-team-button]");
    repeat(teams, template, byNumber(this.#state.teams), ({ team }) => team, (parts, { team, name, members }, index, child) => {
      const button = child.querySelector("button");
      mark(parts.mark, team);
      setText(parts.name, name);
      setText(parts.members, players(members));
      button.type = "submit";
      button.value = team === own ? "" : `${TEAM}${team}`;
      button.setAttribute("aria-pressed", team === own);
    });
  }

  show(state) {
    this.#state = state;
    const { roster, door } = state.me;
    setText(this.#refs.title, players(state.players));
    setText(this.#refs.hint, state.players ? hint(roster) : gettext("Nobody is here yet."));
    this.#list();
    this.#door.show(door);
    this.#times.show(roster);
    setText(this.#refs.times, timesLabel(roster));
    this.#refs.guard.setAttribute("aria-pressed", door.approve);
    setShown(this.#refs.sweep, roster.length > 1);
    setText(this.#refs.sweep, sweepLabel(roster));
    setShown(this.#refs.restore, door.swept > 0);
    setText(this.#refs.restore, counted(ngettext("Bring %(count)s back", "Bring %(count)s back", door.swept), door.swept));
  }

  /** Thousands of names, for nobody as long as the dialog is closed. */
  #list() {
    if (this.#root.open) this.#names.show(newestFirst(this.#state.me.roster));
  }

  async #sweep() {
    const last = newestFirst(this.#state.me.roster).slice(0, LAST);
    const dialog = document.getElementById("dialog-sweep");
    const { title, names } = refs(dialog);
    setText(title, counted(ngettext("Remove the last one?", "Remove the last %(count)s?", last.length), last.length));
    repeat(names, dialog.querySelector("[data-swept]"), last, ({ player }) => player, (_, { nickname }, index, item) => {
      setText(item, nickname);
    });
    if (await this.#dialogs.ask("sweep")) this.#act("sweep", { players: last.map(({ player }) => player) });
  }
}

/** Those who came last on top: there are the new ones, and there a flood is. */
export function newestFirst(roster) {
  return [...roster].reverse();
}

function sweepLabel(roster) {
  const count = Math.min(roster.length, LAST);
  return counted(ngettext("The last one…", "The last %(count)s…", count), count);
}

function counted(text, count) {
  return interpolate(text, { count: number(count) }, true);
}

function hint(roster) {
  const away = roster.filter(({ here }) => !here).length;
  if (away === 0) return gettext("Press a name to change or remove it.");
  const text = ngettext("%(away)s is away: no question waits for them.", "%(away)s are away: no question waits for them.", away);
  return `${gettext("Press a name to change or remove it.")} ${interpolate(text, { away: number(away) }, true)}`;
}
