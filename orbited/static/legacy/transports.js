/*
 * Orbited.CometTransports and Orbited.util.chooseTransport, which a page replaces to have one of them used:
 *
 *     Orbited.util.chooseTransport = () => Orbited.CometTransports.LongPoll;
 *
 * Each stands for the way of today that does the same. Settings.transport, when it is set, goes before.
 */
(function () {
  "use strict";

  class XHRStream {
    static transport = "stream";
  }
  class LongPoll {
    static transport = "longpoll";
  }
  class Poll {
    static transport = "poll";
  }
  class HTMLFile {
    static transport = "stream";
  }
  class SSE {
    static transport = "eventsource";
  }

  Orbited.CometTransports = { XHRStream, LongPoll, Poll, HTMLFile, SSE };

  Orbited.util = {
    /** What the page's browser would have been called in 2010: it says nothing about what it can do. */
    browser: /firefox/i.test(navigator.userAgent) ? "firefox" : "webkit",

    /** One of Orbited.CometTransports, or undefined for the best that gets through. */
    chooseTransport() {},
  };

  let forced = Orbited.settings.transport;

  function chosen() {
    const transport = Orbited.util.chooseTransport();
    return (transport && transport.transport) || null;
  }

  Object.defineProperty(Orbited.settings, "transport", {
    enumerable: true,
    get: () => forced ?? chosen(),
    set: (transport) => {
      forced = transport;
    },
  });
})();
