/** Teams: told apart by colour, shape and name (data-team="1" to "8"). */

/** Shows the mark of `team` in `element`, or none for null. */
export function mark(element, team) {
  element.hidden = team === null;
  element.dataset.team = team ?? "";
}

/** The lines of the standings: of teams where there are some, in the form that players' lines have. */
export function lines({ teams, standings }) {
  if (teams.length === 0) return standings;
  return teams.filter(({ place }) => place !== null).map((line) => ({ ...line, player: line.team, nickname: line.name, out_at: null }));
}

/** Which of these lines is the own one. */
export function own({ teams, me }) {
  return teams.length ? me.team : me.player;
}

/** The team that a player is in, undefined where there are none. */
export function ownTeam({ teams, me }) {
  return teams.find(({ team }) => team === me.team);
}

/** Teams by number: their order does not change with the points. */
export function byNumber(teams) {
  return [...teams].sort((a, b) => a.team - b.team);
}

/** Whether somebody came before another, or has points at least. */
export function isWon(state) {
  return lines(state).some(({ points, place }) => points > 0 || place > 1);
}
