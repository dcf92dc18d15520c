/* What pages of 2010 set in Orbited.settings, or read there, and what steers nothing any more. */
(function () {
  "use strict";

  Object.assign(Orbited.settings, {
    log: false,
    pageLoggerHeight: "200px",
    pageLoggerWidth: null,
    enableFFPrivileges: false,
  });
})();
