/** The live line of a page that could do without it: whatever comes is a reason to read the state. */

import { Connection } from "../../live/connection.js";
import { ApiError } from "../api.js";

/** All pages hear at once that the game has closed; they ask within this time. */
const SPREAD_MS = 2_000;

/** Connects, and calls `look()` some time after each message and whenever the line is up. */
export function listen(page, api, look) {
  const { game, me } = page.state;
  const later = () => setTimeout(look, Math.random() * SPREAD_MS);
  const own = `/players/${me.player}`;
  const connection = new Connection({
    relay: page.relay,
    broker: page.broker,
    ticket: page.ticket,
    renew: () => api.ticket().catch((error) => {
      if (error instanceof ApiError && !error.passing) look();
      throw error;
    }),
    subscriptions: { status: `/games/${game}/status`, me: own },
    onmessage: (frame) => (frame.headers.destination === own ? look() : later()),
    onchange: ({ name }) => name === "up" && later(),
  });
  connection.start();
  return connection;
}
