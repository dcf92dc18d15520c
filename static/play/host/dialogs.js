/** What the host is asked before something that cannot be undone. */

import { refs, setText } from "../dom.js";

export class Dialogs {
  get open() {
    return document.querySelector("dialog[open]") !== null;
  }

  /** Opens `dialog-<name>`; the value of the button that closes it, "" for none. */
  choose(name) {
    const dialog = document.getElementById(`dialog-${name}`);
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true });
    });
  }

  /** True when the host says yes. */
  async ask(name) {
    return (await this.choose(name)) === "yes";
  }

  askFinish(state) {
    const lobby = state.phase === "lobby";
    const text = lobby ? gettext("Nothing was asked yet: the game just closes.") : gettext("The podium follows, with the points so far.");
    setText(refs(document.getElementById("dialog-finish")).text, text);
    return this.ask("finish");
  }
}
