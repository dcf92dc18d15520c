"""All sessions of the relay, by key."""

import secrets
from collections.abc import Callable, Iterator
from itertools import count
from math import ceil

from twisted.internet.defer import Deferred, succeed
from twisted.logger import Logger

from orbited.closing import Reason
from orbited.errors import DrainingError, FullError, TooManySessionsError
from orbited.metrics import Metrics
from orbited.peers import AddressCap
from orbited.policy import Policy
from orbited.proxy import Proxy
from orbited.reactor import Clock
from orbited.session import Session
from orbited.shared import Connector, Measured, Shared
from orbited.slips import Slips

KEY_BYTES = 16
TOKEN_BYTES = 16
# How exact the sessions' time-outs are, and how long the page waits for an acknowledgement over a WebSocket.
TICK_S = 1
# Pages that are told to come back are told in batches, so that the next relay does not get them all at once.
BATCH_S = 0.25
# Keys of ended sessions that are remembered, so that a page of 2010 need not repeat its farewell for 30 s: how long,
# and how many, each about 200 bytes.
REMEMBERED_S = 40
MAX_REMEMBERED = 10_000

log = Logger()


class Sessions:
    """Makes sessions, finds them, lets time pass for them, and forgets them."""

    def __init__(
        self, policy: Policy, connect: Connector, clock: Clock, metrics: Metrics, slips: Slips | None = None
    ) -> None:
        self.draining = False  # does the relay take no new sessions, since it is to end?
        self._policy = policy
        self._clock = clock
        self._shared = Shared(policy, connect, clock, metrics, self._forget, slips=slips)
        self._by_key: dict[str, Proxy] = {}
        self._cap = AddressCap(policy)
        self._numbers = count(1)
        self._remembered: dict[str, float] = {}  # keys of ended sessions and when they ended, the oldest first
        self._waiting: list[Deferred[None]] = []  # for the last session's end

    def __len__(self) -> int:
        return len(self._by_key)

    def __iter__(self) -> Iterator[Proxy]:
        return iter(list(self._by_key.values()))

    def create(self, source: str, address: str, owned: bool = False) -> tuple[Proxy, str]:
        """A new session, and its token, for a page that called us ``source`` (its Host header) from ``address``.

        One that is not ``owned`` has an empty token, and whoever has its key may use it. DrainingError, FullError or
        TooManySessionsError (of that address) when there can be none.
        """
        self._make_room(address)
        token = secrets.token_hex(TOKEN_BYTES) if owned else ""
        session = Session(self._policy.session, self._clock.seconds())
        key = secrets.token_hex(KEY_BYTES)
        proxy = Proxy(next(self._numbers), key, token or None, source, address, session, self._shared)
        self._by_key[key] = proxy
        self._shared.metrics.session_opened()
        return proxy, token

    def find(self, key: str) -> Proxy | None:
        """The session of this key, if there is (still) one."""
        return self._by_key.get(key)

    def remembers(self, key: str) -> bool:
        """Was there a session of this key a moment ago?"""
        return key in self._remembered

    def tick(self) -> None:
        """Let time pass for all sessions: to be called every ``TICK_S``."""
        now = self._clock.seconds()
        for proxy in [proxy for proxy in self._by_key.values() if proxy.session.due <= now]:
            _survive(proxy, proxy.tick)
        while self._shared.unacknowledged:
            proxy = self._shared.unacknowledged.pop()
            _survive(proxy, proxy.acknowledge_page)
        for transport in [one for one in self._shared.measured if one.measure_at <= now]:
            _survive(transport, transport.measure)
        self._forget_keys(now)

    def close_all(self, reason: Reason) -> Deferred[None]:
        """Close every session; fires when the last of their pages has fetched what was left for it."""
        return self.close_gradually(reason, 0, self._clock)

    def close_gradually(self, reason: Reason, spread_s: float, clock: Clock) -> Deferred[None]:
        """Take no new sessions and close those there are, in batches over ``spread_s`` seconds.

        Fires when the last of their pages has fetched what was left for it. Called again, it closes what is left over
        the new ``spread_s``.
        """
        self.draining = True
        left = list(self._by_key.values())
        size = ceil(len(left) / (1 + int(spread_s / BATCH_S)))

        def close_batch() -> None:
            batch = left[:size]
            del left[:size]
            for proxy in batch:
                _survive(proxy, proxy.close, reason)
            if left:
                clock.callLater(BATCH_S, close_batch)

        close_batch()
        if not self._by_key:
            return succeed(None)
        self._waiting.append(Deferred())
        return self._waiting[-1]

    def _make_room(self, address: str) -> None:
        if self.draining:
            raise DrainingError("the relay is going down; come back in a moment")
        if len(self._by_key) >= self._policy.limits.sessions:
            raise FullError("the relay holds all the sessions it may; session.max says how many may be")
        if not self._cap.take(address):
            raise TooManySessionsError("sessions from one address; session.per_address says how many may be")

    def _forget(self, proxy: Proxy) -> None:
        del self._by_key[proxy.key]
        self._cap.free(proxy.address)
        if proxy.session.received and len(self._remembered) < MAX_REMEMBERED:
            self._remembered[proxy.key] = self._clock.seconds()
        if not self._by_key:
            waiting, self._waiting = self._waiting, []
            for everybody_gone in waiting:
                everybody_gone.callback(None)

    def _forget_keys(self, now: float) -> None:
        for key in [key for key, ended in self._remembered.items() if ended + REMEMBERED_S <= now]:
            del self._remembered[key]


def _survive(whose: Proxy | Measured, step: Callable[..., None], *details: object) -> None:
    """One session that fails must not stop the time of all."""
    try:
        step(*details)
    except Exception:  # noqa: BLE001  Where sessions meet the reactor.
        log.failure("session {n}: an error", n=whose.number)
