/** Options to choose from: one tap answers, or several and "send". True or false and polls look the same. */

import { setShown, setText } from "../dom.js";
import { OptionList, share } from "../optionlist.js";
import { letter, number } from "../words.js";

/** Of the longest option: from so many characters on, the options are set smaller, so that all of them are in sight. */
const WORDY_CHOICE = 60;
const VERY_WORDY_CHOICE = 120;

/** All right options where several are asked for, else any of them. */
export function isRight({ several }, chosen, right) {
  return chosen.every((id) => right.includes(id)) && (!several || chosen.length === right.length);
}

/** Characters of the longest option. */
function longest(choices) {
  return Math.max(0, ...choices.map(({ text }) => text.length));
}

export class Ask {
  #list;
  #options;
  #handlers;
  #question = null;
  #isOpen = false;
  #picked = new Set();

  constructor(root, handlers) {
    this.#list = root.querySelector('[data-ref="options"]');
    this.#options = new OptionList(root);
    this.#handlers = handlers;
  }

  get needsSending() {
    return this.#question.several;
  }

  get choice() {
    return this.#picked.size ? [...this.#picked] : null;
  }

  hint(phase, { several, judged }) {
    if (phase === "reading") return gettext("The choices come in a moment.");
    if (!several) return gettext("Choose one.");
    return judged ? gettext("More than one is right. Choose them all, then send.") : gettext("Choose one or more, then send.");
  }

  show({ question, isOpen, given }) {
    this.#question = question;
    this.#isOpen = isOpen;
    const chosen = given ?? [...this.#picked];
    this.#list.classList.toggle("options--wordy", longest(question.choices) > WORDY_CHOICE);
    this.#options.show(question.choices, (parts, { id }, index, button) => {
      button.setAttribute("aria-pressed", chosen.includes(id));
      button.setAttribute("aria-disabled", !isOpen);
      button.onclick = () => this.#choose(id);
    });
  }

  /** 1 to 6 or A to F. */
  key(event) {
    const index = "123456".includes(event.key) ? Number(event.key) - 1 : "ABCDEF".indexOf(event.key.toUpperCase());
    const choice = this.#question.choices[index];
    if (choice) this.#choose(choice.id);
  }

  #choose(id) {
    if (!this.#isOpen) return;
    if (!this.#question.several) {
      this.#handlers.give([id]);
      return;
    }
    if (!this.#picked.delete(id)) this.#picked.add(id);
    this.#handlers.changed();
  }
}

export class Told {
  #options;

  constructor(root) {
    this.#options = new OptionList(root);
  }

  show({ state }) {
    this.#options.show(state.question.choices, (parts, choice, index, element) => told(state, parts, choice, element));
  }
}

function told(state, parts, choice, element) {
  const { judged } = state.question;
  const right = state.reveal.right.includes(choice.id);
  const own = state.me.answer?.choice.includes(choice.id) ?? false;
  element.classList.toggle("option--right", right);
  element.classList.toggle("option--faded", judged && !right);
  setText(parts.note, judged ? verdict(right, own) : chosen(own));
  setText(parts.count, number(state.reveal.counts[choice.id] ?? 0));
  parts.bar.style.setProperty("--share", share(state, choice.id));
}

function verdict(right, own) {
  if (right && own) return gettext("✓ Right, your choice");
  if (right) return gettext("✓ Right");
  return own ? gettext("✗ Your choice") : "";
}

function chosen(own) {
  return own ? gettext("Your choice") : "";
}

export class Stage {
  #stage;
  #options;

  constructor(root) {
    this.#stage = root.closest(".stage");
    this.#options = new OptionList(root);
  }

  note(phase, { several, judged }) {
    if (phase === "reading") return gettext("The choices come in a moment.");
    if (!several) return "";
    return judged ? gettext("More than one is right.") : gettext("More than one may be chosen.");
  }

  show({ state }) {
    const { choices } = state.question;
    const most = longest(choices);
    this.#stage.classList.toggle("stage--full", choices.length > 4 || most > VERY_WORDY_CHOICE);
    this.#stage.classList.toggle("stage--wordy", most > WORDY_CHOICE);
    this.#options.show(choices, (parts, choice, index, element) => staged(state, parts, choice, index, element));
  }

  hide() {
    this.#stage.classList.remove("stage--full", "stage--wordy");
  }
}

function staged(state, parts, choice, index, element) {
  const revealed = state.phase === "reveal";
  const right = revealed && state.reveal.right.includes(choice.id);
  setText(parts.spoken, `${letter(index)}: `);
  element.classList.toggle("option--right", right);
  element.classList.toggle("option--faded", revealed && state.question.judged && !right);
  setShown(parts.right, right);
  setText(parts.count, revealed ? number(state.reveal.counts[choice.id] ?? 0) : "");
  parts.bar.style.setProperty("--share", revealed ? share(state, choice.id) : 0);
}
