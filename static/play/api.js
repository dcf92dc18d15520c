/**
 * The game's HTTP calls. Each has a time limit; a refusal is an ApiError with the server's code and translated message,
 * a lost line any other error.
 */

/** An answer that took longer is as good as lost: the next try may find a better line. */
const LIMIT_MS = 8_000;

export class ApiError extends Error {
  /** `code` is stable ("question-not-open"), `message` is for people, `body` is the whole JSON. */
  constructor(status, body) {
    super(body.message ?? gettext("The server did not understand this page. Load it again."));
    this.status = status;
    this.code = body.error ?? "";
    this.body = body;
  }

  /** The server may say something else a moment later. */
  get passing() {
    return this.status >= 500 || this.status === 429;
  }
}

export class Api {
  #urls;
  #clock;

  /** `urls` by name, as the page brings them; every answer also sets the `clock`, if there is one. */
  constructor(urls, clock) {
    this.#urls = urls;
    this.#clock = clock;
  }

  state() {
    return this.#call(this.#urls.state);
  }

  /** Asks for the server's time alone. */
  time() {
    return this.#call(this.#urls.time);
  }

  async eventsAfter(seq) {
    return (await this.#call(`${this.#urls.events}${this.#urls.events.includes("?") ? "&" : "?"}after=${seq}`)).events;
  }

  async ticket() {
    return (await this.#call(this.#urls.ticket, {})).ticket;
  }

  answer({ answer_id, question, round, choice, line }) {
    return this.#call(this.#urls.answer, { answer_id, question, round, choice, line });
  }

  /** The page with that seat is being left: the browser sends it even so. */
  leave(seat) {
    const token = cookie("csrftoken");
    navigator.sendBeacon(this.#urls.away, new URLSearchParams({ csrfmiddlewaretoken: token, seat }));
  }

  /** Into the game that follows: the address of the page there. */
  async follow() {
    return (await this.#call(this.#urls.follow, {})).url;
  }

  /** Does what the address of that name is for. */
  act(name, body) {
    return this.#call(this.#urls[name], body);
  }

  /** What the server says at the address of that name. */
  read(name) {
    return this.#call(this.#urls[name]);
  }

  async #call(url, body) {
    const sent = performance.now();
    const response = await fetch(url, {
      method: body ? "POST" : "GET",
      headers: headers(body),
      body: body && JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    const received = performance.now();
    const answer = await response.json().catch(() => ({}));
    const time = answer.server_time ?? Number(response.headers.get("X-Server-Time"));
    if (time) this.#clock?.sample(sent, received, time);
    if (!response.ok) throw new ApiError(response.status, answer);
    return answer;
  }
}

function headers(body) {
  const accept = { Accept: "application/json" };
  if (!body) return accept;
  return { ...accept, "Content-Type": "application/json", "X-CSRFToken": cookie("csrftoken") };
}

/** The CSRF token of this moment: it changes when somebody logs in in another tab. */
function cookie(name) {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}
