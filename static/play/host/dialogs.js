/** What the host is asked before something that cannot be undone, and the list of players. */

import { refs, setText } from "../dom.js";
import { number, players } from "../words.js";
import { Names } from "./names.js";

export class Dialogs {
  #players = document.getElementById("dialog-players");
  #playersRefs = refs(this.#players);
  #names;

  /** `kick(player)` after the host has confirmed it. */
  constructor(kick) {
    this.#names = new Names(this.#players, this.#playersRefs.names, (entry) => this.askKick(entry, kick));
  }

  get open() {
    return document.querySelector("dialog[open]") !== null;
  }

  /** Opens `dialog-<name>`; true when the host says yes. */
  ask(name) {
    const dialog = document.getElementById(`dialog-${name}`);
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    });
  }

  askFinish(state) {
    const lobby = state.phase === "lobby";
    const text = lobby ? gettext("Nothing was asked yet: the game just closes.") : gettext("The podium follows, with the points so far.");
    setText(refs(document.getElementById("dialog-finish")).text, text);
    return this.ask("finish");
  }

  async askKick({ player, nickname }, kick) {
    const title = interpolate(gettext("Remove %(name)s?"), { name: nickname }, true);
    setText(refs(document.getElementById("dialog-kick")).title, title);
    if (await this.ask("kick")) kick(player);
  }

  openPlayers() {
    this.#players.showModal();
  }

  show(state) {
    setText(this.#playersRefs.title, players(state.players));
    setText(this.#playersRefs.hint, state.players ? hint(state.me.roster) : gettext("Nobody is here yet."));
    this.#names.show(state.me.roster);
  }
}

function hint(roster) {
  const away = roster.filter(({ here }) => !here).length;
  if (away === 0) return gettext("Press a name to remove it.");
  const text = ngettext("%(away)s is away: no question waits for them.", "%(away)s are away: no question waits for them.", away);
  return `${gettext("Press a name to remove it.")} ${interpolate(text, { away: number(away) }, true)}`;
}
