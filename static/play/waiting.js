/** The page of somebody who waits to be let in: asks now and then, as often as the server says, and goes on by itself. */

import { setText } from "./dom.js";

/** An answer that took longer is as good as lost. */
const LIMIT_MS = 8_000;

const page = JSON.parse(document.getElementById("page").textContent);
const status = document.querySelector("[data-status]");
let wait = page.again_in_ms;

/** A random fifth on top, so that those who came together do not ask in step. */
function later() {
  setTimeout(look, wait * (1 + Math.random() / 5));
}

async function look() {
  try {
    const answer = await ask();
    if (answer.door !== "waiting") return location.reload();
    wait = answer.again_in_ms;
    setText(status, "");
  } catch {
    setText(status, gettext("Connection lost. This page tries again by itself."));
  }
  return later();
}

/** How it stands; without `door` when the server does not know this browser any more. Throws when the line is down. */
async function ask() {
  const options = { headers: { Accept: "application/json" }, cache: "no-store", signal: AbortSignal.timeout(LIMIT_MS) };
  const response = await fetch(page.urls.door, options);
  if (response.status >= 500 || response.status === 429) throw new Error(`status ${response.status}`);
  return response.json();
}

later();
