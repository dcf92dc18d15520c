/**
 * A TCPSocket of the relay, dressed as the WebSocket that a STOMP client expects (stompjs' IStompSocket): bytes in
 * and out, `onopen onmessage onclose`, `readyState` 0 to 3.
 */

const CONNECTING = 0;
const OPEN = 1;
const CLOSED = 3;

export class RelaySocket {
  binaryType = "arraybuffer";
  readyState = CONNECTING;
  onopen = null;
  onmessage = null;
  onclose = null;
  onerror = null;
  /** The line to the relay is gone, the socket still stands; and the line is there again, with all that was sent. */
  onlost = null;
  onback = null;
  #socket;

  /**
   * `relay` and `broker` are {host, port}: where the browser finds the relay (an empty host is the page's own) and
   * where the relay finds the broker. `Orbited` is the global of Orbited.js.
   */
  constructor(relay, broker, Orbited = globalThis.Orbited) {
    if (!Orbited) throw new Error("Orbited.js is not loaded: see ORBITED_MEDIA_URL");
    Orbited.settings.hostname = relay.host || location.hostname;
    Orbited.settings.port = relay.port;
    this.url = `${Orbited.settings.hostname}:${relay.port} -> ${broker.host}:${broker.port}`;
    this.#socket = new Orbited.TCPSocket();
    this.#socket.onopen = () => this.#opened();
    this.#socket.onread = (bytes) => this.onmessage?.({ data: bytes });
    this.#socket.onclose = (code) => this.#closed(code);
    this.#socket.onlost = () => this.onlost?.();
    this.#socket.onback = () => this.onback?.();
    this.#socket.open(broker.host, broker.port, "bytes");
  }

  /** After a close: how long the relay asks us to wait before the next try, in ms; null when it does not say. */
  get retryAfterMs() {
    return this.#socket.retryAfterMs;
  }

  /** What the relay has measured of the line, signed for the server, or null. */
  get line() {
    return this.#socket.line;
  }

  send(data) {
    this.#socket.send(typeof data === "string" ? new TextEncoder().encode(data) : data);
  }

  close() {
    this.#socket.close();
  }

  /** Gives the connection up at once, without waiting for the other side (stompjs calls it on a silent line). */
  terminate() {
    this.#closed("given up");
    this.#socket.reset();
  }

  #opened() {
    this.readyState = OPEN;
    this.onopen?.({});
  }

  #closed(code) {
    if (this.readyState === CLOSED) return;
    this.readyState = CLOSED;
    this.onclose?.({ code, reason: `relay: ${code}`, wasClean: false });
  }
}
