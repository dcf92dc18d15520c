/* What a client of @stomp/stompjs does in one version of STOMP: in node, and in a browser, over the relay's /stomp. */

/** Connects, does all that the version has, leaves, and gives what it heard until its end. `url` and `headers` lead in. */
async function play(StompJs, url, headers, version) {
  let end;
  const ended = new Promise((resolve) => (end = resolve));
  const heard = { headers: {}, receipts: [], errors: [], bodies: [], bytes: [], closed: null };
  const client = new StompJs.Client({
    brokerURL: url,
    connectHeaders: headers,
    stompVersions: new StompJs.Versions([version]),
    reconnectDelay: 0,
    heartbeatIncoming: 1000,
    heartbeatOutgoing: 1000,
    onStompError: (frame) => heard.errors.push(frame.headers.message),
    onWebSocketClose: (event) => {
      heard.closed = event.code;
      end();
    },
  });
  await Promise.race([say(client, heard), ended]);
  return heard;
}

async function say(client, heard) {
  await new Promise((connected) => {
    client.onConnect = connected;
    client.activate();
  });
  heard.version = client.connectedVersion;
  heard.protocol = client.webSocket.protocol;
  await texts(client, heard);
  await acknowledgements(client, heard);
  await transactions(client, heard);
  await bytes(client, heard);
  // Longer than silence is put up with, which is twice the interval.
  await new Promise((over) => setTimeout(over, 3000));
  heard.isAlive = client.connected;
  await client.deactivate(); // Waits for the receipt of DISCONNECT.
}

async function texts(client, heard) {
  const own = { "città": "perché" };
  // The library neither writes nor reads escapes in 1.1.
  if (client.connectedVersion !== "1.1") {
    own.time = "12:30";
  }
  if (client.connectedVersion === "1.2") {
    own.path = "C:\\temp\nline"; // Not \\n, \\r, \\c: it reads an escaped backslash before them wrongly.
  }
  const taken = collect(client, "/topic/texts", 2);
  await receipt(client, heard, (name) => client.publish({ destination: "/topic/texts", body: "già €\u0000😀", headers: { ...own, receipt: name } }));
  client.publish({ destination: "/topic/texts", body: "", skipContentLengthHeader: true });
  const messages = await taken;
  heard.bodies.push(...messages.map((message) => message.body));
  for (const name of Object.keys(own)) {
    heard.headers[name] = messages[0].headers[name];
  }
}

/** The first of three is acknowledged, the second is not wanted (since 1.1), the third is left: it comes again. */
async function acknowledgements(client, heard) {
  const queue = `/queue/${client.connectedVersion}/${Math.random()}`;
  for (const body of ["a", "b", "c"]) {
    client.publish({ destination: queue, body });
  }
  let messages;
  await receipt(client, heard, async (name) => {
    const ack = client.connectedVersion === "1.0" ? "client" : "client-individual";
    messages = collect(client, queue, 3, { ack, receipt: name });
  });
  const [first, , third] = await messages;
  first.ack();
  if (client.connectedVersion !== "1.0") {
    third.ack();
  }
  await receipt(client, heard, (name) => client.unsubscribe(subscriptions.get(queue).id, { receipt: name, destination: queue }));
  const again = await collect(client, queue, client.connectedVersion === "1.0" ? 2 : 1);
  heard.again = again.map((message) => message.body + " " + message.headers.redelivered);
}

async function transactions(client, heard) {
  const taken = collect(client, "/topic/transactions", 3);
  for (const end of ["abort", "commit"]) {
    const transaction = client.begin();
    client.publish({ destination: "/topic/transactions", body: end + " 1", headers: { transaction: transaction.id } });
    client.publish({ destination: "/topic/transactions", body: end + " 2", headers: { transaction: transaction.id } });
    transaction[end]();
  }
  client.publish({ destination: "/topic/transactions", body: "after" });
  heard.committed = (await taken).map((message) => message.body);
}

async function bytes(client, heard) {
  const taken = collect(client, "/topic/bytes", 1);
  client.publish({ destination: "/topic/bytes", binaryBody: Uint8Array.from({ length: 256 }, (_, byte) => byte) });
  const [message] = await taken;
  heard.bytes = Array.from(message.binaryBody);
}

const subscriptions = new Map();

/** So many messages of a destination. */
function collect(client, destination, count, headers = {}) {
  return new Promise((all) => {
    const messages = [];
    const take = (message) => messages.push(message) === count && all(messages);
    subscriptions.set(destination, client.subscribe(destination, take, headers));
  });
}

/** Does something that asks for a receipt of this name, and waits for it. */
async function receipt(client, heard, ask) {
  const name = `receipt ${heard.receipts.length}`;
  const come = new Promise((resolve) => client.watchForReceipt(name, resolve));
  await ask(name);
  await come;
  heard.receipts.push(name);
}

globalThis.play = play;
