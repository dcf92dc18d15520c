/** An answer that is typed and sent. */

import { repeat, setShown, setText, View } from "../dom.js";
import { share } from "../optionlist.js";
import { Typing } from "../typing.js";
import { number } from "../words.js";

/** Keys that write something; the others have names of several letters. */
const WRITES = /^.$/su;

export class Ask extends Typing {
  constructor(root, { changed }) {
    super(root, WRITES);
    this.refs.answer.addEventListener("input", changed);
  }

  get choice() {
    return this.refs.answer.value.trim() || null;
  }

  hint(phase) {
    return phase === "reading" ? gettext("You can type your answer in a moment.") : gettext("Type your answer, then send.");
  }

  show({ question, isOpen, given }) {
    if (given !== null) this.refs.answer.value = given;
    this.open(question, isOpen);
  }
}

export class Told extends View {
  show({ state }) {
    const own = state.me.answer?.choice ?? "";
    setText(this.refs.own, own);
    setShown(this.refs.given, own !== "");
    setText(this.refs.right, state.reveal.right.join(" · "));
    showLines(this, state);
  }
}

export class Stage extends View {
  note(phase) {
    return phase === "reading" ? gettext("Answers can be typed in a moment.") : gettext("Type your answer.");
  }

  show({ state }) {
    setShown(this.refs.lines, state.phase === "reveal");
    if (state.phase === "reveal") showLines(this, state);
  }
}

/** What was typed, right spellings first, then the most frequent. */
function showLines({ root, refs }, state) {
  const { right, counts } = state.reveal;
  const lines = Object.entries(counts).filter(([text, count]) => count > 0 || text === right[0]);
  lines.sort(([a, m], [b, n]) => right.includes(b) - right.includes(a) || n - m);
  repeat(refs.lines, root.querySelector("[data-line]"), lines, ([text]) => text, (parts, [text, count], index, element) => {
    const isRight = right.includes(text);
    element.classList.toggle("typed__line--right", isRight);
    setText(parts.text, text);
    setShown(parts.mark, isRight);
    setText(parts.count, number(count));
    parts.bar.style.setProperty("--share", share(state, text));
  });
}
