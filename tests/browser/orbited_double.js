/* In place of Orbited.js: a TCPSocket that ends in a tiny broker inside the page, so that a test can be the server.
   testBroker.send(destination, envelope) delivers to whoever subscribed; testBroker.cut(ms) loses every line, and may
   ask that the next try wait so long; testBroker.away = true (or a code) closes every line at once; testBroker.sent has [destination, body] of what was sent; testBroker.refuse = true answers CONNECT with ERROR.
   testBroker.drawn has the names of the calls whose answers the page has read, and has drawn what came of them. */
(() => {
  const sockets = new Set();

  class TCPSocket {
    subscriptions = new Map();

    open() {
      if (testBroker.away) return setTimeout(() => this.onclose(testBroker.away === true ? 201 : testBroker.away));
      sockets.add(this);
      return setTimeout(() => this.onopen());
    }

    send(bytes) {
      const text = new TextDecoder().decode(bytes);
      for (const frame of text.split("\0").filter((part) => part.trim())) this.take(frame.trimStart());
    }

    take(frame) {
      const [command, ...lines] = frame.split("\n\n")[0].split("\n");
      const headers = Object.fromEntries(lines.map((line) => line.split(/:(.*)/s).slice(0, 2)));
      if (command === "CONNECT") this.connect(headers);
      if (command === "SUBSCRIBE") this.subscriptions.set(headers.destination, headers.id);
      if (command === "SEND") testBroker.sent.push([headers.destination, JSON.parse(frame.split("\n\n")[1])]);
      if (headers.receipt) this.push(`RECEIPT\nreceipt-id:${headers.receipt}\n\n`);
    }

    connect(headers) {
      testBroker.tickets.push(headers.passcode);
      if (!testBroker.refuse) return this.push("CONNECTED\nversion:1.2\nheart-beat:0,0\n\n");
      testBroker.refuse = false;
      this.push("ERROR\nmessage:ticket expired\n\n");
      return this.lose();
    }

    push(frame) {
      setTimeout(() => this.onread(new TextEncoder().encode(`${frame}\0`)));
    }

    lose() {
      sockets.delete(this);
      setTimeout(() => this.onclose(201));
    }

    close() {
      this.lose();
    }

    reset() {
      sockets.delete(this);
    }
  }

  const { json } = Response.prototype;
  const later = globalThis.setTimeout; // also when a test has stopped the page's clock since
  Response.prototype.json = async function read() {
    try {
      return await json.call(this);
    } finally {
      later(() => testBroker.drawn.push(new URL(this.url).pathname.split("/").at(-2))); // after what waits for it
    }
  };

  globalThis.Orbited = { settings: {}, TCPSocket };
  globalThis.testBroker = {
    tickets: [],
    sent: [],
    drawn: [],
    refuse: false,
    away: false,
    get subscriptions() {
      return [...sockets].flatMap((socket) => [...socket.subscriptions]);
    },
    send(destination, envelope) {
      for (const socket of sockets) {
        const id = socket.subscriptions.get(destination);
        if (id) socket.push(`MESSAGE\ndestination:${destination}\nsubscription:${id}\nmessage-id:1\n\n${JSON.stringify(envelope)}`);
      }
    },
    cut(retryAfterMs = null) {
      for (const socket of sockets) {
        socket.retryAfterMs = retryAfterMs;
        socket.lose();
      }
    },
  };
})();
