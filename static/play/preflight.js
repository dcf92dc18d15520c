/** The page on which a host sees before a game whether all is well: one check after the other, then one sentence. */

import { Api } from "./api.js";
import { setShown, setText } from "./dom.js";
import * as checks from "./preflight/checks.js";

const page = JSON.parse(document.getElementById("page").textContent);
const api = new Api(page.urls, null);
const rows = [...document.querySelectorAll("[data-check]")];
const verdict = document.querySelector("[data-verdict]");
const again = document.querySelector("[data-again]");

const calls = {
  time: () => api.read("time"),
  echo: (nonce) => api.act("echo", { nonce }),
  capacity: () => api.act("capacity", {}),
};

async function look() {
  again.disabled = true;
  verdict.dataset.mood = "";
  setText(verdict, gettext("Looking…"));
  rows.forEach((row) => write(row, { mood: "", text: gettext("Not yet."), advice: "" }));
  const context = { page, api: calls, found: {} };
  for (const row of rows) write(row, await judged(row, context));
  conclude(context.found);
  again.disabled = false;
}

async function judged(row, context) {
  write(row, { mood: "wait", text: gettext("Looking…"), advice: "" });
  try {
    return await checks[row.dataset.check](context);
  } catch (error) {
    console.warn(row.dataset.check, error);
    return { mood: "bad", text: gettext("This could not be found out."), advice: gettext("The server did not answer. Is this device still on the network? Are you still logged in?") };
  }
}

function write(row, { mood, text, advice }) {
  const part = (name) => row.querySelector(`[data-ref="${name}"]`);
  row.dataset.mood = mood;
  setText(part("mark"), MARKS[mood] ?? "");
  setText(part("text"), text);
  setText(part("advice"), advice);
  setShown(part("advice"), advice !== "");
}

/** Told by shape as well as colour. */
const MARKS = { good: "✓", warm: "!", bad: "✗" };

/** Games go on over whatever gets through; without a live line they go on too, by asking. */
function conclude({ through }) {
  const moods = rows.map((row) => row.dataset.mood);
  verdict.dataset.mood = !through ? "bad" : moods.every((mood) => mood === "good") ? "good" : "warm";
  setText(verdict, VERDICTS[verdict.dataset.mood]());
}

const VERDICTS = {
  good: () => gettext("All is well. You can begin."),
  warm: () => gettext("Games work here. One thing or other could be better."),
  bad: () => gettext("Mend what is marked before you begin."),
};

again.addEventListener("click", look);
look();
