/* Orbited.URL: an address in its parts, protocol domain port path qs hash; ports are strings, "80" when not named. */
(function () {
  "use strict";

  const PARTS = /^(?:(\w+):\/\/)?([^/:?#]*)(?::(\d+))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s;
  const USUAL_PORT = "80";

  function parsed(url) {
    return url instanceof OrbitedURL ? url : new OrbitedURL(url);
  }

  class OrbitedURL {
    constructor(text) {
      const [, protocol, domain, port, path, qs, hash] = PARTS.exec(text);
      Object.assign(this, { protocol, domain, port: port || USUAL_PORT, path: path || "/", qs: qs || "", hash });
    }

    render() {
      const port = this.port === USUAL_PORT ? "" : ":" + this.port;
      const origin = this.protocol ? this.protocol + "://" + this.domain + port : this.domain;
      return origin + this.path + (this.qs ? "?" + this.qs : "") + (this.hash ? "#" + this.hash : "");
    }

    isSamePort(url) {
      return this.port === parsed(url).port;
    }

    /** Is it the same host, and the same port? */
    isSameDomain(url) {
      return this.domain === parsed(url).domain && this.isSamePort(url);
    }

    /** Is this host below that one? */
    isSubDomain(url) {
      return this.domain.endsWith("." + parsed(url).domain);
    }

    /** Are both hosts below the same one? */
    isSameParentDomain(url) {
      const parent = this.domain.replace(/^[^.]*/, "");
      return parent.includes(".", 1) && parent === parsed(url).domain.replace(/^[^.]*/, "");
    }

    setQsParameter(key, value) {
      this.#change((query) => query.set(key, value));
    }

    removeQsParameter(key) {
      this.#change((query) => query.delete(key));
    }

    mergeQs(qs) {
      this.#change((query) => new URLSearchParams(qs).forEach((value, key) => query.set(key, value)));
    }

    /** Go to an address that is relative to this one. */
    merge(url) {
      const base = new URL(this.render(), location.href);
      Object.assign(this, new OrbitedURL(new URL(url, base).href));
    }

    #change(change) {
      const query = new URLSearchParams(this.qs);
      change(query);
      this.qs = query.toString();
    }
  }

  Orbited.URL = OrbitedURL;
})();
