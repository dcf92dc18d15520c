/* Loaded in place of HTMLFileFrame.js when the session is over: tells the page that there is nothing more to come. */
(function () {
  "use strict";

  var id = /[?&]frameID=([^&]*)/.exec(location.search)[1];
  parent.Orbited.singleton.HTMLFile.instances[id].streamClosed();
})();
