/** What was right, and what it brought. */

import { refs, setShown, setText } from "../dom.js";
import { isRight, rightKeys, view as viewOf } from "../kinds.js";
import { swing, Votes } from "../votes.js";
import { gained, number, ordinal, out } from "../words.js";
import { showText } from "../../rich/rich.js";

const ICONS = { right: "#icon-tick", partly: "#icon-tick", wrong: "#icon-cross", none: "#icon-clock", voided: "#icon-cross", taken: "#icon-tick", awaited: "#icon-clock" };

export class Reveal {
  #refs;
  #votes;
  #told = null;
  #toldFor = null;
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
    setText(this.#refs.headline, state.me.out_at === state.question.number ? gettext("You are out") : headline(found));
    this.#showResult(state, found);
    showText(this.#refs.text, state.question.text, state.question.rich);
    setShown(this.#refs.text, state.question.text !== "");
    this.#prepare(state.question);
    this.#told.show({ state });
    this.#showVotes(state);
    showText(this.#refs.explanation, state.reveal.explanation, state.reveal.rich);
    setShown(this.#refs.explanation, state.reveal.explanation !== "");
  }

  #showVotes({ question, reveal }) {
    if (!reveal.first) return this.#votes.hide();
    const both = { first: reveal.first.counts, second: reveal.counts };
    return this.#votes.show(question, { ...both, right: rightKeys(question, reveal.right), swing: swing(reveal.first) });
  }

  #prepare({ id, kind }) {
    if (this.#toldFor !== id) this.#told = viewOf(kind, "Told", this.#refs.kind);
    this.#toldFor = id;
  }

  #showResult({ me, players }, found) {
    const known = !me.answer || me.answer.points !== null;
    const place = known && me.place ? interpolate(
      gettext("You are %(place)s of %(players)s, with %(points)s points."),
      { place: ordinal(me.place), players: number(players), points: number(me.points) },
      true,
    ) : "";
    setText(this.#refs.gained, known && me.answer ? gained(me.gained) : "");
    setText(this.#refs.place, known && me.out_at !== null ? out(me) : place);
    if (place) this.#announcer.say(`${gained(me.gained)} ${place}`);
  }
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

function headline(found) {
  return {
    right: gettext("Right!"),
    partly: gettext("Partly right"),
    wrong: gettext("Not this time"),
    none: gettext("No answer this time"),
    taken: gettext("Thank you for your answer"),
    awaited: gettext("Your result comes in a moment"),
    voided: gettext("This question does not count"),
  }[found];
}

