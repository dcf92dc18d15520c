/** What was right, and what it brought. */

import { refs, setShown, setText } from "../dom.js";
import { OptionList, share } from "../optionlist.js";
import { gained, number, ordinal } from "../words.js";

const ICONS = { right: "#icon-tick", partly: "#icon-tick", wrong: "#icon-cross", none: "#icon-clock", voided: "#icon-cross" };

export class Reveal {
  #refs;
  #options;
  #announcer;

  constructor(root, announcer) {
    this.#refs = refs(root);
    this.#options = new OptionList(root);
    this.#announcer = announcer;
  }

  show({ state }) {
    const found = outcome(state);
    this.#refs.verdict.dataset.outcome = found;
    this.#refs.icon.setAttribute("href", ICONS[found]);
    setText(this.#refs.headline, headline(found));
    this.#showResult(state, found);
    setText(this.#refs.text, state.question.text);
    this.#options.show(state.question.choices, (parts, choice, index, element) => fill(state, parts, choice, element));
    setText(this.#refs.explanation, state.reveal.explanation);
    setShown(this.#refs.explanation, state.reveal.explanation !== "");
  }

  #showResult({ me, players }, found) {
    const known = !me.answer || me.answer.right !== null;
    const place = known && me.place ? interpolate(
      gettext("You are %(place)s of %(players)s, with %(points)s points."),
      { place: ordinal(me.place), players: number(players), points: number(me.points) },
      true,
    ) : "";
    setText(this.#refs.gained, known && me.answer ? gained(me.gained) : "");
    setText(this.#refs.place, place);
    if (place) this.#announcer.say(`${gained(me.gained)} ${place}`);
  }
}

/** "right", "partly", "wrong", "none" (no answer) or "voided"; known from the reveal itself, but for "partly". */
export function outcome({ question, reveal, me }) {
  if (question.voided) return "voided";
  if (!me.answer) return "none";
  if (me.answer.right ?? fits(question, me.answer.choice, reveal.right)) return "right";
  return me.answer.points > 0 ? "partly" : "wrong";
}

/** All right options where several are asked for, else any of them. */
function fits({ several }, chosen, right) {
  return chosen.every((id) => right.includes(id)) && (!several || chosen.length === right.length);
}

function headline(found) {
  return {
    right: gettext("Right!"),
    partly: gettext("Partly right"),
    wrong: gettext("Not this time"),
    none: gettext("No answer this time"),
    voided: gettext("This question does not count"),
  }[found];
}

function fill(state, parts, choice, element) {
  const right = state.reveal.right.includes(choice.id);
  const own = state.me.answer?.choice.includes(choice.id) ?? false;
  element.classList.toggle("option--right", right);
  element.classList.toggle("option--faded", !right);
  setText(parts.note, note(right, own));
  setText(parts.count, number(state.reveal.counts[choice.id] ?? 0));
  parts.bar.style.setProperty("--share", share(state, choice.id));
}

function note(right, own) {
  if (right && own) return gettext("✓ Right, your choice");
  if (right) return gettext("✓ Right");
  return own ? gettext("✗ Your choice") : "";
}
