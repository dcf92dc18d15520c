/*
 * Orbited.js: TCP sockets for web pages, by way of the relay. A classic script; its only global is Orbited.
 *
 *     const socket = new Orbited.TCPSocket();
 *     socket.onopen = () => socket.send("hello");
 *     socket.onread = (text) => console.log(text);
 *     socket.onclose = (code) => console.log(code);   // a code of Orbited.Errors or Orbited.Statuses
 *     socket.open("localhost", 61613);                // as seen from the relay; its [access] must allow it
 *
 * While the line to the relay is lost the socket stays open and comes back by itself: onlost and onback tell of it.
 *
 * open's third argument says what send takes and onread gets: nothing or false for text (UTF-8), true for strings with
 * one character for each byte, "bytes" for Uint8Array. What passes over the wire stands in docs/orbited-protocol.md.
 */
(function () {
  "use strict";

  const PACKET_BYTES = 32 * 1024; // of data in one packet of ours; the relay takes 64 KiB in a message or a POST
  const POST_PACKETS_BYTES = 40 * 1024; // of data in one POST, which base64 makes a third longer
  const KEEPALIVE_BYTES = 60 * 1024; // what a browser still sends for a page that is being left
  const OPEN_TIMEOUT_MS = 5000; // a WebSocket that is silent for so long is blocked on the way
  const GRACE_MS = 60000; // the relay keeps the session of a lost line for so long
  const RETRY_MS = 2000; // the first return comes within this time, at random: not everybody at once
  const RETRY_MOST_MS = 10000;
  const POST_RETRY_MS = 250;
  const ANSWER_MS = 10000; // a request that does not wait for packets is answered by then, or its line is dead
  const ACK_PACKETS = 64; // a WebSocket acknowledges after so many packets,
  const ACK_BYTES = 64 * 1024; // so many bytes,
  const ACK_MS = 10000; // or so long, whatever comes first,
  const ACK_LEAST_MS = 50; // but no more often than this
  const PACKETS_PER_SECOND = 15; // the relay allows 20 in the long run
  const PACKETS_BURST = 20; // and 50 at once, those included that a new line sends again
  const GREETING_PACKETS = 2; // numbers that the polling wire spends before the first packet that counts
  const WATCH_MS = 5000;
  const BLOCKED_MS = 300000; // after WebSockets had to be given up for polling, no others are tried for so long

  const Errors = {
    ConnectionTimeout: 101,
    InvalidHandshake: 102,
    UserConnectionReset: 103,
    Unauthorized: 106,
    RemoteConnectionFailed: 108,
  };
  const Statuses = { ServerClosedConnection: 201, SocketControlKilled: 301 };

  const settings = {
    hostname: location.hostname,
    port: location.port || (location.protocol === "https:" ? "443" : "80"),
    protocol: location.protocol === "https:" ? "https" : "http",
    transport: null, // "websocket" or "longpoll" to force one
  };

  let blockedUntil = 0; // when WebSockets are worth trying again

  function relayUrl() {
    const usual = settings.protocol === "https" ? ["443", "80"] : ["80"];
    const port = usual.includes(String(settings.port)) ? "" : ":" + settings.port;
    return settings.protocol + "://" + settings.hostname + port + "/tcp";
  }

  function request(url, options) {
    return fetch(url, { cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer", ...options });
  }

  /** A page's mistake in a callback is the page's: it is reported and nothing here breaks. */
  function callBack(callback, ...values) {
    try {
      callback(...values);
    } catch (error) {
      reportError(error);
    }
  }

  // Packets of the polling wire.

  function characters(bytes) {
    let text = "";
    for (let start = 0; start < bytes.length; start += 4096) {
      text += String.fromCharCode(...bytes.subarray(start, start + 4096));
    }
    return text;
  }

  function join(pieces) {
    const all = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
    let at = 0;
    for (const piece of pieces) {
      all.set(piece, at);
      at += piece.length;
    }
    return all;
  }

  function bytesOf(text) {
    return Uint8Array.from(text, (character) => character.charCodeAt(0));
  }

  function encodePacket(words) {
    return words.map((word, index) => (index < words.length - 1 ? "1" : "0") + word.length + "," + word).join("");
  }

  function decodePackets(text) {
    const packets = [];
    let words = [];
    for (let at = 0; at < text.length; ) {
      const comma = text.indexOf(",", at);
      const end = comma + 1 + Number(text.slice(at + 1, comma));
      words.push(text.slice(comma + 1, end));
      if (text[at] === "0") {
        packets.push(words);
        words = [];
      }
      at = end;
    }
    return packets;
  }

  /** How many packets may be sent now: the relay cuts pages that send more. */
  class Allowance {
    constructor() {
      this.left = PACKETS_BURST;
      this.at = Date.now();
    }

    take() {
      const now = Date.now();
      this.left = Math.min(PACKETS_BURST, this.left + ((now - this.at) * PACKETS_PER_SECOND) / 1000);
      this.at = now;
      if (this.left < 1) return false;
      this.left -= 1;
      return true;
    }
  }

  /** A session's packets over a WebSocket: data as binary messages, everything else as JSON lists. */
  class WebSocketLine {
    constructor(session) {
      this.session = session;
      this.opened = false;
      this.timer = setTimeout(() => this.lost(), OPEN_TIMEOUT_MS);
      this.socket = new WebSocket(session.url.replace(/^http/, "ws") + "/websocket?ack=" + session.seen);
      this.socket.binaryType = "arraybuffer";
      this.socket.onmessage = (event) => this.arrived(event.data);
      this.socket.onclose = () => this.lost();
    }

    arrived(data) {
      this.session.heard();
      if (typeof data !== "string") {
        this.session.packetArrived(this.session.seen + 1, new Uint8Array(data));
        this.acknowledgeSoon(data.byteLength);
        return;
      }
      const [name, value] = JSON.parse(data);
      if (name === "ack" && !this.opened) this.begin(value);
      else if (name === "ack") this.session.acknowledged(value);
      else if (name === "opt") this.session.option(value);
      else if (name === "ping") this.acknowledge();
      else if (name === "close") this.session.end(Statuses.ServerClosedConnection);
    }

    begin(received) {
      this.opened = true;
      clearTimeout(this.timer);
      this.unacknowledged = { packets: 0, bytes: 0, timer: null };
      this.session.lineOpened(received);
    }

    send(packets) {
      for (const packet of packets) this.socket.send(packet);
    }

    acknowledgeSoon(size) {
      const waiting = this.unacknowledged;
      waiting.packets += 1;
      waiting.bytes += size;
      const due = waiting.packets >= ACK_PACKETS || waiting.bytes >= ACK_BYTES;
      if (due && !waiting.due) {
        clearTimeout(waiting.timer);
        waiting.due = true;
        waiting.timer = setTimeout(() => this.acknowledge(), ACK_LEAST_MS);
      } else if (waiting.timer === null) {
        waiting.timer = setTimeout(() => this.acknowledge(), ACK_MS);
      }
    }

    acknowledge() {
      clearTimeout(this.unacknowledged.timer);
      this.unacknowledged = { packets: 0, bytes: 0, timer: null };
      if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(["ack", this.session.seen]));
    }

    lost() {
      this.drop();
      this.session.lineLost(this, this.opened);
    }

    close(packets) {
      this.send(packets);
      this.socket.send('["close"]');
      this.drop();
    }

    /** Hear and say nothing more. */
    drop() {
      clearTimeout(this.timer);
      if (this.opened) clearTimeout(this.unacknowledged.timer);
      this.socket.onmessage = this.socket.onclose = null;
      this.socket.close();
    }
  }

  /** A session's packets over requests: one waits for packets of the relay, another brings ours. */
  class LongPollLine {
    constructor(session) {
      this.session = session;
      this.opened = true;
      this.posting = false;
      this.abort = new AbortController();
    }

    /** Ask for packets again and again. */
    async poll() {
      while (!this.abort.signal.aborted) {
        try {
          const ack = this.session.seen ? "?ack=" + (this.session.seen + GREETING_PACKETS) : "";
          const response = await request(this.session.url + "/longpoll" + ack, { signal: this.abort.signal });
          const text = await response.text();
          if (this.abort.signal.aborted) return;
          if (response.status === 404) this.session.end(Statuses.ServerClosedConnection);
          else if (!response.ok) this.lost();
          else this.arrived(text);
        } catch {
          this.lost();
        }
      }
    }

    arrived(text) {
      this.session.heard();
      if (this.session.fellBack) blockedUntil = Date.now() + BLOCKED_MS;
      for (const [number, name, payload] of decodePackets(text)) {
        if (name === "data") this.session.packetArrived(Number(number) - GREETING_PACKETS, bytesOf(atob(payload)));
        else if (name === "opt") this.session.option(payload);
        else if (name === "close") this.session.end(Statuses.ServerClosedConnection);
      }
    }

    /** Bring all packets that have not been acknowledged, one POST at a time, until they have. */
    async send() {
      if (this.posting) return;
      this.posting = true;
      while (this.session.unacked.length && !this.abort.signal.aborted) {
        const packets = this.fitting();
        const first = this.session.acked + 1;
        const status = await this.post(first, packets);
        if (this.abort.signal.aborted) return;
        if (status === 200) this.answered(first + packets.length - 1);
        else if (status === 404 || status === 400) this.session.end(Statuses.ServerClosedConnection);
        else await new Promise((resolve) => setTimeout(resolve, POST_RETRY_MS * (1 + Math.random())));
      }
      this.posting = false;
    }

    answered(count) {
      this.session.heard();
      this.session.acknowledged(count);
    }

    /** Learn at once whether the session is still there: a poll says so only when it has something else to say. */
    async knock() {
      const status = await this.post(this.session.acked + 1, []);
      if (this.abort.signal.aborted) return;
      if (status === 200) this.session.heard();
      else if (status === 404) this.session.end(Statuses.ServerClosedConnection);
    }

    /** The first packets that go into one POST; one always does. */
    fitting() {
      const packets = this.session.unacked;
      let count = 1;
      let bytes = packets[0].length;
      while (count < packets.length && bytes + packets[count].length <= POST_PACKETS_BYTES) {
        bytes += packets[count].length;
        count += 1;
      }
      return packets.slice(0, count);
    }

    async post(first, packets, closing = false) {
      const body = packets.map((packet, index) => encodePacket([String(first + index), "data", btoa(characters(packet))]));
      if (closing) body.push(encodePacket([String(first + packets.length), "close"]));
      const text = body.join("");
      const url = this.session.url + "?ack=" + (this.session.seen + GREETING_PACKETS);
      const keepalive = closing && text.length <= KEEPALIVE_BYTES;
      try {
        const signal = AbortSignal.timeout(ANSWER_MS);
        const response = await request(url, { method: "POST", body: text, keepalive, signal });
        return response.status;
      } catch {
        return 0;
      }
    }

    lost() {
      if (this.abort.signal.aborted) return;
      this.drop();
      this.session.lineLost(this, true);
    }

    close(packets) {
      this.drop();
      this.post(this.session.acked + 1, packets, true);
    }

    drop() {
      this.abort.abort();
    }
  }

  /** The stream of one socket: counted, acknowledged, and carried by one line after another. */
  class Session {
    constructor(onpacket, onend, online) {
      this.onpacket = onpacket;
      this.onend = onend;
      this.online = online; // called with false when the line is lost, with true when it is back
      this.url = null;
      this.line = null;
      this.ready = false; // does the line take packets?
      this.seen = 0; // packets of the relay
      this.acked = 0; // packets of ours that the relay has
      this.unacked = []; // those sent after them
      this.pending = []; // bytes that have not become packets yet
      this.allowance = new Allowance();
      this.ended = false;
      this.flushQueued = false; // at the end of this task
      this.flushing = null; // when more may be sent
      this.retry = null;
      this.retries = 0;
      this.lostAt = null;
      this.fellBack = false; // from a WebSocket that did not open
      this.options = { pingInterval: 30, pingTimeout: 30 };
      this.hurry = () => this.retry !== null && document.visibilityState === "visible" && this.connect();
    }

    async start() {
      try {
        const response = await request(relayUrl(), { signal: AbortSignal.timeout(ANSWER_MS) });
        const key = await response.text();
        if (this.ended) return;
        if (response.status !== 200) return this.end(Errors.InvalidHandshake);
        this.url = relayUrl() + "/" + key;
      } catch {
        return this.end(Errors.InvalidHandshake);
      }
      this.heard();
      this.watch = setInterval(() => this.checkLine(), WATCH_MS);
      addEventListener("online", this.hurry);
      document.addEventListener("visibilitychange", this.hurry);
      this.connect();
    }

    connect() {
      clearTimeout(this.retry);
      this.retry = null;
      const forced = settings.transport;
      const webSocket = forced === null ? "WebSocket" in window && Date.now() >= blockedUntil : forced === "websocket";
      if (webSocket) this.line = new WebSocketLine(this);
      else this.startPolling();
    }

    startPolling() {
      this.line = new LongPollLine(this);
      this.line.poll();
      if (this.lostAt !== null) this.line.knock();
      this.lineOpened(this.acked);
    }

    /** The line takes packets; the relay has had ``received`` of ours. */
    lineOpened(received) {
      this.ready = true;
      this.acknowledged(received);
      this.line.send(this.unacked);
      this.flush();
    }

    /** The line is gone; return with another. One that never opened is followed by polling. */
    lineLost(line, wasOpen) {
      if (this.ended || line !== this.line) return;
      this.ready = false;
      if (this.lostAt === null) this.online(false);
      this.lostAt = this.lostAt ?? Date.now();
      if (!wasOpen && settings.transport === null) {
        this.fellBack = true;
        this.startPolling();
      } else if (Date.now() - this.lostAt > GRACE_MS) {
        this.end(Errors.ConnectionTimeout);
      } else {
        if (!wasOpen) this.probe();
        this.retryLater();
      }
    }

    /** A WebSocket cannot tell a session that is over from one that cannot be reached. */
    async probe() {
      const status = await new LongPollLine(this).post(this.acked + 1, []);
      if (status === 404) this.end(Statuses.ServerClosedConnection);
    }

    retryLater() {
      const most = Math.min(RETRY_MOST_MS, RETRY_MS * 2 ** this.retries);
      this.retries += 1;
      this.line = null;
      this.retry = setTimeout(() => this.connect(), Math.random() * most);
    }

    /** A sign of life of the relay. */
    heard() {
      this.heardAt = Date.now();
      if (this.lostAt !== null) this.online(true);
      this.lostAt = null;
      this.retries = 0;
    }

    checkLine() {
      const silence = Date.now() - this.heardAt;
      if (this.ready && silence > (this.options.pingInterval + this.options.pingTimeout) * 1000) this.line.lost();
    }

    option(text) {
      const [name, seconds] = text.split(",");
      this.options[name] = Number(seconds);
    }

    packetArrived(number, bytes) {
      if (this.ended || number !== this.seen + 1) return;
      this.seen = number;
      this.onpacket(bytes);
    }

    acknowledged(count) {
      if (count <= this.acked) return;
      this.unacked.splice(0, count - this.acked);
      this.acked = count;
    }

    /** What is sent in one task of the page goes as one packet. */
    send(bytes) {
      this.pending.push(bytes);
      if (this.flushQueued) return;
      this.flushQueued = true;
      queueMicrotask(() => this.flush());
    }

    /** Make packets of what is pending, as many as may be sent now. */
    flush() {
      this.flushQueued = false;
      clearTimeout(this.flushing);
      while (this.ready && this.pending.length) {
        if (!this.allowance.take()) {
          this.flushing = setTimeout(() => this.flush(), 1000 / PACKETS_PER_SECOND);
          return;
        }
        const packet = this.nextPacket();
        this.unacked.push(packet);
        this.line.send([packet]);
      }
    }

    nextPacket() {
      const all = this.pending.length === 1 ? this.pending[0] : join(this.pending);
      this.pending = all.length > PACKET_BYTES ? [all.subarray(PACKET_BYTES)] : [];
      return all.subarray(0, PACKET_BYTES);
    }

    /** Close from this side; what was sent before still goes, unless it waits and is ``discarded``. */
    close(discarded) {
      const fresh = [];
      while (!discarded && this.pending.length) fresh.push(this.nextPacket());
      this.unacked.push(...fresh);
      if (this.ready && this.line instanceof WebSocketLine) this.line.close(fresh);
      else if (this.url !== null) new LongPollLine(this).close(this.unacked);
      this.stop();
    }

    /** Over, for a reason that the page is told. */
    end(code) {
      if (this.ended) return;
      this.stop();
      this.onend(code);
    }

    stop() {
      this.ended = true;
      this.ready = false;
      clearTimeout(this.retry);
      clearTimeout(this.flushing);
      clearInterval(this.watch);
      removeEventListener("online", this.hurry);
      document.removeEventListener("visibilitychange", this.hurry);
      if (this.line) this.line.drop();
    }
  }

  // What send takes and onread gets, by the third argument of open.

  class TextCodec {
    constructor() {
      this.encoder = new TextEncoder();
      this.decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    }

    encode(text) {
      return this.encoder.encode(text);
    }

    /** Whole characters only; the beginning of one waits for its end. */
    decode(bytes) {
      return this.decoder.decode(bytes, { stream: true });
    }
  }

  const byteStrings = {
    encode(text) {
      if (/[^\x00-\xff]/.test(text)) throw new TypeError("Binary data has characters up to \\xff only");
      return bytesOf(String(text));
    },
    decode: characters,
  };

  const byteArrays = { encode: (bytes) => new Uint8Array(bytes), decode: (bytes) => bytes };

  function codecFor(kind) {
    if (kind === "bytes") return byteArrays;
    return kind ? byteStrings : new TextCodec();
  }

  const states = {
    READY_STATE_INITIALIZED: 1,
    READY_STATE_OPENING: 2,
    READY_STATE_OPEN: 3,
    READY_STATE_CLOSING: 4,
    READY_STATE_CLOSED: 5,
  };
  let sockets = 0;

  class TCPSocket {
    #session = null;
    #codec = null;

    constructor() {
      if (arguments.length) throw new TypeError("TCPSocket takes no arguments");
      this.readyState = states.READY_STATE_INITIALIZED;
      this.id = ++sockets;
      this.onopen = this.onread = this.onclose = this.onlost = this.onback = () => {};
    }

    /** Connect to host:port, as the relay sees them. */
    open(host, port, kind = false) {
      if (this.readyState !== states.READY_STATE_INITIALIZED) throw new Error("Invalid readyState");
      if (!host) throw new Error("No hostname specified");
      if (!(Number(port) > 0)) throw new Error("Invalid port specified");
      this.readyState = states.READY_STATE_OPENING;
      this.#codec = codecFor(kind);
      this.#session = new Session(
        (bytes) => this.#arrived(bytes),
        (code) => this.#closed(code),
        (there) => callBack(there ? this.onback : this.onlost),
      );
      this.#session.send(new TextEncoder().encode(host + ":" + Number(port) + "\n"));
      this.#session.start();
    }

    send(data) {
      if (this.readyState !== states.READY_STATE_OPEN) throw new Error("Invalid readyState");
      const bytes = this.#codec.encode(data);
      if (bytes.length) this.#session.send(bytes);
    }

    /** Close once what was sent has gone. */
    close() {
      this.#leave(false);
    }

    /** Close now; what still waits to be sent does not go. */
    reset() {
      this.#leave(true);
    }

    toString() {
      return "<Orbited.TCPSocket " + this.id + ">";
    }

    #leave(discarding) {
      if (this.readyState >= states.READY_STATE_CLOSING) return;
      this.readyState = states.READY_STATE_CLOSING;
      if (this.#session !== null) this.#session.close(discarding);
      queueMicrotask(() => this.#closed(Errors.UserConnectionReset));
    }

    #arrived(bytes) {
      if (this.readyState === states.READY_STATE_OPENING) {
        this.#answered(characters(bytes));
      } else if (this.readyState === states.READY_STATE_OPEN) {
        const data = this.#codec.decode(bytes);
        if (data.length) callBack(this.onread, data);
      }
    }

    /** The relay's answer to the target that was asked for: "1", or "0" and a code. */
    #answered(text) {
      if (text === "1") {
        this.readyState = states.READY_STATE_OPEN;
        callBack(this.onopen);
      } else {
        this.#session.end(Number(text.slice(1)) || Errors.InvalidHandshake);
      }
    }

    #closed(code) {
      if (this.readyState === states.READY_STATE_CLOSED) return;
      this.readyState = states.READY_STATE_CLOSED;
      callBack(this.onclose, code);
    }
  }

  Object.assign(TCPSocket.prototype, states);

  window.Orbited = { settings, Errors, Statuses, TCPSocket };
})();
