/* What Orbited 0.7 had to bring and browsers now do by themselves, under the names that pages use. */
(function () {
  "use strict";

  Orbited.JSON = JSON;
  Orbited.XSDR = XMLHttpRequest; // requests to other origins: the relay's [origins] allows them
  Orbited.singleton = { XSDR: { receiveCbs: {}, queues: {} } };
  Orbited.legacy = {};
})();
