/** A self-paced game as the screens of a game that is led know one. Pure. */

/** The state with the own question in the place of everybody's: open while it can be answered, then revealed. */
export function asLive(state) {
  const { step, question, reveal, answered } = state.me.own;
  return { ...state, phase: step === "answer" ? "open" : "reveal", question, reveal, answered };
}

/** The screen for the state; `at` is where the player wants to be: "start", or "game" for question after question. */
export function screenOf(state, at) {
  const { step, question, reveal } = state.me.own;
  if (step === "closed") return "podium";
  if (step === "answer") return "question";
  if (at === "start" || !question) return "start";
  return reveal ? "reveal" : "received";
}

/** When the page has to look again, in the server's ms: the end of the question or of the game, null for never. */
export function nextMoment({ me, phase, phase_ends_at }) {
  if (phase !== "open") return null;
  return me.own.step === "answer" && me.ends_at !== null ? Math.min(me.ends_at, phase_ends_at) : phase_ends_at;
}

/** The state after `newer` was read: one that was slow on its way takes nothing back, an acknowledged answer least. */
export function adopt(state, newer) {
  if (newer.server_time < state.server_time) return state;
  const same = newer.me.own.question?.id === state.me.own.question?.id;
  if (!same || newer.me.answer || !state.me.answer) return newer;
  return { ...newer, me: { ...newer.me, answer: state.me.answer } };
}
