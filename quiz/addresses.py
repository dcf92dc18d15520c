"""Who asks: the address of a browser, and what may stand for it in a row.

A proxy says in ``X-Forwarded-For`` whom it serves. It is believed when it is one of ``settings.TRUSTED_PROXIES``, and
then only as far back as proxies of ours go: what stands further left was written by whoever asked the first of them.
Limits count IPv4 addresses singly and IPv6 addresses by their /64, all of which one subscriber has (RFC 6177).
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from quiz.environment import Network

SUBSCRIBER_BITS = 64
"""Of an IPv6 address: what one subscriber has at least."""

PRINT_DIGITS = 32
"""Of an address' fingerprint, in hexadecimal: nobody finds two addresses with the same one."""

Address = IPv4Address | IPv6Address


def client_address(request: HttpRequest) -> str:
    """The browser's address, as far as somebody trusted says so; "" behind a Unix socket that tells nothing."""
    client = _parsed(request.META.get("REMOTE_ADDR", ""))
    for hop in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
        before = _parsed(hop.strip())
        if before is None or not is_within(client, settings.TRUSTED_PROXIES):
            break
        client = before
    return str(client or "")


def is_unlimited(address: str) -> bool:
    """Whether limits do not count for who asks from there."""
    return is_within(_parsed(address), settings.UNLIMITED_NETWORKS)


def is_within(address: Address | None, networks: Iterable[Network]) -> bool:
    """Whether one of the networks has the address; None, a Unix socket, is in those that have this machine."""
    return any((address or IPv4Address("127.0.0.1")) in network for network in networks)


def fingerprint(address: str) -> str:
    """The same for all addresses of one subscriber; the address cannot be had from it without our key."""
    client = _parsed(address)
    place = IPv6Network((client, SUBSCRIBER_BITS), strict=False) if isinstance(client, IPv6Address) else client
    return salted_hmac("quiz.addresses", str(place), algorithm="sha256").hexdigest()[:PRINT_DIGITS]


def _parsed(text: str) -> Address | None:
    """An address as number, an IPv4 one that is written as IPv6 (``::ffff:…``) as what it is; None for other text."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
