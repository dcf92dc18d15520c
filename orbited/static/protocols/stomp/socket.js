/* A TCPSocket as the WebSocket that @stomp/stompjs expects: bytes in and out, readyState 0 to 3. */

const CONNECTING = 0;
const OPEN = 1;
const CLOSED = 3;
const TIMED_OUT = 101; // Orbited.Errors.ConnectionTimeout

/** The page's own TCPSocket, or that of Orbited.js, as it is now. */
function makeTCPSocket() {
  const TCPSocket = globalThis.TCPSocket ?? globalThis.Orbited?.TCPSocket;
  if (!TCPSocket) throw new Error("STOMPClient needs TCPSocket: load Orbited.js before connect is called");
  return new TCPSocket();
}

class Socket {
  readyState = CONNECTING;
  onopen = null;
  onmessage = null;
  onclose = null;

  /** `opened()` is called after the client was, so that CONNECT goes before anything of the page. */
  constructor(host, port, opened) {
    this.url = host + ":" + port;
    this.tcp = makeTCPSocket();
    this.tcp.onopen = () => {
      this.readyState = OPEN;
      this.onopen();
      opened();
    };
    this.tcp.onread = (text) => this.onmessage({ data: Uint8Array.from(text, (byte) => byte.charCodeAt(0)) });
    this.tcp.onclose = (code) => this.#closed(code);
    this.tcp.open(host, port, true);
  }

  send(data) {
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : new Uint8Array(data);
    this.tcp.send(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  }

  close() {
    this.tcp.close();
  }

  reset() {
    this.tcp.reset();
  }

  /** The client has heard nothing for too long. */
  terminate() {
    this.#closed(TIMED_OUT);
    this.tcp.reset();
  }

  #closed(code) {
    if (this.readyState === CLOSED) return;
    this.readyState = CLOSED;
    const { reason = null, retryAfterMs = null } = this.tcp; // what a TCPSocket of 2010 does not know
    this.onclose({ code, reason, retryAfterMs });
  }
}
