/*
 * Orbited.getLogger(name): a logger that writes to the console when its `enabled` is set. Orbited.loggers has all of
 * them by name; "Orbited.TCPSocket" tells what sockets are asked to do.
 */
(function () {
  "use strict";

  const METHODS = ["log", "debug", "info", "warn", "error", "assert", "trace"];
  const NAMES = ["system", "XSDRBridge"].concat(
    ["CometSession", "TCPSocket", "XSDR", "test"].map((name) => "Orbited." + name),
    ["XHRStream", "LongPoll", "Poll", "HTMLFile", "SSE"].map((name) => "Orbited.CometTransports." + name),
  );

  const loggers = {};

  function getLogger(name) {
    if (!Object.hasOwn(loggers, name)) loggers[name] = makeLogger(name);
    return loggers[name];
  }

  function makeLogger(name) {
    const logger = { name, enabled: false };
    for (const method of METHODS) {
      logger[method] = (...values) => {
        if (logger.enabled) write(method, name, values);
      };
    }
    return logger;
  }

  function write(method, name, values) {
    if (method === "assert") console.assert(values[0], name, ...values.slice(1));
    else console[method](name, ...values);
  }

  /** Have a logger tell of each call of these methods. */
  function tell(prototype, methods, logger) {
    for (const name of methods) {
      const method = prototype[name];
      prototype[name] = function (...values) {
        logger.debug(String(this), name, ...values);
        return method.apply(this, values);
      };
    }
  }

  Orbited.loggers = loggers;
  Orbited.getLogger = getLogger;
  NAMES.forEach(getLogger);
  Orbited.system = getLogger("system");
  Orbited.TCPSocket.prototype.logger = getLogger("Orbited.TCPSocket");
  tell(Orbited.TCPSocket.prototype, ["open", "send", "close", "reset"], getLogger("Orbited.TCPSocket"));
})();
