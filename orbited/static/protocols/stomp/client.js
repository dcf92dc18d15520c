/*
 * STOMPClient as Orbited 0.7 had it, on top of @stomp/stompjs:
 *
 *     const stomp = new STOMPClient();
 *     stomp.onconnectedframe = () => stomp.subscribe("/topic/news");
 *     stomp.onmessageframe = (frame) => console.log(frame.body); // {type, headers, body}
 *     stomp.onclose = (code) => console.log(code);               // as TCPSocket's
 *     stomp.connect("localhost", 61613, "login", "passcode");    // the broker as the relay sees it
 *
 * Unlike then it speaks STOMP 1.2, 1.1 or 1.0, whichever the broker chooses, it acknowledges messages, and it can come
 * back by itself: see reconnectDelay and heartbeat.
 */

const { Client, FrameImpl } = exports;

const RETRY_MOST_MS = 30000;
const FINAL = new Set([103, 106]); // closed by the page; a target that the relay does not allow
const REVOKED = "revoked: do not come back";
const CALLBACKS = new Map([
  ["CONNECTED", "onconnectedframe"],
  ["MESSAGE", "onmessageframe"],
  ["RECEIPT", "onreceiptframe"],
  ["ERROR", "onerrorframe"],
]);

// What a header has in place of a character, by version. STOMP 1.0 has nothing.
const ESCAPES_OF_1_1 = { "\n": "\\n", ":": "\\c", "\\": "\\\\" };
const ESCAPES = { "1.1": ESCAPES_OF_1_1, "1.2": { ...ESCAPES_OF_1_1, "\r": "\\r" } };

// Their headers are never escaped, so that a peer of any version can read them.
const UNESCAPED = new Set(["CONNECT", "STOMP", "CONNECTED"]);

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

// The library's own trims headers, escapes values only, and in 1.2 only. (This copy of it is ours alone.)
FrameImpl.fromRawFrame = ({ command, headers, binaryBody }) =>
  new FrameImpl({ command, headers: Object.fromEntries(headers.reverse()), binaryBody });

class STOMPClient {
  /** Who has logged in. */
  user = null;
  /** In ms, after how long a lost connection is tried again for the first time; 0: it is not, onclose is called. */
  reconnectDelay = 0;
  /** In ms, how often either side gives a sign of life when it has nothing else to say; 0: the relay's own must do. */
  heartbeat = 0;
  /** The host header of CONNECT. Brokers with several virtual hosts take it for the name of one. */
  virtualHost = null;

  onopen = () => {};
  onclose = () => {};
  /** Called in place of onclose when the client is going to come back. */
  onlost = () => {};
  onerror = () => {};
  onframe = (frame) => this.#dispatch(frame);
  onconnectedframe = () => {};
  onmessageframe = (frame) => this.onmessage(frame);
  onmessage = () => {};
  onreceiptframe = () => {};
  onerrorframe = () => {};

  #target = null; // {host, port, login, passcode}
  #wanted = false; // has the page asked for a connection, and not for its end?
  #socket = null;
  #client = null;
  #connected = false;
  #refused = false; // this connection, with an ERROR instead of CONNECTED
  #waiting = []; // frames that the page sent before CONNECTED came
  #subscriptions = []; // {headers, sent}: whether this connection has it
  #unacknowledged = new Map(); // the headers of messages by their message-id
  #ids = 0;
  #tries = 0;
  #retry = null;

  connect(host, port, login, passcode) {
    this.#drop();
    this.user = login;
    this.#target = { host, port, login, passcode };
    this.#wanted = true;
    this.#tries = 0;
    this.#subscriptions = [];
    this.#open();
  }

  /** Say goodbye: the broker hangs up then. */
  disconnect() {
    if (this.#connected) this.sendFrame("DISCONNECT");
    this.#end((socket) => this.#connected || socket.close());
  }

  /** Hang up. */
  reset() {
    this.#end((socket) => socket.reset());
  }

  send(body, destination, headers) {
    this.sendFrame("SEND", { destination, ...headers }, body);
  }

  subscribe(destination, headers) {
    const subscription = { headers: { destination, id: String(++this.#ids), ...headers }, sent: false };
    // After a loss the page may subscribe anew, as it did at first: then nothing is left to be sent again.
    const stands = (one) => one.sent || one.headers.destination !== destination;
    this.#subscriptions = this.#subscriptions.filter(stands).concat(subscription);
    if (this.#retry === null) this.#subscribe(subscription);
  }

  /** All subscriptions to the destination end, or the one that has the id of the headers. */
  unsubscribe(destination, headers = {}) {
    const isMeant = (one) => one.destination === destination && (headers.id ?? one.id) === one.id;
    const ended = this.#subscriptions.filter((one) => isMeant(one.headers));
    this.#subscriptions = this.#subscriptions.filter((one) => !ended.includes(one));
    for (const { headers: own, sent } of ended) {
      if (sent) this.sendFrame("UNSUBSCRIBE", { destination, ...headers, id: own.id });
    }
  }

  begin(transaction) {
    this.sendFrame("BEGIN", { transaction });
  }

  commit(transaction) {
    this.sendFrame("COMMIT", { transaction });
  }

  abort(transaction) {
    this.sendFrame("ABORT", { transaction });
  }

  /** The message with that message-id has been dealt with; its subscription has the header ack. */
  ack(messageId, transaction) {
    const { subscription, ack } = this.#unacknowledged.get(messageId) ?? {};
    this.#forget(messageId);
    this.sendFrame("ACK", { "message-id": messageId, subscription, id: ack, transaction });
  }

  /** Any frame. A body is text, or bytes: a Uint8Array, or a string of them with a header that says how encoded. */
  sendFrame(type, headers, body) {
    if (this.#socket === null || !this.#wanted) throw new Error("STOMPClient is not connected");
    if (this.#connected) this.#transmit(type, headers, body);
    else this.#waiting.push([type, headers, body]);
  }

  send_frame(type, headers, body) {
    this.sendFrame(type, headers, body);
  }

  // From opening to closing.

  #open() {
    const { host, port, login, passcode } = this.#target;
    this.#retry = null;
    this.#refused = false;
    const socket = new Socket(host, port, () => this.#call("onopen"));
    const arrived = (frame) => this.#arrived(frame);
    const client = new Client({
      webSocketFactory: () => socket,
      connectHeaders: defined({ host: this.virtualHost, login, passcode }),
      heartbeatIncoming: this.heartbeat,
      heartbeatOutgoing: this.heartbeat,
      discardWebsocketOnCommFailure: true,
      reconnectDelay: 0, // it is this class that comes back
      onConnect: (frame) => this.#accepted(frame),
      onStompError: arrived,
      onUnhandledMessage: arrived,
      onUnhandledReceipt: arrived,
      onUnhandledFrame: arrived,
      onWebSocketClose: (event) => socket === this.#socket && this.#closed(event),
    });
    this.#socket = socket;
    this.#client = client;
    client.activate();
  }

  #accepted(frame) {
    this.#connected = true;
    this.#tries = 0;
    for (const waiting of this.#waiting.splice(0)) harmless(() => this.#transmit(...waiting));
    this.#arrived(frame);
    for (const one of this.#subscriptions) if (!one.sent && this.#wanted) this.#subscribe(one);
  }

  #arrived(frame) {
    const type = frame.command;
    const headers = headersOf(frame, this.#client.connectedVersion);
    if (type === "ERROR" && !this.#connected) this.#refused = true;
    if (type === "MESSAGE" && this.#asksForAck(headers)) this.#unacknowledged.set(headers["message-id"], headers);
    this.#call("onframe", { type, headers, body: decoder.decode(frame.binaryBody) });
  }

  #dispatch(frame) {
    const name = CALLBACKS.get(frame.type);
    if (name) this[name](frame);
    else this.onerror("Unknown STOMP frame type " + frame.type);
  }

  #closed({ code, reason, retryAfterMs }) {
    this.#forgetConnection();
    const mayReturn = !FINAL.has(code) && reason !== REVOKED && !this.#refused;
    this.#wanted = this.#wanted && mayReturn && this.reconnectDelay > 0;
    if (this.#wanted) this.#retry = setTimeout(() => this.#open(), Math.max(retryAfterMs ?? 0, this.#nextDelay()));
    this.#call(this.#wanted ? "onlost" : "onclose", code);
  }

  /** Not everybody at once, and ever less often. */
  #nextDelay() {
    const most = Math.min(RETRY_MOST_MS, this.reconnectDelay * 2 ** this.#tries);
    this.#tries += 1;
    return most * (0.5 + Math.random() / 2);
  }

  /** The page wants no more. */
  #end(leave) {
    this.#wanted = false;
    if (this.#socket !== null) leave(this.#socket);
    else if (this.#retry !== null) this.#giveUp();
  }

  #giveUp() {
    this.#drop();
    this.#call("onclose", 103);
  }

  /** Leave a connection of before without a word. */
  #drop() {
    clearTimeout(this.#retry);
    this.#retry = null;
    const socket = this.#socket;
    this.#forgetConnection();
    if (socket !== null) socket.reset();
  }

  #forgetConnection() {
    this.#socket = this.#client = null;
    this.#connected = false;
    this.#waiting = [];
    this.#unacknowledged.clear();
    for (const one of this.#subscriptions) one.sent = false;
  }

  // Steps of the above.

  #transmit(type, headers, body) {
    const { "content-length": length, ...own } = defined(headers);
    const encoded = length !== undefined || own["content-encoding"] !== undefined;
    const content = contentOf(body, encoded);
    const described = content.body ? { "content-type": "text/plain", "content-encoding": "utf-8", ...own } : own;
    const escapes = escapesOf(type, this.#client.connectedVersion);
    check(described, escapes);
    this.#socket.send(FrameImpl.marshall({ command: type, headers: written(described, escapes), ...content }));
  }

  #subscribe(subscription) {
    this.sendFrame("SUBSCRIBE", subscription.headers);
    subscription.sent = true;
  }

  #asksForAck({ subscription, ack }) {
    return ack !== undefined || this.#ackMode(subscription).startsWith("client");
  }

  #ackMode(id) {
    const found = this.#subscriptions.find(({ headers }) => headers.id === id);
    return found?.headers.ack ?? "auto";
  }

  /** With ack:client a message stands for all before it. */
  #forget(messageId) {
    const { subscription } = this.#unacknowledged.get(messageId) ?? {};
    const cumulative = this.#ackMode(subscription) === "client";
    for (const [id, headers] of this.#unacknowledged) {
      if (id === messageId || (cumulative && headers.subscription === subscription)) this.#unacknowledged.delete(id);
      if (id === messageId) return;
    }
  }

  #call(name, ...values) {
    harmless(() => this[name](...values));
  }
}

/** A page's mistake is the page's: it is reported and nothing here breaks. */
function harmless(action) {
  try {
    action();
  } catch (error) {
    reportError(error);
  }
}

function defined(headers) {
  return Object.fromEntries(Object.entries(headers ?? {}).filter(([, value]) => value !== undefined && value !== null));
}

function mapped(headers, change) {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [change(name), change(String(value))]));
}

function escapesOf(command, version) {
  return UNESCAPED.has(command) ? {} : (ESCAPES[version] ?? {});
}

/** Headers as they stand in a frame. */
function written(headers, escapes) {
  return mapped(headers, (text) => text.replace(/[\r\n:\\]/g, (character) => escapes[character] ?? character));
}

/** What the headers of a frame mean. Brokers of 1.0 pad them. */
function headersOf({ command, headers }, version) {
  if (!ESCAPES[version]) return mapped(headers, (text) => text.replace(/^[ \t]+|[ \t]+$/g, ""));
  const escapes = Object.entries(escapesOf(command, version));
  const meant = Object.fromEntries(escapes.map(([character, escape]) => [escape, character]));
  return mapped(headers, (text) => text.replace(/\\./g, (escape) => meant[escape] ?? escape));
}

/** A body as the library wants it. An encoded string has a character for each byte. */
function contentOf(body, encoded) {
  if (body instanceof Uint8Array) return { binaryBody: body };
  const text = String(body ?? "");
  if (!encoded || !text) return { body: text };
  if (/[^\x00-\xff]/.test(text)) throw new TypeError("An encoded body has characters up to \\xff only");
  return { binaryBody: Uint8Array.from(text, (character) => character.charCodeAt(0)) };
}

/** No header may end its line, and so become another header or frame; without escapes there is no way to write it. */
function check(headers, escapes) {
  for (const [name, value] of Object.entries(headers)) {
    if (/[\n\r:]/.test(name) || (!escapes["\n"] && /[\n\r]/.test(value))) {
      throw new TypeError("A header's name has no colon, and neither it nor its value a line break: " + name);
    }
  }
}

globalThis.STOMPClient = STOMPClient;
