/**
 * What is looked at before a game, one function each: (context) => {mood, text, advice}. `mood` is "good", "warm" (it
 * will do) or "bad"; `text` says what was found, `advice` what to do about it, empty when there is nothing to do.
 *
 * context: {page, api, found}. `api` has time(), echo(nonce) and capacity(); `found` keeps what later checks need.
 */

import { number } from "../words.js";
import { Probe, Stage } from "./probe.js";

/** Round trips that are looked at; the middle one counts. */
const SAMPLES = 5;

/** A press of "next" is felt at once, and is felt to lag. */
const QUICK_MS = 150;
const SLOW_MS = 600;

/** A device's clock that is further off is worth a word; no game depends on it. */
const CLOCK_OFF_MS = 2_000;

/** A school's hall; below it a host should know before the doors open. */
const MANY_PLAYERS = 300;

/** To the server and back. Also tells how far the device's clock is off. */
export async function server({ api, found }) {
  const trips = [];
  for (let sample = 0; sample < SAMPLES; sample++) trips.push(await roundTrip(api));
  const { ms, off } = middle(trips);
  found.off = off;
  const text = interpolate(gettext("The server answers in %(ms)s ms."), { ms: whole(ms) }, true);
  if (ms <= QUICK_MS) return good(text);
  return { mood: ms <= SLOW_MS ? "warm" : "bad", text, advice: gettext("The line to the server is slow. Players on it are given the time that their line takes, within limits. A cable, or a place nearer to the Wi-Fi's antenna, helps.") };
}

/** The clock of this device, which no game depends on. */
export async function clock({ found }) {
  if (found.off === undefined) throw new Error("the server was not reached");
  if (Math.abs(found.off) <= CLOCK_OFF_MS) return good(gettext("This device's clock agrees with the server's."));
  const values = { seconds: whole(Math.abs(found.off) / 1000) };
  const text = found.off > 0
    ? interpolate(gettext("This device's clock is %(seconds)s s ahead of the server's."), values, true)
    : interpolate(gettext("This device's clock is %(seconds)s s behind the server's."), values, true);
  return { mood: "warm", text, advice: gettext("Games go by the server's clock, here too. If other devices agree with this one, set the server's clock right (NTP).") };
}

/** The best way, and on it the time from the host's press to the message on a page. */
export function websocket(context) {
  return over(context, "websocket", {
    text: gettext("WebSockets get through: %(ms)s ms from the press of a button to a player's screen."),
    blocked: gettext("WebSockets do not get through."),
    mood: "warm",
    advice: gettext("Something on the way, a proxy most likely, drops “Upgrade”. Games go on over streams, with more work for the server. If the proxy is yours, let it pass Upgrade and Connection on: deploy/nginx.conf shows how."),
  });
}

/** The second way, for networks whose proxies know no WebSocket. */
export function stream(context) {
  return over(context, "stream", {
    text: gettext("Streams get through: %(ms)s ms."),
    blocked: gettext("Streams do not get through, or only in lumps."),
    mood: "warm",
    advice: gettext("A proxy on the way collects what it should pass on at once. Phones on such a network will ask again and again instead. If the proxy is yours, turn its buffering off for the relay."),
  });
}

/** The last way, which needs no more than that pages load. */
export function longpoll(context) {
  return over(context, "longpoll", {
    text: gettext("Plain requests get through: %(ms)s ms."),
    blocked: gettext("Plain requests do not reach the relay."),
    mood: "bad",
    advice: gettext("From here the relay is out of reach: is its port open, is its address right (ORBITED_HOST, ORBITED_PORT)? Meanwhile pages read the game every three seconds."),
  });
}

/** How many players this server can hold. */
export async function capacity({ api }) {
  const { players, bound } = await api.capacity();
  const text = interpolate(gettext("About %(players)s players in one game, by an estimate."), { players: number(players) }, true);
  return { mood: players >= MANY_PLAYERS ? "good" : "warm", text, advice: BOUNDS[bound]() };
}

/** What keeps it from being more, as the server names it. */
const BOUNDS = {
  rule: () => gettext("No game takes more."),
  cpu: () => gettext("More would need faster processor cores, or other work away from this machine."),
  memory: () => gettext("More would need more free memory."),
  descriptors: () => gettext("More would need more open files for each process: LimitNOFILE or ulimit -n."),
};

async function over({ page, api, found }, transport, { text, blocked, mood, advice }) {
  const probe = new Probe(page);
  try {
    await probe.open(transport);
    const times = [];
    for (let sample = 0; sample < SAMPLES; sample++) times.push({ ms: await probe.echo((nonce) => api.echo(nonce)) });
    found.through = true;
    return good(interpolate(text, { ms: whole(middle(times).ms) }, true));
  } catch (error) {
    if (error.stage === Stage.RELAY) return { mood, text: blocked, advice };
    return behind(error.stage);
  } finally {
    probe.close();
  }
}

/** The relay was reached, but what is behind it does not work. */
function behind(stage) {
  if (stage === Stage.ECHO) {
    return { mood: "bad", text: gettext("The broker took us in, but nothing came back."), advice: gettext("Is the broker that the server sends to (STOMP_HOST, STOMP_PORT) the one that the relay leads to? The server's log says whether it reaches it.") };
  }
  return { mood: "bad", text: gettext("The relay answers, the broker behind it does not let us in."), advice: gettext("Is the broker running, does [access] of the relay lead to it, and do server and broker have the same STOMP_TICKET_KEY? The relay's log has the reason.") };
}

async function roundTrip(api) {
  const begin = performance.now();
  const { server_time } = await api.time();
  const ms = performance.now() - begin;
  return { ms, off: Date.now() - ms / 2 - server_time };
}

function middle(samples) {
  return samples.toSorted((one, other) => one.ms - other.ms)[Math.floor(samples.length / 2)];
}

function good(text) {
  return { mood: "good", text, advice: "" };
}

function whole(value) {
  return number(Math.round(value));
}
