/* Orbited.base64: byte strings (one character for each byte) and base64. */
(function () {
  "use strict";

  Orbited.base64 = { encode: (bytes) => btoa(bytes), decode: (text) => atob(text) };
})();
