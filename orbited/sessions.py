"""All sessions of the relay, by key."""

import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count

from twisted.internet.defer import Deferred, succeed
from twisted.logger import Logger

from orbited.closing import Reason
from orbited.errors import TooManySessionsError
from orbited.metrics import Metrics
from orbited.policy import Policy
from orbited.proxy import Connector, Proxy
from orbited.reactor import Clock
from orbited.session import Session

KEY_BYTES = 16
# How exact the sessions' time-outs are, and how long the page waits for an acknowledgement over a WebSocket.
TICK_S = 1

log = Logger()


class Sessions:
    """Makes sessions, finds them, lets time pass for them, and forgets them."""

    def __init__(
        self,
        policy: Policy,
        connect: Connector,
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        self._policy = policy
        self._connect = connect
        self._clock = clock
        self._metrics = metrics
        self._by_key: dict[str, Proxy] = {}
        self._per_address: Counter[str] = Counter()
        self._numbers = count(1)
        self._drained: Deferred[None] | None = None

    def __len__(self) -> int:
        return len(self._by_key)

    def __iter__(self) -> Iterator[Proxy]:
        return iter(list(self._by_key.values()))

    def create(self, source: str, address: str) -> str:
        """A new session's key, for a page that called us ``source`` (its Host header) from ``address``.

        TooManySessionsError when the address has enough of them.
        """
        if self._per_address[address] >= self._policy.limits.sessions_per_address:
            raise TooManySessionsError("too many sessions from one address; session.per_address says how many may be")
        key = secrets.token_hex(KEY_BYTES)
        self._per_address[address] += 1
        self._metrics.session_opened()
        self._by_key[key] = Proxy(
            number=next(self._numbers),
            session=Session(self._policy.session, self._clock.seconds()),
            allows=partial(self._policy.access.allows, source),
            connect=self._connect,
            clock=self._clock,
            metrics=self._metrics,
            forget=self._forgetter(key, address),
        )
        return key

    def find(self, key: str) -> Proxy | None:
        """The session of this key, if there is (still) one."""
        return self._by_key.get(key)

    def tick(self) -> None:
        """Let time pass for all sessions: to be called every ``TICK_S``."""
        for proxy in self:
            try:
                proxy.tick()
            except Exception:  # noqa: BLE001  Where sessions meet the reactor: one must not stop the time of all.
                log.failure("session {n}: its time-outs failed", n=proxy.number)

    def close_all(self, reason: Reason) -> Deferred[None]:
        """Close every session; fires when the last of their pages has fetched what was left for it."""
        for proxy in self:
            proxy.close(reason)
        if not self._by_key:
            return succeed(None)
        self._drained = Deferred()
        return self._drained

    def _forgetter(self, key: str, address: str) -> Callable[[Proxy], None]:
        def forget(_: Proxy) -> None:
            del self._by_key[key]
            self._per_address[address] -= 1
            if not self._per_address[address]:
                del self._per_address[address]
            if self._drained is not None and not self._by_key:
                drained, self._drained = self._drained, None
                drained.callback(None)

        return forget
