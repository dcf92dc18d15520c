"""What every request has to pass first, on every HTTP listener: is the relay called by one of its names?"""

from collections.abc import Sequence
from typing import NamedTuple

from twisted.logger import Logger
from twisted.web.http import Request

from orbited.hosts import name_of
from orbited.peers import client_address
from orbited.policy import Policy

# Unknown names that are logged, one line each; an attacker can make up more of them than a disk holds.
MAX_LOGGED_NAMES = 100
# What load balancers ask for in HTTP/1.0 without a Host header, in which there may be none (RFC 1945). No browser of
# ours is that old, so that nothing else is served so.
HEALTH = frozenset({b"/healthz", b"/readyz"})

log = Logger()


class Refused(NamedTuple):
    """What a request is answered with instead of what it asked for. The text repeats nothing of the request."""

    status: int
    text: str

    @property
    def code(self) -> str:
        """The first word of the text."""
        return self.text.partition(":")[0]


NO_HOST = Refused(400, "bad-host: a request has exactly one Host header, a name or address with or without a port")
MISDIRECTED = Refused(421, "misdirected: the relay does not go by this name; its [hosts] lists those that it has")


class HostGuard:
    """Judges the Host header by the policy of the moment."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._logged: set[str] = set()

    def refuse(self, request: Request) -> Refused | None:
        """Why the request is not served, or None when it is."""
        hosts = [host.decode("latin-1") for host in request.requestHeaders.getRawHeaders(b"host") or ()]
        if not hosts and request.clientproto == b"HTTP/1.0" and request.path in HEALTH:
            return None
        return self._judge(hosts, request)

    def _judge(self, hosts: Sequence[str], request: Request) -> Refused | None:
        if len(hosts) != 1 or not name_of(hosts[0]):
            return NO_HOST
        if not self._policy.hosts.allows(hosts[0]):
            self._tell(name_of(hosts[0]), client_address(request, self._policy))
            return MISDIRECTED
        return None

    def _tell(self, name: str, address: str) -> None:
        if name not in self._logged and len(self._logged) < MAX_LOGGED_NAMES:
            self._logged.add(name)
            log.warn(
                "refused: {address} called the relay {name!r}; add that to [hosts] if it is one of its names",
                address=address,
                name=name,
            )
