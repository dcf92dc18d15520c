/* Orbited.test: kills a socket, and has the relay's own broker send a message ([test] stompdispatcher.enabled). */
(function () {
  "use strict";

  function kill(socket) {
    const onclose = socket.onclose;
    socket.onclose = () => onclose.call(socket, Orbited.Statuses.SocketControlKilled);
    socket.reset();
  }

  function send(destination, message) {
    const { protocol, hostname, port } = Orbited.settings;
    const place = String(port) === "80" ? hostname : hostname + ":" + port; // 80 is the usual port under https too
    const url = new URL(protocol + "://" + place + "/system/test/stomp");
    url.search = new URLSearchParams({ dest: destination, msg: message });
    const script = document.createElement("script");
    script.src = url.href;
    script.onload = script.onerror = () => script.remove();
    document.head.append(script);
  }

  Orbited.test = {
    logger: Orbited.getLogger("Orbited.test"),
    socketcontrol: { kill },
    stompdispatcher: { send },
  };
})();
