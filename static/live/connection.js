/**
 * One kept STOMP connection of a page: connects, subscribes, tells when it is up, and comes back after a loss.
 *
 * Every browser uses the same subscription ids (given by the page), so that the broker encodes a broadcast once.
 * A message may be lost while the connection is down: after each `up` the page reads its snapshot anew. `up` comes
 * when the broker has confirmed the subscriptions, so nothing falls between the snapshot and the first message.
 */

import "../vendor/stompjs/stomp.umd.min.js";
import { delay } from "./backoff.js";
import { RelaySocket } from "./relaysocket.js";

/** Both ways: a locked phone or a pulled cable is noticed after two of them. */
const HEARTBEAT_MS = 10_000;
/** From opening the socket to CONNECTED; the broker itself gives a client ten seconds. */
const CONNECT_LIMIT_MS = 10_000;
const SUBSCRIBED = "subscribed";

export class Connection {
  #options;
  #client = null;
  #socket = null;
  #tries = 0;
  #timer = null;
  #refused = false;
  #stopped = false;

  /**
   * options:
   *   relay           {host, port}
   *   broker          {host, port, login, virtual_host, send_headers, destinations: {our name: as the broker spells it}}
   *   ticket          what CONNECT gives as passcode
   *   renew           async () => a fresh ticket; asked after the broker refused the one we have
   *   subscriptions   {id: destination}
   *   onmessage       (frame) for every MESSAGE; its destination has our name
   *   onchange        ({name: "connecting" | "up" | "waiting", retryAt}): retryAt in ms of performance.now(), or
   *                   null while the relay's session itself looks for a new line
   */
  constructor(options) {
    this.#options = { ...options };
    addEventListener("online", () => this.#hurry());
    addEventListener("offline", () => this.#client?.forceDisconnect());
    document.addEventListener("visibilitychange", () => document.hidden || this.#hurry());
  }

  async start() {
    this.#stopped = false;
    this.#timer = null;
    this.#tell("connecting");
    try {
      if (this.#refused) await this.#renew();
      if (!this.#stopped) this.#connect();
    } catch (error) {
      console.warn("live connection:", error);
      this.#retry();
    }
  }

  /** Sends `data` as JSON when the line is up; whether it was. There is no receipt: for what may be lost. */
  send(destination, data) {
    if (!this.#client?.connected) return false;
    const { broker } = this.#options;
    this.#client.publish({
      destination: broker.destinations[destination],
      headers: broker.send_headers,
      body: JSON.stringify(data),
    });
    return true;
  }

  /** What the relay has measured of the line to it, signed for the server; null while it is unknown. */
  get line() {
    return this.#socket?.line ?? null;
  }

  /** For good: no further try, nothing more is told. */
  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#client?.deactivate({ force: true });
    this.#client = null;
  }

  async #renew() {
    this.#options.ticket = await this.#options.renew();
    this.#refused = false;
  }

  #connect() {
    const { relay, broker, ticket } = this.#options;
    const socket = new RelaySocket(relay, broker);
    this.#socket = socket;
    const client = new globalThis.StompJs.Client({
      webSocketFactory: () => socket,
      connectHeaders: { login: broker.login, passcode: ticket, host: broker.virtual_host },
      heartbeatIncoming: HEARTBEAT_MS,
      heartbeatOutgoing: HEARTBEAT_MS,
      connectionTimeout: CONNECT_LIMIT_MS,
      discardWebsocketOnCommFailure: true,
      forceBinaryWSFrames: true,
      reconnectDelay: 0, // this class waits: it adds jitter and tells the page how long
    });
    socket.onlost = () => client.connected && this.#tell("waiting");
    socket.onback = () => client.connected && this.#tell("up");
    client.onConnect = () => this.#subscribe(client);
    client.onStompError = (frame) => this.#refuse(frame);
    client.onWebSocketClose = () => this.#lost(client, socket.retryAfterMs);
    this.#client = client;
    client.activate();
  }

  #subscribe(client) {
    client.watchForReceipt(SUBSCRIBED, () => this.#up());
    const { broker, onmessage } = this.#options;
    const subscriptions = Object.entries(this.#options.subscriptions);
    subscriptions.forEach(([id, destination], index) => {
      const last = index === subscriptions.length - 1;
      const receive = ({ headers, body }) => onmessage({ headers: { ...headers, destination }, body });
      client.subscribe(broker.destinations[destination], receive, last ? { id, receipt: SUBSCRIBED } : { id });
    });
  }

  #up() {
    this.#tries = 0;
    this.#tell("up");
  }

  #refuse(frame) {
    console.warn("live connection refused:", frame.headers.message);
    this.#refused = true;
  }

  #lost(client, retryAfterMs) {
    if (client !== this.#client) return;
    this.#client = null;
    client.deactivate({ force: true });
    this.#retry(retryAfterMs ?? 0);
  }

  /** A relay that goes down tells each page another time: they are not all to meet its successor at once. */
  #retry(leastMs = 0) {
    if (this.#stopped) return;
    const wait = Math.max(leastMs, delay(this.#tries++));
    this.#timer = setTimeout(() => this.start(), wait);
    this.#tell("waiting", performance.now() + wait);
  }

  /** The network or the person is back: no reason to sit out the rest of the wait. */
  #hurry() {
    if (this.#stopped || this.#client || !this.#timer) return;
    clearTimeout(this.#timer);
    this.start();
  }

  #tell(name, retryAt = null) {
    if (!this.#stopped) this.#options.onchange({ name, retryAt });
  }
}
