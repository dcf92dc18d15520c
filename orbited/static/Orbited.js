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
 *
 * A socket has a Session: two counted streams of packets. A session has a line, and perhaps a candidate that is to take
 * its place. LINES is the table of all kinds of lines, the best first; how it is found out which of them do not get
 * through from here stands at Session.doubt, what was found out in `blocked`.
 *
 * The relay sends this file as /static/Orbited.js with static/legacy/ behind it: the rest of what Orbited 0.7 offered.
 * Those scripts use the global Orbited only; Orbited.Session is there for them.
 */
(function () {
  "use strict";

  // Times are milliseconds.
  const PACKET_BYTES = 32 * 1024; // of data in one packet of ours; the relay takes 64 KiB in a message or a POST
  const POST_PACKETS_BYTES = 40 * 1024; // of data in one POST, which base64 makes a third longer
  const KEEPALIVE_CHARS = 60 * 1024; // what a browser still sends for a page that is being left
  // A line that is silent for so long after it was asked for is doubted. One after the other in less than 5 s.
  const WEBSOCKET_PATIENCE = 2000;
  const STREAM_PATIENCE = 1000;
  const ECHO_PATIENCE = 3000; // after a POST the relay says on the stream what it has; it takes up to a second
  const GRACE = 60000; // the relay keeps the session of a lost line for so long
  const RETRY = 2000; // the first return comes within this time, at random: not everybody at once
  const RETRY_MOST = 10000;
  const POST_RETRY = 250;
  const ANSWER_PATIENCE = 10000; // a request that does not wait for packets is answered by then, or its line is dead
  const ACK_PACKETS = 64; // packets are acknowledged after so many,
  const ACK_BYTES = 64 * 1024; // so many bytes,
  const ACK_MOST = 10000; // or so long, whatever comes first,
  const ACK_LEAST = 50; // but no more often than this
  const PACKETS_PER_SECOND = 15; // the relay allows 20 in the long run
  const PACKETS_BURST = 20; // and 50 at once, those included that a new line sends again
  const GREETING_PACKETS = 2; // numbers that the polling wire spends before the first packet that counts
  const WATCH = 2000;
  const BLOCKED = 300000; // a kind of line that does not get through is not tried for so long
  const SHORT_LIFE = 120000; // of a line that broke
  const BREAKS = 3; // lines of short life, one after the other, that make their kind doubtful
  const REPLACED = 1000; // closes a WebSocket whose session another line carries
  const OVER = [400, 403, 404, 413, 415]; // answers after which there is no session, or none of ours
  const PROOF = 1500; // what comes so long after a line has opened shows that nothing holds it back
  const MEASURE_EVERY = 20000;
  const MEASURE_REQUESTS = 3; // the first asks only
  const FRESH = 5000; // a line that was heard so lately needs no replacement when the page is shown again

  const Errors = {
    ConnectionTimeout: 101,
    InvalidHandshake: 102,
    UserConnectionReset: 103,
    Unauthorized: 106,
    RemoteConnectionFailed: 108,
  };
  const Statuses = { ServerClosedConnection: 201, SocketControlKilled: 301 };

  // The relay is where this file came from, if a relay sent it, else where the page came from.
  const source = document.currentScript && document.currentScript.src;
  const home = /^https?:[^?#]*\/static\/Orbited\.js(\?.*)?$/.test(source) ? new URL(source) : location;

  const settings = {
    hostname: home.hostname,
    port: home.port || (home.protocol === "https:" ? "443" : "80"),
    protocol: home.protocol === "https:" ? "https" : "http",
    transport: null, // the name of one of LINES to have that one only
    streaming: true, // false: neither stream nor eventsource
    HEARTBEAT_TIMEOUT: 6000, // the relay beats on a stream after 5 s of silence
    POLL_INTERVAL: 2000,
  };

  function relayUrl() {
    const usual = settings.protocol === "https" ? ["443", "80"] : ["80"];
    const port = usual.includes(String(settings.port)) ? "" : ":" + settings.port;
    return settings.protocol + "://" + settings.hostname + port + "/tcp";
  }

  // Requests. A failure of the network is no exception here but an answer of its own.

  function request(url, options) {
    return fetch(url, { cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer", ...options });
  }

  /** What an operation of the network gives, or null when it fails. */
  function attempt(promise) {
    return promise.catch(() => null);
  }

  /** A POST and its answer: {status, text, retryAfter}, status 0 when there is none. */
  async function ask(url, body, { abort = new AbortController(), keepalive = false } = {}) {
    const timer = setTimeout(() => abort.abort(), ANSWER_PATIENCE);
    const response = await attempt(request(url, { method: "POST", body, keepalive, signal: abort.signal }));
    const text = response && (await attempt(response.text()));
    clearTimeout(timer);
    if (text === null) return { status: 0, text: "", retryAfter: null };
    const seconds = response.headers.get("retry-after");
    return { status: response.status, text, retryAfter: seconds && Number(seconds) * 1000 };
  }

  /** A page's mistake in a callback is the page's: it is reported and nothing here breaks. */
  function callBack(call) {
    try {
      call();
    } catch (error) {
      reportError(error);
    }
  }

  function pause(time) {
    return new Promise((resolve) => setTimeout(resolve, time));
  }

  // Bytes.

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

  // Packets of the polling wire.

  function encodePacket(words) {
    return words.map((word, index) => (index < words.length - 1 ? "1" : "0") + word.length + "," + word).join("");
  }

  /** All packets of a body, or null when it is something else. */
  function decodePackets(text) {
    const packets = [];
    let words = [];
    for (let at = 0; at < text.length; ) {
      const comma = text.indexOf(",", at);
      const end = comma + 1 + Number(text.slice(at + 1, comma));
      if (!(comma > at && end > comma && end <= text.length)) return null;
      words.push(text.slice(comma + 1, end));
      if (text[at] === "0") {
        packets.push(words);
        words = [];
      }
      at = end;
    }
    return packets;
  }

  /** A stream consists of frames of a WebSocket's messages (RFC 6455, section 5.2), neither masked nor fragmented. */
  class FrameReader {
    static TEXT = 0x81;
    static BINARY = 0x82;

    constructor() {
      this.rest = new Uint8Array(0);
    }

    /** The frames that have come whole, [TEXT or BINARY, payload] each, or null when these are none. */
    feed(bytes) {
      this.rest = this.rest.length ? join([this.rest, bytes]) : bytes;
      const frames = [];
      let start;
      while ((start = this.payloadStart())) {
        const kind = this.rest[0];
        if (kind !== FrameReader.TEXT && kind !== FrameReader.BINARY) return null;
        const end = start + this.payloadLength(start);
        if (end > this.rest.length) break;
        frames.push([kind, this.rest.slice(start, end)]);
        this.rest = this.rest.subarray(end);
      }
      return frames;
    }

    /** 0 while the head has not come whole. */
    payloadStart() {
      const start = { 126: 4, 127: 10 }[this.rest[1]] || 2;
      return this.rest.length >= start ? start : 0;
    }

    payloadLength(start) {
      const view = new DataView(this.rest.buffer, this.rest.byteOffset, start);
      if (start === 4) return view.getUint16(2);
      return start === 10 ? Number(view.getBigUint64(2)) : view.getUint8(1);
    }
  }

  /** How many packets may be sent now: the relay cuts pages that send more. */
  class Allowance {
    constructor() {
      this.rate = PACKETS_PER_SECOND;
      this.left = PACKETS_BURST;
      this.at = Date.now();
    }

    take() {
      const now = Date.now();
      this.left = Math.min(PACKETS_BURST, this.left + ((now - this.at) * this.rate) / 1000);
      this.at = now;
      if (this.left < 1) return false;
      this.left -= 1;
      return true;
    }

    /** The relay allows less than we thought: nothing for a second, then half of it. */
    slower() {
      this.rate = Math.max(1, this.rate / 2);
      this.left = -this.rate;
    }
  }

  /** Which kinds of lines do not get through from here. A reload of the page remembers it; it is forgotten in time. */
  const blocked = {
    KEY: "orbited.blocked",
    until: {}, // ms since 1970 by name

    has(name) {
      const left = this.load()[name] - Date.now();
      return left > 0 && left <= BLOCKED;
    },

    add(name) {
      this.save({ ...this.load(), [name]: Date.now() + BLOCKED });
    },

    /** The network is another, perhaps. */
    clear() {
      this.save({});
    },

    load() {
      try {
        return JSON.parse(sessionStorage.getItem(this.KEY)) || {};
      } catch {
        return this.until; // the page may store nothing
      }
    },

    save(until) {
      this.until = until;
      try {
        sessionStorage.setItem(this.KEY, JSON.stringify(until));
      } catch {
        // It lasts as long as the page.
      }
    },
  };

  // Lines. Each carries a session's packets: open() begins it, send(packets) sends packets of ours, close() the page's
  // close behind them, leave(packets) both while the page ends, drop() ends it without a word, run() goes on asking
  // where packets have to be asked for. A line tells its session lineOpened once it carries, lineLost when it broke.

  class Line {
    constructor(session) {
      this.session = session;
      this.over = false;
      this.running = false;
      this.signs = 0; // of life: how often something has come
      this.heardAt = Date.now();
      this.timer = null;
      this.abort = new AbortController(); // of requests that wait for packets
    }

    /** It brought more than its beginning; were it silent now, that would be an accident. */
    get proven() {
      return this.heardAt - this.openedAt > PROOF;
    }

    /** Something has to come within this time. */
    expect(patience) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.session.doubt(this), patience);
    }

    heard() {
      clearTimeout(this.timer);
      this.timer = null;
      this.signs += 1;
      this.heardAt = Date.now();
      this.session.heard();
    }

    /** Repeat once(), a request that waits for packets; but not while a candidate is about to take over. */
    async run() {
      if (this.running || !this.once) return;
      this.running = true;
      while (!this.over && !this.session.waitsBeside(this)) await this.once();
      this.running = false;
    }

    /** A POST has brought the relay so many packets. */
    posted() {}

    send() {
      this.session.poster.run();
    }

    /** All packets were given to send; the page wants no more. */
    close() {
      this.session.poster.run();
    }

    leave() {
      this.session.poster.leave();
    }

    /** A request was not answered well: null or a response. */
    refused(response) {
      if (response && OVER.includes(response.status)) this.session.closed();
      else this.lost();
    }

    lost() {
      if (this.over) return;
      this.drop();
      this.session.lineLost(this);
    }

    drop() {
      this.over = true;
      this.abort.abort();
      clearTimeout(this.timer);
    }
  }

  /** A line that counts packets without writing numbers; everything else comes as JSON lists. */
  class CountingLine extends Line {
    constructor(session) {
      super(session);
      this.count = session.seen; // of packets that are not to come over this line, and those that have
      this.unacknowledged = { packets: 0, bytes: 0, timer: null, due: false };
      this.echoed = 0; // packets of ours that the relay has confirmed here
      this.awaited = null; // how often something had come when we began to wait for that
    }

    packet(bytes) {
      this.count += 1;
      this.session.packetArrived(this.count, bytes);
      this.acknowledgeSoon(bytes.length);
    }

    /** The relay has so many packets of ours. That is the first it says, and what it says after each POST. */
    echo(count) {
      this.echoed = count;
      if (this === this.session.line) this.session.acknowledged(count);
      else this.session.lineOpened(this, count);
    }

    posted(count) {
      if (count <= this.echoed || this.awaited === this.signs) return;
      this.awaited = this.signs;
      this.expect(ECHO_PATIENCE);
    }

    control([name, ...values]) {
      if (Object.hasOwn(controls, name)) controls[name](this.session, this, ...values);
    }

    acknowledgeSoon(size) {
      const waiting = this.unacknowledged;
      waiting.packets += 1;
      waiting.bytes += size;
      if (waiting.due) return;
      waiting.due = waiting.packets >= ACK_PACKETS || waiting.bytes >= ACK_BYTES;
      if (waiting.due) clearTimeout(waiting.timer);
      else if (waiting.timer !== null) return;
      waiting.timer = setTimeout(() => this.acknowledge(), waiting.due ? ACK_LEAST : ACK_MOST);
    }

    acknowledge() {
      clearTimeout(this.unacknowledged.timer);
      this.unacknowledged = { packets: 0, bytes: 0, timer: null, due: false };
      this.sendAcknowledgement();
    }

    sendAcknowledgement() {
      this.session.poster.acknowledge();
    }

    drop() {
      super.drop();
      clearTimeout(this.unacknowledged.timer);
    }
  }

  const controls = {
    session: (session, line, key, token) => session.made(key, token),
    ack: (session, line, count) => line.echo(count),
    opt: (session, line, text) => session.option(text),
    ping: (session, line) => line.acknowledge(),
    slow: (session) => session.allowance.slower(),
    replaced: (session, line) => session.replaced(line),
    line: (session, line, slip) => session.measured(slip),
    close: (session, line, reason, retryAfter) => session.dismissed(line, reason, retryAfter),
  };

  /** A WebSocket carries both directions. The first one of a session makes the session, too. */
  class WebSocketLine extends CountingLine {
    static transport = "websocket";
    static works = () => "WebSocket" in window;
    duplex = true;

    open() {
      this.expect(WEBSOCKET_PATIENCE);
      this.socket = new WebSocket(this.session.address("websocket", this.count).replace(/^http/, "ws"));
      this.socket.binaryType = "arraybuffer";
      this.socket.onmessage = (event) => this.arrived(event.data);
      this.socket.onclose = ({ code }) => (code === REPLACED ? this.session.replaced(this) : this.lost());
    }

    arrived(data) {
      this.heard();
      if (typeof data === "string") this.control(JSON.parse(data));
      else this.packet(new Uint8Array(data));
    }

    send(packets) {
      for (const packet of packets) this.socket.send(packet);
    }

    sendAcknowledgement() {
      this.say("ack", this.session.passed);
    }

    say(...words) {
      if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(words));
    }

    close() {
      this.say("close");
      this.session.stop();
    }

    leave(packets) {
      this.send(packets);
      this.say("close");
    }

    drop() {
      super.drop();
      if (!this.socket) return;
      this.socket.onmessage = this.socket.onclose = null;
      this.socket.close();
    }
  }

  /** The frames of a WebSocket in the body of an answer that goes on and on. */
  class StreamLine extends CountingLine {
    static transport = "stream";
    static works = () => settings.streaming && "body" in Response.prototype;

    open() {
      this.expect(STREAM_PATIENCE);
      this.run();
    }

    /** One answer; the relay ends it after a while, and we ask for the next. */
    async once() {
      this.count = this.session.seen;
      const { signal } = this.abort;
      const response = await attempt(request(this.session.address("stream", this.count), { signal }));
      if (this.over) return;
      if (!response || !response.ok) return this.refused(response);
      const reader = response.body.getReader();
      const frames = new FrameReader();
      const before = this.signs;
      for (;;) {
        const piece = await attempt(reader.read());
        if (this.over) return;
        if (!piece) return this.lost();
        if (piece.done) break;
        this.arrived(frames.feed(piece.value));
      }
      if (this.signs === before) this.lost();
    }

    arrived(frames) {
      if (frames === null) return this.lost();
      this.heard();
      this.expect(settings.HEARTBEAT_TIMEOUT);
      for (const [kind, payload] of frames) {
        if (this.over) return;
        if (kind === FrameReader.BINARY) this.packet(payload);
        else this.control(JSON.parse(new TextDecoder().decode(payload)));
      }
    }
  }

  /** The same as events. The relay's beats are comments there, which a page does not see. */
  class EventSourceLine extends CountingLine {
    static transport = "eventsource";
    static works = () => settings.streaming && "EventSource" in window;

    open() {
      this.expect(STREAM_PATIENCE);
      this.source = new EventSource(this.session.address("eventsource", this.count));
      this.source.onmessage = (event) => {
        this.heard();
        this.packet(bytesOf(atob(event.data)));
      };
      this.source.addEventListener("control", (event) => {
        this.heard();
        this.control(JSON.parse(event.data));
      });
      this.source.onerror = () => this.lost(); // it would return by itself, but we choose the way
    }

    drop() {
      super.drop();
      if (this.source) this.source.close();
    }
  }

  /** Orbited 0.7's wire: an answer comes when there are packets, and is asked for again. */
  class LongPollLine extends Line {
    static transport = "longpoll";
    static works = () => true;

    open() {
      this.session.lineOpened(this, this.session.acked);
      if (this.session.lostAt !== null) this.session.knock(); // the poll may wait long for its answer
      this.run();
    }

    async once() {
      const { seen } = this.session;
      const address = this.session.address(this.constructor.transport, seen && seen + GREETING_PACKETS);
      const response = await attempt(request(address, { signal: this.abort.signal }));
      const text = response && response.ok ? await attempt(response.text()) : null;
      const packets = text === null ? null : decodePackets(text);
      if (this.over) return;
      if (packets === null) this.refused(response);
      else this.arrived(packets);
    }

    /** A candidate that replaced us may still fail; then we go on. */
    refused(response) {
      if (!response || response.status !== 409) super.refused(response);
      else if (!this.session.waitsBeside(this)) this.session.replaced(this);
    }

    arrived(packets) {
      this.heard();
      for (const [number, name, payload] of packets) {
        if (this.over) return;
        if (name === "data") this.session.packetArrived(Number(number) - GREETING_PACKETS, bytesOf(atob(payload)));
        else if (name === "opt") this.session.option(payload);
        else if (name === "close") this.session.dismissed(this, payload);
      }
    }
  }

  /** The same, but each request is answered at once: for lines that carry no request that waits. */
  class PollLine extends LongPollLine {
    static transport = "poll";

    async once() {
      await super.once();
      if (!this.over) await pause(settings.POLL_INTERVAL);
    }
  }

  const LINES = [WebSocketLine, StreamLine, EventSourceLine, LongPollLine, PollLine]; // the best first

  function lineCalled(name) {
    return LINES.find((line) => line.transport === name);
  }

  /** The line to take now. */
  function bestLine() {
    const working = LINES.filter((line) => line.works());
    return lineCalled(settings.transport) || working.find((line) => !blocked.has(line.transport)) || working.at(-1);
  }

  /** Brings a session's packets to the relay, for lines that carry one direction only: one POST at a time. */
  class Poster {
    constructor(session) {
      this.session = session;
      this.running = false;
      this.owing = false; // an acknowledgement
      this.abort = new AbortController();
    }

    async run() {
      if (this.running) return;
      this.running = true;
      while (this.needed) await this.once();
      this.running = false;
    }

    get needed() {
      const { ended, line, unacked, pending, leaving } = this.session;
      if (ended || line === null || line.duplex) return false;
      return unacked.length > 0 || this.owing || (leaving && !pending.length);
    }

    acknowledge() {
      this.owing = true;
      this.run();
    }

    /** Not over a line that is dead. */
    restart() {
      this.abort.abort();
      this.run();
    }

    async once() {
      const { session } = this;
      const packets = this.fitting();
      const first = session.acked + 1;
      const closing = session.leaving && !session.pending.length && packets.length === session.unacked.length;
      this.owing = false;
      this.abort = new AbortController();
      const answer = await session.post(this.encode(first, packets, closing), { abort: this.abort });
      if (session.ended) return;
      if (answer.status === 200) this.taken(first + packets.length - 1, closing);
      else if (OVER.includes(answer.status)) session.closed();
      else await this.refused(answer);
    }

    taken(count, closing) {
      const news = count > this.session.acked;
      this.session.heard();
      this.session.acknowledged(count);
      if (news && this.session.line) this.session.line.posted(count);
      if (closing) this.session.stop();
    }

    async refused({ status, retryAfter }) {
      if (status === 429) this.session.allowance.slower();
      await pause(Math.max(retryAfter || 0, POST_RETRY * (1 + Math.random())));
    }

    /** The first packets that go into one POST; one always does. */
    fitting() {
      const packets = this.session.unacked;
      let count = 0;
      let bytes = 0;
      while (count < packets.length && (count === 0 || bytes + packets[count].length <= POST_PACKETS_BYTES)) {
        bytes += packets[count].length;
        count += 1;
      }
      return packets.slice(0, count);
    }

    encode(first, packets, closing) {
      const words = packets.map((packet, index) => [String(first + index), "data", btoa(characters(packet))]);
      if (closing) words.push([String(first + packets.length), "close"]);
      return words.map(encodePacket).join("");
    }

    /** The page is being left: everything and the close in one request that survives it, or nothing. */
    leave() {
      const body = this.encode(this.session.acked + 1, this.session.unacked, true);
      if (body.length <= KEEPALIVE_CHARS) this.session.post(body, { keepalive: true });
    }
  }

  const sessions = new Set();

  /** The two streams of one socket: counted, acknowledged, and carried by one line after another. */
  class Session {
    /** Calls onpacket(bytes), onend(code), and online(false) when the line is lost, online(true) when it is back. */
    constructor(onpacket, onend, online) {
      this.onpacket = onpacket;
      this.onend = onend;
      this.online = online;
      this.relay = relayUrl();
      this.url = null; // until the session is made
      this.token = null; // shows that we are its owner
      this.line = null; // carries
      this.candidate = null; // is to carry as soon as it opens
      this.seen = 0; // packets of the relay
      this.acked = 0; // packets of ours that the relay has
      this.unacked = []; // those sent after them
      this.pending = []; // bytes that have not become packets yet
      this.allowance = new Allowance();
      this.poster = new Poster(this);
      this.leaving = false; // the page has closed; what it sent still goes
      this.ended = false;
      this.flushQueued = false; // at the end of this task
      this.flushing = null; // when more may be sent
      this.retry = null;
      this.retries = 0;
      this.breaks = 0;
      this.lostAt = null;
      this.reason = null; // of the relay's close
      this.retryAfter = null; // what it asks us to wait before we come back
      this.slip = null; // what the relay says of our line
      this.measureAt = 0; // by Date.now(); Infinity where it says nothing
      this.options = { pingInterval: 30, pingTimeout: 30 };
    }

    // Opening.

    async start() {
      sessions.add(this);
      this.watch = setInterval(() => this.check(), WATCH);
      if (bestLine() === WebSocketLine || (await this.create())) this.connect();
    }

    /** Make the session by a plain request; true when there is one. */
    async create() {
      const { status, text, retryAfter } = await ask(this.relay, "");
      if (this.ended) return false;
      const [, key, token] = (status === 200 && /^(\w+) (\w+)$/.exec(text)) || [];
      if (key) this.made(key, token);
      if (this.url !== null) return true; // or a WebSocket was quicker
      this.retryAfter = retryAfter;
      this.end(Errors.InvalidHandshake);
      return false;
    }

    made(key, token) {
      if (this.url !== null) return;
      this.url = this.relay + "/" + key;
      this.token = token;
    }

    /** Where to open a transport, having seen ``ack``. */
    address(transport, ack) {
      if (this.url === null) return this.relay + "/" + transport;
      return this.url + "/" + transport + this.query(ack);
    }

    query(ack) {
      return "?ack=" + ack + "&token=" + this.token;
    }

    /**
     * How many packets the relay may forget. A candidate counts from where it was when we asked for it, and its request
     * may come after an acknowledgement on another connection: what comes meanwhile must still be there for it.
     */
    get passed() {
      const { count = this.seen } = this.candidate || {};
      return Math.min(this.seen, count);
    }

    post(body, options) {
      return ask(this.url + this.query(this.passed + GREETING_PACKETS), body, options);
    }

    /** Is the relay there, and our session in it? A plain request passes where nothing else does. */
    async knock() {
      if (this.url === null) return this.create();
      const { status } = await this.post("");
      if (this.ended) return false;
      if (OVER.includes(status)) this.closed();
      const there = !this.ended && status > 0 && status < 500;
      if (there) this.heard();
      return there;
    }

    // Lines come and go.

    /** Open the best line there is, beside the one that carries us, if any. */
    connect() {
      clearTimeout(this.retry);
      this.retry = null;
      if (this.ended || this.candidate) return;
      this.candidate = new (bestLine())(this);
      try {
        this.candidate.open();
      } catch (error) {
        if (error.name !== "SecurityError") throw error;
        this.candidate.lost(); // a WebSocket without TLS in a page with TLS
      }
    }

    /** The candidate carries; the relay has had ``received`` of ours, and gets the rest again. */
    lineOpened(line, received) {
      if (line !== this.candidate) return;
      if (this.line) this.line.drop();
      this.line = line;
      this.candidate = null;
      line.openedAt = Date.now();
      this.acknowledged(received);
      this.poster.restart();
      if (this.unacked.length) line.send(this.unacked);
      this.flush();
    }

    waitsBeside(line) {
      return this.candidate !== null && this.candidate !== line;
    }

    lineLost(line) {
      if (line === this.candidate) return this.doubt(line);
      if (line !== this.line) return;
      if (this.candidate === null) this.countBreak(line);
      this.without(line, false);
    }

    /**
     * Another request of ours has taken the line's place at the relay. With no candidate it was an old one that came
     * after the line's own, on another connection, and carries nothing any more: the line is asked for again at once.
     */
    replaced(line) {
      if (line !== this.line || this.candidate) return line.lost();
      line.drop();
      this.line = null;
      this.connect();
    }

    /** A kind of line that breaks again and again does not get through either. */
    countBreak(line) {
      this.breaks = Date.now() - line.openedAt < SHORT_LIFE ? this.breaks + 1 : 0;
      if (this.breaks >= BREAKS) this.block(line);
    }

    block(line) {
      this.breaks = 0;
      blocked.add(line.constructor.transport);
    }

    /**
     * Nothing has come over a line in time, or it broke before it opened. The line or the network? A plain request
     * tells: when it is answered and the line still silent, its kind does not get through from here; try the next.
     */
    async doubt(line) {
      if (line.doubted === line.signs) return;
      line.doubted = line.signs;
      const there = await this.knock();
      const ours = line === this.line || line === this.candidate;
      if (this.ended || !ours || line.signs !== line.doubted) return;
      line.drop();
      if (there && !line.proven) this.block(line);
      this.without(line, there);
    }

    /** A line is over; the relay is ``there``, or cannot be reached at the moment. */
    without(line, there) {
      if (line === this.line) this.line = null;
      else this.candidate = null;
      if (this.candidate || this.ended) return;
      if (this.line) this.line.run();
      else if (there && (line.proven || bestLine() !== line.constructor)) this.connect();
      else this.retryLater();
    }

    retryLater() {
      if (this.lostAt === null) {
        this.lostAt = Date.now();
        this.online(false);
      }
      if (Date.now() - this.lostAt > GRACE) return this.end(Errors.ConnectionTimeout);
      const most = Math.min(RETRY_MOST, RETRY * 2 ** this.retries);
      this.retries += 1;
      this.retry = setTimeout(() => this.connect(), Math.random() * most);
    }

    /** A sign of life of the relay. */
    heard() {
      if (this.lostAt !== null) this.online(true);
      this.lostAt = null;
      this.retries = 0;
    }

    /** Now and then: is the line still alive, and is there a better one? */
    check() {
      const { line } = this;
      if (!line || this.candidate) return;
      if (!line.duplex && Date.now() >= this.measureAt) this.measure();
      const best = bestLine();
      const better = LINES.indexOf(best) < LINES.indexOf(line.constructor);
      if (this.silence > (this.options.pingInterval + this.options.pingTimeout) * 1000) line.lost();
      else if (this.unacked.length && this.silence > ANSWER_PATIENCE) this.connect();
      else if (better || (settings.transport !== null && best !== line.constructor)) this.connect();
    }

    /** A WebSocket's pings measure our line; over other lines the relay's answers ask and our next requests answer. */
    async measure() {
      let echo = "0";
      this.measureAt = Date.now() + MEASURE_EVERY;
      for (let count = 0; count < MEASURE_REQUESTS && !this.ended; count++) {
        const { status, text } = await ask(this.url + "/line" + this.query(0) + "&echo=" + echo, "");
        if (status === 404 || (status === 200 && !text)) this.measureAt = Infinity; // it measures nothing
        if (status !== 200 || !text) return;
        const [number, slip] = text.split(" ");
        echo = number;
        if (slip) this.measured(slip);
      }
    }

    measured(slip) {
      this.slip = slip;
    }

    get silence() {
      return Date.now() - this.line.heardAt;
    }

    // What the browser tells of the network and of the page.

    /** The network or the person is back: no waiting now, and no trust in a line that has been silent. */
    hurry() {
      if (this.retry !== null || (this.line && this.silence > FRESH)) this.connect();
    }

    offline() {
      if (this.url === null) return;
      this.dropLines();
      this.retryLater();
    }

    /** The page is put aside and may come back: then the session waits at the relay. Or it is left for good. */
    hide(mayComeBack) {
      if (mayComeBack && !this.leaving) return this.dropLines();
      const fresh = this.packPending();
      if (this.line) this.line.leave(fresh);
      else if (this.url !== null) this.poster.leave();
      this.stop();
    }

    show() {
      this.lostAt = null;
      if (this.url !== null) this.connect();
      else this.end(Errors.InvalidHandshake);
    }

    dropLines() {
      for (const line of [this.candidate, this.line]) if (line) line.drop();
      this.candidate = this.line = null;
      clearTimeout(this.retry);
      this.retry = null;
    }

    // Packets.

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
      while (this.line && this.pending.length) {
        if (!this.allowance.take()) {
          this.flushing = setTimeout(() => this.flush(), 1000 / this.allowance.rate);
          return;
        }
        this.line.send([this.nextPacket()]);
      }
      if (this.leaving && this.line) this.line.close();
    }

    nextPacket() {
      const all = this.pending.length === 1 ? this.pending[0] : join(this.pending);
      this.pending = all.length > PACKET_BYTES ? [all.subarray(PACKET_BYTES)] : [];
      const packet = all.subarray(0, PACKET_BYTES);
      this.unacked.push(packet);
      return packet;
    }

    packPending() {
      const packets = [];
      while (this.pending.length) packets.push(this.nextPacket());
      return packets;
    }

    // Closing.

    /** Close from this side, without a word to the page; what it sent still goes, what waits may be ``discarded``. */
    close(discarded) {
      if (this.url === null) return this.stop();
      if (discarded) this.pending = [];
      this.leaving = true;
      this.onpacket = this.onend = this.online = () => {};
      this.flush();
    }

    /** The relay's last packet. Once we have confirmed it, the relay forgets the session; a WebSocket's end does. */
    dismissed(line, reason, retryAfter) {
      this.seen += 1;
      if (!line.duplex) this.post("", { keepalive: true });
      this.closed(reason, retryAfter);
    }

    /** The relay has closed the session, or knows it no more. */
    closed(reason = null, retryAfter = null) {
      this.reason = reason;
      this.retryAfter = retryAfter;
      this.end(Statuses.ServerClosedConnection);
    }

    /** Over, for a reason that the page is told. */
    end(code) {
      if (this.ended) return;
      this.stop();
      this.onend(code);
    }

    stop() {
      this.ended = true;
      this.dropLines();
      sessions.delete(this);
      clearTimeout(this.flushing);
      clearInterval(this.watch);
    }
  }

  const each = (what) => sessions.forEach(what);

  function hurry() {
    if (document.visibilityState === "visible") each((session) => session.hurry());
  }

  addEventListener("online", () => {
    blocked.clear();
    hurry();
  });
  addEventListener("offline", () => each((session) => session.offline()));
  document.addEventListener("visibilitychange", hurry);
  addEventListener("pagehide", ({ persisted }) => each((session) => session.hide(persisted)));
  addEventListener("pageshow", ({ persisted }) => persisted && each((session) => session.show()));

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

    /** The name of the line that carries it now, or null. */
    get transport() {
      const line = this.#session && this.#session.line;
      return line && line.constructor.transport;
    }

    /** The relay's reason for closing it, when onclose has said 201. */
    get reason() {
      return this.#session && this.#session.reason;
    }

    /** How long the relay asks us to wait before we open another, in ms, when it asks. */
    get retryAfterMs() {
      return this.#session && this.#session.retryAfter;
    }

    /** What the relay has measured of our line, signed, for the application behind the page; null while it is unknown. */
    get line() {
      return this.#session && this.#session.slip;
    }

    /** Connect to host:port, as the relay sees them. */
    open(host, port, kind = false) {
      if (this.readyState !== states.READY_STATE_INITIALIZED) throw new Error("Invalid readyState");
      if (!host) throw new Error("No hostname specified");
      if (!(Number(port) > 0)) throw new Error("Invalid port specified");
      if (settings.transport !== null && !lineCalled(settings.transport)) throw new Error("Invalid transport");
      this.readyState = states.READY_STATE_OPENING;
      this.#codec = codecFor(kind);
      this.#session = new Session(
        (bytes) => this.#arrived(bytes),
        (code) => this.#closed(code),
        (there) => callBack(() => (there ? this.onback() : this.onlost())),
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
        if (data.length) callBack(() => this.onread(data));
      }
    }

    /** The relay's answer to the target that was asked for: "1", or "0" and a code. */
    #answered(text) {
      if (text === "1") {
        this.readyState = states.READY_STATE_OPEN;
        callBack(() => this.onopen());
      } else {
        this.#session.end(Number(text.slice(1)) || Errors.InvalidHandshake);
      }
    }

    #closed(code) {
      if (this.readyState === states.READY_STATE_CLOSED) return;
      this.readyState = states.READY_STATE_CLOSED;
      callBack(() => this.onclose(code));
    }
  }

  Object.assign(TCPSocket.prototype, states);

  window.Orbited = { settings, Errors, Statuses, TCPSocket, Session };
})();
