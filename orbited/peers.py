"""Who asks: the address of a browser, whom the relay believes about it, and how much one address may hold.

A reverse proxy says in ``X-Forwarded-For`` whom it serves, and in ``X-Forwarded-Proto`` how it was asked. It is
believed when it is on this machine or in ``limits.proxies``; what stands further left in the first header was written
by whoever asked the proxy, and is believed only as far as that is such a proxy again. Anybody else's header is ignored.

Caps count IPv4 addresses singly and IPv6 addresses by their /64 network, all of which one subscriber has (RFC 6177).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from twisted.web.http import Request

from orbited.policy import Policy

# A page that polls holds one connection and sends over another.
CONNECTIONS_PER_SESSION = 2
# Addresses that need not be read again: each request of a page has its own read a few times.
KNOWN_ADDRESSES = 1024
# What one IPv6 subscriber has at least.
IPV6_PREFIX_BITS = 64

Address = IPv4Address | IPv6Address
Networks = Sequence[IPv4Network | IPv6Network]


def client_address(request: Request, policy: Policy) -> str:
    """The address of the browser, as far as somebody trusted says so; else that of the connection."""
    peer = peer_of(request)
    headers = request.requestHeaders.getRawHeaders(b"x-forwarded-for") or []
    return believed_address(peer, [header.decode("latin-1") for header in headers], policy.limits.proxies)


def client_scheme(request: Request, policy: Policy) -> str:
    """``http`` or ``https``: what the browser speaks, with us or with the trusted proxy that asks for it."""
    told = request.requestHeaders.getRawHeaders(b"x-forwarded-proto") or [b""]
    if told[-1].lower() in (b"http", b"https") and is_trusted(peer_of(request), policy.limits.proxies):
        return told[-1].lower().decode()
    return "https" if request.isSecure() else "http"


def peer_of(request: Request) -> str:
    """The address that the connection comes from."""
    return getattr(request.getClientAddress(), "host", "")


def believed_address(peer: str, forwarded: Sequence[str], proxies: Networks) -> str:
    """Whom ``peer`` asks for, with ``X-Forwarded-For`` headers as they came: the last who is no proxy of ours."""
    if not forwarded:
        return peer
    client = peer
    hops = _right_to_left(forwarded)
    while is_trusted(client, proxies) and (before := next(hops, None)) is not None:
        client = str(before)
    return client


def is_trusted(address: str, proxies: Networks) -> bool:
    """Is this a proxy that is believed about its clients?"""
    parsed = parse_address(address)
    return parsed is not None and (parsed.is_loopback or any(parsed in network for network in proxies))


def is_loopback(address: str) -> bool:
    """Is this an address of this machine's own loopback?"""
    return is_trusted(address, ())


@lru_cache(KNOWN_ADDRESSES)
def parse_address(text: str) -> Address | None:
    """An address as number, an IPv4 one that is written as IPv6 (``::ffff:…``) as what it is; None for other text."""
    try:
        parsed = ip_address(text)
    except ValueError:
        return None
    return getattr(parsed, "ipv4_mapped", None) or parsed


class AddressCap:
    """Counts what each address holds, and refuses when it is enough.

    Nothing is refused to this machine, to trusted proxies (they stand for many) and to ``limits.exempt``.
    """

    def __init__(self, policy: Policy, per_session: int = 1) -> None:
        """``per_session``: how many an address may hold for each of the sessions that it may hold."""
        self._policy = policy
        self._per_session = per_session
        self._held: Counter[str] = Counter()

    def take(self, address: str) -> bool:
        """Count one more; False, and nothing counted, when the address has all that it may."""
        place = _place(address)
        most = self._policy.limits.sessions_per_address * self._per_session
        if self._held[place] >= most and not self._is_exempt(address):
            return False
        self._held[place] += 1
        return True

    def free(self, address: str) -> None:
        """Count one less: what was taken is given back."""
        place = _place(address)
        self._held[place] -= 1
        if not self._held[place]:
            del self._held[place]

    def _is_exempt(self, address: str) -> bool:
        limits = self._policy.limits
        return is_trusted(address, (*limits.proxies, *limits.exempt))


def _right_to_left(forwarded: Sequence[str]) -> Iterator[Address]:
    """The hops that the headers name, the last one first, up to one that is no address (some write a port behind)."""
    for header in reversed(forwarded):
        for hop in reversed(header.split(",")):
            address = parse_address(_without_port(hop.strip()))
            if address is None:
                return
            yield address


def _without_port(hop: str) -> str:
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop


def _place(address: str) -> str:
    """What is counted together with ``address``, which is written as Python writes it."""
    if ":" not in address:
        return address
    parsed = parse_address(address)
    if isinstance(parsed, IPv6Address):
        return str(IPv6Network((parsed, IPV6_PREFIX_BITS), strict=False))
    return address if parsed is None else str(parsed)
