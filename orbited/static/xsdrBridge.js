/*
 * Makes requests to the relay for a page of Orbited 0.7 that has another origin. The page frames xsdrBridge.html#ID and
 * shares with it, in Orbited.singleton.XSDR:
 *
 *     queues[ID]       requests to make, [method, url, body, headers], taken one after the other
 *     receiveCbs[ID]   is called with what happens: ["initialized"] once, then ["readystatechange", {readyState,
 *                      status, responseText}] with the new part of the response's text
 *
 * The two can reach each other if both have set document.domain and both came with Origin-Agent-Cluster: ?0. The domain
 * is left as it is, so only pages of the relay's own host name, on any port, get a bridge.
 */
(function () {
  "use strict";

  const LOOK_MS = 20;

  const id = location.hash.slice(1);
  let request = null;

  function send([method, url, body, headers]) {
    let read = 0;
    request = new XMLHttpRequest();
    request.open(method, url);
    for (const [name, value] of Object.entries(headers ?? {})) request.setRequestHeader(name, value);
    request.onreadystatechange = () => {
      const { readyState, status, responseText } = request;
      tell("readystatechange", { readyState, status, responseText: responseText.slice(read) });
      read = responseText.length;
    };
    request.send(body);
  }

  function tell(...event) {
    shared().receiveCbs[id](event);
  }

  function shared() {
    return parent.Orbited.singleton.XSDR;
  }

  function look() {
    const queue = shared().queues[id];
    while (queue.length) send(queue.shift());
  }

  /** May the two reach each other? */
  function isShared() {
    try {
      return Boolean(shared().queues[id]);
    } catch (error) {
      if (error.name !== "SecurityError") throw error;
      return false;
    }
  }

  document.domain = document.domain;
  if (isShared()) {
    tell("initialized");
    setInterval(look, LOOK_MS);
  } else {
    console.error(
      `No bridge: the page has to be one of ${location.hostname}, sent with the header Origin-Agent-Cluster: ?0, ` +
        "and to say document.domain = document.domain",
    );
  }
})();
