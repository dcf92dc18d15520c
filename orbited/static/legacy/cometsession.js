/*
 * Orbited.CometSession: what is under a TCPSocket. Strings have one character for each byte, and nobody shakes hands:
 * the page's first data says where to, "host:port\n", and the first that comes is the relay's answer.
 */
(function () {
  "use strict";

  const { Errors, Session, TCPSocket } = Orbited;
  const {
    READY_STATE_INITIALIZED: INITIALIZED,
    READY_STATE_OPENING: OPENING,
    READY_STATE_OPEN: OPEN,
    READY_STATE_CLOSED: CLOSED,
  } = TCPSocket.prototype;

  /** One that tells when it can carry. */
  class TellingSession extends Session {
    onopen() {}

    lineOpened(line, received) {
      super.lineOpened(line, received);
      this.onopen();
    }
  }

  class CometSession {
    readyState = INITIALIZED;
    onopen = () => {};
    onread = () => {};
    onclose = () => {};
    #session = null;

    /** Begin a session at that address, a relay's /tcp. */
    open(url) {
      if (this.readyState !== INITIALIZED) throw new Error("Invalid readyState");
      this.readyState = OPENING;
      this.#session = new TellingSession(
        (bytes) => this.#call("onread", Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")),
        (code) => this.#closed(code),
        () => {},
      );
      this.#session.relay = new URL(url, location.href).href;
      this.#session.onopen = () => this.#opened();
      this.#session.start();
    }

    send(data) {
      if (this.readyState !== OPEN) throw new Error("Invalid readyState");
      this.#session.send(Uint8Array.from(data, (character) => character.charCodeAt(0)));
    }

    close() {
      this.#leave(false);
    }

    reset() {
      this.#leave(true);
    }

    #opened() {
      if (this.readyState !== OPENING) return;
      this.readyState = OPEN;
      this.#call("onopen");
    }

    #leave(discarding) {
      if (this.readyState === CLOSED) return;
      if (this.#session !== null) this.#session.close(discarding);
      this.#closed(Errors.UserConnectionReset);
    }

    #closed(code) {
      this.readyState = CLOSED;
      this.#call("onclose", code);
    }

    #call(name, ...values) {
      try {
        this[name](...values);
      } catch (error) {
        reportError(error);
      }
    }
  }

  CometSession.prototype.logger = Orbited.getLogger("Orbited.CometSession");
  Orbited.CometSession = CometSession;
})();
