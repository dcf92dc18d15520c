/** The teams in the host's lobby, each with its members; pressing a name asks what to do with it. */

import { repeat, setShown, setText } from "../dom.js";
import { byNumber, mark } from "../teams.js";
import { players } from "../words.js";
import { Names } from "./names.js";

/** Names of each team that fit on the wall; the list of players has them all. */
const SHOWN = 12;

export class Teams {
  #root;
  #list;
  #template;
  #onpress;
  #names = new Map();

  /** `onpress({player, nickname})`; the <template data-name> for the names is somewhere in `root`. */
  constructor(root, list, onpress) {
    this.#root = root;
    this.#list = list;
    this.#template = root.querySelector("[data-team-column]");
    this.#onpress = onpress;
  }

  show({ teams, me }) {
    setShown(this.#list, teams.length > 0);
    repeat(this.#list, this.#template, byNumber(teams), ({ team }) => team, (parts, { team, name, members }, index, column) => {
      column.dataset.team = team;
      mark(parts.mark, team);
      setText(parts.name, name);
      setText(parts.members, players(members));
      this.#namesOf(team, parts.names).show(me.roster.filter((entry) => entry.team === team).slice(-SHOWN));
    });
  }

  #namesOf(team, list) {
    if (!this.#names.has(team)) this.#names.set(team, new Names(this.#root, list, this.#onpress));
    return this.#names.get(team);
  }
}
