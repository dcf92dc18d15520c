/** The teams in the lobby: which is mine, how many are in each, and a tap to change. */

import { ApiError } from "../api.js";
import { refs, repeat, setShown, setText } from "../dom.js";
import { byNumber, mark, ownTeam } from "../teams.js";
import { isolated, players } from "../words.js";

export class TeamChoice {
  #root;
  #refs;
  #template;
  #choose;
  #free;
  #state = null;
  #wanted = null; // the team that was tapped, until the server has answered

  /** `choose(team)` asks the server and rejects when it will not; `free` says whether players choose at all. */
  constructor(root, choose, free) {
    this.#root = root.querySelector("[data-teams]");
    this.#refs = refs(this.#root);
    this.#template = this.#root.querySelector("[data-team-button]");
    this.#choose = choose;
    this.#free = free;
  }

  show(state) {
    this.#state = state;
    const { teams, me } = state;
    const marked = this.#wanted ?? me.team;
    setShown(this.#root, teams.length > 0);
    setText(this.#refs.own, interpolate(gettext("Your team: %(team)s"), { team: isolated(ownTeam(state)?.name ?? "–") }, true));
    setText(this.#refs.hint, this.#free ? gettext("Tap another team to change.") : gettext("The teams were dealt."));
    repeat(this.#refs.teams, this.#template, byNumber(teams), ({ team }) => team, (parts, { team, name, members }, index, child) => {
      const button = child.querySelector("button");
      mark(parts.mark, team);
      setText(parts.name, name);
      setText(parts.members, players(members));
      button.setAttribute("aria-pressed", team === marked);
      button.setAttribute("aria-disabled", !this.#free);
      button.onclick = () => this.#free && team !== marked && this.#go(team);
    });
  }

  #say(text) {
    setText(this.#refs.refused, text);
    setShown(this.#refs.refused, text !== "");
  }

  async #go(team) {
    this.#say("");
    this.#mark(team);
    try {
      await this.#choose(team);
    } catch (error) {
      this.#say(error instanceof ApiError ? error.message : gettext("That did not arrive. Please try again."));
    } finally {
      if (this.#wanted === team) this.#mark(null);
    }
  }

  /** A slow line is no reason to tap twice: the mark is there at once. */
  #mark(team) {
    this.#wanted = team;
    this.show(this.#state);
  }
}
