/**
 * A game as a page knows it: snapshot + events = new snapshot. Pure; no DOM, no clock, no network.
 *
 * The state is what `GET /games/<id>/state/` gives. An event is an envelope {v, type, seq, at, data}: with a seq above
 * 0 it is one of the gapless status events, whose data is the whole shared part; with seq 0 it is one of UNKEPT.
 *
 * A result may have been made before the answer that the page has a receipt for: it takes no answer back.
 */

/** What a page must read before it can go on, as `needs()` says it. */
export const Need = Object.freeze({ NOTHING: "nothing", EVENTS: "events", STATE: "state" });

const UNKEPT = {
  "counts.changed": (state, { players, expected, answered, question, left, members }) => ({
    ...state,
    players,
    expected,
    left,
    teams: state.teams.map((team) => ({ ...team, members: members[team.team - 1] ?? team.members })),
    answered: question === questionId(state) ? answered : state.answered,
  }),
  "roster.changed": (state, { added, removed, players }) => ({
    ...state,
    players,
    me: { ...state.me, roster: enrolled(state.me.roster, added, removed) },
  }),
  "presence.changed": (state, change) => ({
    ...state,
    me: { ...state.me, roster: state.me.roster.map((entry) => heard(entry, change)) },
  }),
  "door.changed": (state, door) => ({ ...state, me: { ...state.me, door } }),
  "pin.changed": (state, { pin }) => ({ ...state, pin }),
  "player.time": (state, time) => withMe(state, { ...state.me, ...time }),
  "player.grouped": (state, { team }) => withMe(state, { ...state.me, team }),
  "votes.counted": (state, vote) => ({ ...state, me: { ...state.me, vote } }),
  "player.named": (state, { nickname }) => withMe(state, { ...state.me, nickname }),
  "player.result": (state, { me }) => withMe(state, { ...me, answer: me.answer ?? state.me.answer }),
  "player.moved": (state, { seat }) => withMe(state, { ...state.me, seat }),
  "player.kicked": (state) => withMe(state, { ...state.me, kicked: true }),
  "answer.received": (state, receipt) => {
    if (!isFor(state, receipt) || state.me.answer) return state;
    return withMe(state, { ...state.me, answer: { ...receipt, right: null, points: null } });
  },
};

/** The state after the event; the same object when the event is old, unknown or comes too early (see `needs`). */
export function apply(state, event) {
  if (event.seq === 0) return UNKEPT[event.type]?.(state, event.data) ?? state;
  if (event.seq !== state.seq + 1) return state;
  return withMe({ ...state, ...event.data, seq: event.seq }, state.me);
}

/**
 * The state after a snapshot was read. One that was taken before the last event, or before the acknowledged answer was
 * stored, was only slow on its way and takes nothing back. Nor does it take back what was `heard` while it was read:
 * events with seq 0, of which a snapshot cannot tell whether it was taken before or after them.
 */
export function adopt(state, snapshot, heard = []) {
  if (snapshot.seq < state.seq) return state;
  const answered = snapshot.me.answer || !state.me.answer;
  const adopted = answered ? snapshot : withMe(snapshot, { ...snapshot.me, answer: state.me.answer });
  return snapshot.seq > state.seq ? adopted : heard.reduce(apply, adopted);
}

/** What is missing before `event` can be applied: events after `state.seq`, the whole state, or nothing. */
export function needs(state, event) {
  if (event.seq > state.seq + 1) return Need.EVENTS;
  if (event.type === "roster.changed" && apply(state, event).me.roster.length !== event.data.players) return Need.STATE;
  return Need.NOTHING;
}

/** The phase that the screen is about: while a game is paused, the phase that it will go on with. */
export function livePhase(state) {
  return state.paused_from ?? state.phase;
}

function questionId(state) {
  return state.question?.id ?? null;
}

/** Whether an answer is one to the running question, in its running vote. */
function isFor(state, { question, round }) {
  return question === questionId(state) && round === state.question.round;
}

/**
 * An answer belongs to the running vote on the running question: with another question, or none, it is forgotten, and
 * with the second vote it is the first choice. The own deadline and the host's first vote go with them.
 */
function withMe(state, me) {
  if (me.role !== "player") return { ...state, me: { ...me, vote: state.discussing ? me.vote : null } };
  const answer = me.answer && isFor(state, me.answer) ? me.answer : null;
  return { ...state, me: { ...me, answer, first: firstChoice(state, me), ends_at: endsAt(state, me) } };
}

/** What this player chose in the first vote, once there is a second one. */
function firstChoice({ question }, { answer, first }) {
  if (!question || question.round === 1) return null;
  return answer?.question === question.id && answer.round === 1 ? answer.choice : first;
}

/** When the open question closes for this player: `allowance` is in percent of everybody's time, 0 without an end. */
function endsAt({ phase, phase_ends_at, question }, { allowance }) {
  if (phase !== "open" || phase_ends_at === null || !question || allowance === 0) return null;
  return phase_ends_at + Math.floor((question.time_limit_ms * (allowance - 100)) / 100);
}

function heard(entry, { away, back }) {
  if (away.includes(entry.player)) return { ...entry, here: false };
  return back.includes(entry.player) ? { ...entry, here: true } : entry;
}

/** The list without those who went; who is added and known already has another name, and keeps the place. */
function enrolled(roster, added, removed) {
  const entries = new Map([...roster, ...added].map((entry) => [entry.player, entry]));
  removed.forEach((player) => entries.delete(player));
  return [...entries.values()];
}
