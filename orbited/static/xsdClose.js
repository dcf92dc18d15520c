/*
 * sendCloseFrame(url, body): called by a page of Orbited 0.7 that frames xsdClose.html and is about to end. Browsers no
 * longer wait for requests of a page that goes, but they do send what was begun in this way.
 */
(function () {
  "use strict";

  document.domain = document.domain;
  window.sendCloseFrame = (url, body) => {
    fetch(url, { method: "POST", body, headers: { "content-type": "text/plain" }, keepalive: true });
  };
})();
