/*
 * Loaded by the htmlfile transport's answer, a page in a frame that never ends loading. Its scripts call e(packets), a
 * list of [number, name, payload], and h() as a sign of life; both end at the transport of the page that framed it,
 * parent.Orbited.singleton.HTMLFile.instances[frameID]. Written for the browsers that have this transport: old ones.
 */
(function () {
  "use strict";

  var parameters = {};
  location.search
    .slice(1)
    .split("&")
    .forEach(function (parameter) {
      var parts = parameter.split("=");
      parameters[parts[0]] = parts[1];
    });

  var transport = parent.Orbited.singleton.HTMLFile.instances[parameters.frameID];

  function take(packet) {
    var number = parseInt(packet[0], 10);
    if (!isNaN(number)) parameters.ack = number;
    transport.receive(packet[0], packet[1], packet[2]);
  }

  /** The answer is complete: ask for the next, from where this one ended. */
  function restart() {
    parameters.reload = Date.now();
    var names = Object.keys(parameters);
    var query = names.map(function (name) {
      return name + "=" + parameters[name];
    });
    var url = location.pathname + "?" + query.join("&");
    transport.restartingStream(url);
    location.replace(url);
  }

  window.e = function (packets) {
    packets.forEach(take);
  };
  window.h = function () {};
  window.onload = restart;
  transport.streamStarted();
})();
