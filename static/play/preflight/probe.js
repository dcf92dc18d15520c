/** One STOMP connection over one way to the relay, tried once and without patience: what a player's page would meet. */

import "../../vendor/stompjs/stomp.umd.min.js";
import { RelaySocket } from "../../live/relaysocket.js";
import { uuid } from "../uuid.js";

/** From the first byte to the confirmed subscription. A page of a game is more patient; nobody would wait for it. */
const OPEN_LIMIT_MS = 6_000;
/** From the call to the message that it sends us. */
const ECHO_LIMIT_MS = 4_000;

/** Where it ended: at the relay, at the broker behind it, or on the way back from the server. */
export const Stage = Object.freeze({ RELAY: "relay", BROKER: "broker", ECHO: "echo" });

/** With these the relay closes a socket whose target it did not reach, or may not: it has been reached itself. */
const RELAYS_OWN_CODES = [106, 108, 201];

/** What a broker that refuses us amounts to. */
const REFUSED = 201;

const OPEN = 1;

class ProbeError extends Error {
  constructor(stage) {
    super(stage);
    this.stage = stage;
  }
}

export class Probe {
  #page;
  #socket = null;
  #client = null;
  #waiting = new Map(); // nonce: resolve

  /** `page` has relay, broker, ticket and the destination that echoes. */
  constructor(page) {
    this.#page = page;
  }

  /** Connects and subscribes over `transport` (null: as a game's page would choose); milliseconds that it took. */
  async open(transport) {
    const begin = performance.now();
    Orbited.settings.transport = transport;
    try {
      await limited(this.#connect(), OPEN_LIMIT_MS);
    } catch (closed) {
      throw new ProbeError(this.#reached(closed) ? Stage.BROKER : Stage.RELAY);
    }
    return performance.now() - begin;
  }

  /** `call(nonce)` asks the server to send it to us; milliseconds from the call to the message. */
  async echo(call) {
    const nonce = uuid();
    const begin = performance.now();
    const back = new Promise((resolve) => this.#waiting.set(nonce, resolve));
    try {
      await limited(Promise.all([call(nonce), back]), ECHO_LIMIT_MS);
    } catch {
      throw new ProbeError(Stage.ECHO);
    }
    return performance.now() - begin;
  }

  close() {
    this.#client?.deactivate({ force: true });
    Orbited.settings.transport = null;
  }

  #connect() {
    const { relay, broker, ticket, destination } = this.#page;
    this.#socket = new RelaySocket(relay, broker);
    return new Promise((resolve, reject) => {
      this.#client = new globalThis.StompJs.Client({
        webSocketFactory: () => this.#socket,
        connectHeaders: { login: broker.login, passcode: ticket, host: broker.virtual_host },
        discardWebsocketOnCommFailure: true,
        forceBinaryWSFrames: true,
        reconnectDelay: 0,
        onConnect: () => {
          this.#client.watchForReceipt("ready", resolve);
          const receive = ({ body }) => this.#receive(JSON.parse(body));
          this.#client.subscribe(broker.destinations[destination], receive, { id: "echo", receipt: "ready" });
        },
        onStompError: () => reject({ code: REFUSED }),
        onWebSocketClose: reject,
      });
      this.#client.activate();
    });
  }

  #reached(closed) {
    return this.#socket.readyState === OPEN || RELAYS_OWN_CODES.includes(closed?.code);
  }

  #receive({ data }) {
    this.#waiting.get(data.nonce)?.();
    this.#waiting.delete(data.nonce);
  }
}

function limited(promise, ms) {
  return Promise.race([promise, new Promise((_, reject) => setTimeout(reject, ms))]);
}
