/** What was right, and what it brought. */

import { refs, setShown, setText } from "../dom.js";
import { isRight, isVotedByOption, rightKeys, view as viewOf } from "../kinds.js";
import { sentences } from "./spoken.js";
import { swing, Votes } from "../votes.js";
import { gained, livesLeft, number, ordinal, out } from "../words.js";
import { showText } from "../../rich/rich.js";

const ICONS = { right: "#icon-tick", partly: "#icon-tick", wrong: "#icon-cross", none: "#icon-clock", voided: "#icon-cross", taken: "#icon-tick", awaited: "#icon-clock" };

/** From so many characters on a question is set smaller here: what was right is to be in sight. */
const LONG_TEXT = 110;

export class Reveal {
  #refs;
  #votes;
  #told = null;
  #toldFor = null;
  #found = null;
  #announcer;

  constructor(root, announcer) {
    this.#refs = refs(root);
    this.#votes = new Votes(root);
    this.#announcer = announcer;
  }

  show({ state }) {
    const found = outcome(state);
    this.#refs.verdict.dataset.outcome = found;
    this.#refs.icon.setAttribute("href", ICONS[found]);
    setText(this.#refs.headline, state.me.out_at === state.question.number ? gettext("You are out") : headline(found, state));
    this.#showResult(state, found);
    this.#found = found;
    showText(this.#refs.text, state.question.text, state.question.rich);
    setShown(this.#refs.text, state.question.text !== "");
    this.#refs.text.classList.toggle("reveal__question--long", state.question.text.length > LONG_TEXT);
    this.#prepare(state.question);
    this.#told.show({ state });
    this.#showVotes(state);
    showText(this.#refs.explanation, state.reveal.explanation, state.reveal.rich);
    setShown(this.#refs.explanation, state.reveal.explanation !== "");
  }

  /** Below what is told of the answers, or in its place where it would be told twice. */
  #showVotes({ question, reveal, me }) {
    setShown(this.#refs.kind, !reveal.first || !isVotedByOption(question));
    if (!reveal.first) return this.#votes.hide();
    const both = { first: reveal.first.counts, second: reveal.counts };
    const own = { first: [me.first ?? []].flat(), second: [me.answer?.choice ?? []].flat() };
    return this.#votes.show(question, { ...both, own, right: rightKeys(question, reveal.right), swing: swing(reveal.first) });
  }

  #prepare({ id, kind }) {
    if (this.#toldFor !== id) this.#told = viewOf(kind, "Told", this.#refs.kind);
    this.#toldFor = id;
  }

  #showResult(state, found) {
    const { me, players } = state;
    const known = !me.answer || me.answer.points !== null;
    const brought = known ? what(me) : "";
    const place = known ? where(me, players) : "";
    setText(this.#refs.gained, brought);
    setText(this.#refs.place, place);
    const turned = this.#found === "awaited" && found !== "awaited" ? headline(found, state) : ""; // The focus has read the heading before.
    if (place) this.#announcer.say(sentences([turned, brought, place]));
  }
}

/** What a question brought; where nothing, how many lives it left. */
function what(me) {
  if (me.answer && me.gained !== 0) return gained(me.gained);
  return me.lives !== null && me.out_at === null ? livesLeft(me.lives) : "";
}

function where(me, players) {
  if (me.out_at !== null) return out(me);
  if (!me.place) return "";
  const values = { place: ordinal(me.place), players: number(players), points: number(me.points) };
  return interpolate(gettext("You are %(place)s of %(players)s, with %(points)s points."), values, true);
}

/**
 * "voided", "none" (no answer), "taken" (nothing is right or wrong), "right", "partly" or "wrong"; "awaited" as long as
 * only the server can tell.
 */
export function outcome({ question, reveal, me }) {
  if (question.voided) return "voided";
  if (!me.answer) return "none";
  if (!question.judged) return "taken";
  const right = me.answer.right ?? isRight(question, me.answer.choice, reveal.right);
  if (right === undefined) return "awaited";
  if (right) return "right";
  return me.answer.points > 0 ? "partly" : "wrong";
}

function headline(found, state) {
  return {
    right: gettext("Right!"),
    partly: gettext("Partly right"),
    wrong: someMissing(state) ? gettext("Some were missing") : gettext("Not this time"),
    none: gettext("No answer this time"),
    taken: gettext("Thank you for your answer"),
    awaited: gettext("Your result comes in a moment"),
    voided: gettext("This question does not count"),
  }[found];
}

/** Whether all that was chosen is right, and more would have been. */
function someMissing({ question, reveal, me }) {
  return Boolean(question.several) && me.answer?.choice.every((id) => reveal.right.includes(id));
}
