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
  "counts.changed": (state, { players, expected, answered, question }) => ({
    ...state,
    players,
    expected,
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
  "player.named": (state, { nickname }) => withMe(state, { ...state.me, nickname }),
  "player.result": (state, { me }) => withMe(state, { ...me, answer: me.answer ?? state.me.answer }),
  "player.moved": (state, { seat }) => withMe(state, { ...state.me, seat }),
  "player.kicked": (state) => withMe(state, { ...state.me, kicked: true }),
  "answer.received": (state, receipt) => {
    if (receipt.question !== questionId(state) || state.me.answer) return state;
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

/** An answer belongs to the running question: with another one, or none, it is forgotten. So does the own deadline. */
function withMe(state, me) {
  const stale = me.answer && me.answer.question !== questionId(state);
  const own = me.role === "player" ? { ...me, ends_at: endsAt(state, me) } : me;
  return { ...state, me: stale ? { ...own, answer: null } : own };
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
