/**
 * Destination patterns: which handler gets a message, by the name of its destination.
 *
 *     const destpatterns = new DestPatterns(unmatched);
 *     destpatterns.add("/games/{game}/status", (message, { game }) => …);
 *     client.subscribe(destination, (frame) => destpatterns.dispatch(frame));
 *
 * `{name}` stands for one or more characters other than "/", as in a URL pattern. The first pattern that was added
 * and matches wins; what none matches goes to the handler given at the start.
 */

const GROUP = /\{([a-z_][a-z0-9_]*)\}/i;

/** "/games/{game}/status" as a regular expression with one named group for each {name}. */
export function compile(pattern) {
  const parts = pattern.split(GROUP);
  const source = parts.map((part, index) => (index % 2 ? `(?<${part}>[^/]+)` : escape(part)));
  return new RegExp(`^${source.join("")}$`);
}

function escape(literal) {
  return literal.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

export class DestPatterns {
  #routes = [];
  #unmatched;

  /** `unmatched(frame)` is called with every frame that no pattern takes. */
  constructor(unmatched) {
    this.#unmatched = unmatched;
  }

  /** `handler(body, groups, frame)`: the parsed JSON body, the named groups as an object, the STOMP frame. */
  add(pattern, handler) {
    this.#routes.push({ expression: compile(pattern), handler });
    return this;
  }

  /** Hands one MESSAGE frame (`headers.destination`, `body`) to the first pattern that matches. */
  dispatch(frame) {
    for (const { expression, handler } of this.#routes) {
      const match = expression.exec(frame.headers.destination);
      if (match) return handler(JSON.parse(frame.body), { ...match.groups }, frame);
    }
    return this.#unmatched(frame);
  }
}
