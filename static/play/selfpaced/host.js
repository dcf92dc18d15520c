/** The page of who handed a game out: the link, the closing date, the people, and who is how far, asked for every few seconds. */

import { Api, ApiError } from "../api.js";
import { Clock } from "../clock.js";
import { refs, repeat, setShown, setText } from "../dom.js";
import { Dialogs } from "../host/dialogs.js";
import { atTheDoor } from "../host/door.js";
import { People } from "../host/people.js";
import { number, players, spacedPin } from "../words.js";
import { fromLocalValue, localValue, moment, zone } from "./dates.js";

/** While somebody looks; after each failure in a row twice as long, up to the other. */
const LOOK_MS = 5_000;
const LONGEST_MS = 60_000;

const page = JSON.parse(document.getElementById("page").textContent);
const root = document.querySelector("[data-own-host]");
const parts = refs(root);
const template = root.querySelector("[data-line]");
const api = new Api(page.urls, new Clock());
const people = new People(new Dialogs(), (name, body) => act(name, body));
let progress = null;
let failures = 0;
let timer = null;

async function look() {
  clearTimeout(timer);
  try {
    const [far, state] = await Promise.all([api.read("own_progress"), api.state()]);
    show(far);
    showPeople(state);
    if (failures) say("");
    failures = 0;
  } catch (error) {
    failures++;
    const isRefused = error instanceof ApiError && !error.passing;
    say(isRefused ? error.message : gettext("Connection lost. This page tries again by itself."));
  }
  clearTimeout(timer);
  if (!document.hidden && progress?.phase !== "ended") timer = setTimeout(look, Math.min(LONGEST_MS, LOOK_MS * 2 ** failures));
}

function show(newer) {
  if (newer.closes_at !== progress?.closes_at) showClosing(newer.closes_at);
  progress = newer;
  for (const [part, value] of [["waiting", newer.waiting], ["underWay", newer.under_way], ["through", newer.through]]) {
    setText(parts[part], number(value));
  }
  setShown(parts.nobody, newer.players === 0);
  setShown(parts.table, newer.players > 0);
  repeat(parts.lines, template, newer.lines, (line) => line.player, fill);
  const hidden = newer.players - newer.lines.length;
  const more = ngettext("and %(count)s more", "and %(count)s more", hidden);
  setText(parts.more, hidden > 0 ? interpolate(more, { count: number(hidden) }, true) : "");
}

function fill(cells, line) {
  setText(cells.place, line.opened ? number(line.place) : "–");
  setText(cells.name, line.nickname);
  const values = { done: number(line.done), total: number(progress.total) };
  setText(cells.done, interpolate(gettext("%(done)s of %(total)s"), values, true));
  cells.bar.style.setProperty("--share", line.done / progress.total);
  setText(cells.points, number(line.points));
}

/** How many are in, and how many would like to be, on the button that opens their list. */
function showPeople(state) {
  const { knocks } = state.me.door;
  setText(parts.people, knocks ? `${players(state.players)} · ${atTheDoor(knocks)}` : players(state.players));
  people.show(state);
}

function showClosing(at) {
  const open = at !== null;
  setText(parts.until, open ? interpolate(gettext("Open until %(date)s."), { date: moment(at) }, true) : gettext("This game has closed."));
  setShown(parts.closing, open);
  setShown(parts.handOut, open);
  if (open) parts.date.value = localValue(at);
}

async function act(name, body, done = "") {
  people.say("");
  try {
    await api.act(name, { version: progress?.version, ...body });
    say(done);
  } catch (error) {
    const text = error instanceof ApiError ? error.message : gettext("That did not arrive. Please try again.");
    say(text);
    people.say(text);
  }
  look();
}

function say(text) {
  setText(parts.status, text);
}

parts.form.addEventListener("submit", (event) => {
  event.preventDefault();
  act("own_closing", { closes_at: fromLocalValue(parts.date.value) }, gettext("The closing date has been moved."));
});
parts.close.addEventListener("click", () => {
  parts.dialog.returnValue = "";
  parts.dialog.showModal();
});
parts.dialog.addEventListener("close", () => parts.dialog.returnValue && act("finish", {}, gettext("The game has closed.")));
parts.people.addEventListener("click", () => people.open());
parts.copy.addEventListener("click", async () => {
  parts.link.select();
  await navigator.clipboard?.writeText(parts.link.value).catch(() => {});
  setText(parts.copy, gettext("Copied"));
});
document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : look()));

parts.link.value = page.join_link;
setText(parts.pin, spacedPin(page.state.pin));
setText(parts.zone, interpolate(gettext("Your time zone: %(zone)s"), { zone: zone() }, true));
showClosing(page.state.phase === "open" ? page.state.phase_ends_at : null);
showPeople(page.state);
look();
