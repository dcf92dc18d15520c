"""What ``[listen]`` says: one ``scheme://[host]:port`` a line."""

from typing import NamedTuple

from orbited.access import parse_port

SCHEMES = ("http", "https", "stomp", "admin", "monitor", "echo", "lineecho", "rude", "announce")
# Where browsers look when an address names no port.
DEFAULT_PORTS = {"http": 80, "https": 443}
# What an empty host stands for; for every other scheme it is every interface. Operators' pages are for this machine.
DEFAULT_HOSTS = {"admin": "127.0.0.1"}


class Listener(NamedTuple):
    """One line of ``[listen]``. An empty host is every interface; an IPv6 address keeps its brackets.

    ``file`` is the broker's configuration, which may stand behind ``stomp://host:port``.
    """

    scheme: str
    host: str
    port: int
    file: str = ""


def parse_listener(text: str) -> Listener:
    """Read ``scheme://[host]:port``; ValueError says what is wrong with it."""
    scheme, separator, address = uri_of(text).partition("://")
    if not separator or " " in address:
        raise ValueError(f"{text!r} is not 'scheme://host:port'")
    if scheme not in SCHEMES:
        raise ValueError(f"{text!r}: {scheme!r} is none of the schemes {', '.join(SCHEMES)}")
    host, port = _split(address)
    if host.isdigit():
        raise ValueError(f"{text!r} names no port: is it '{scheme}://:{host}'?")
    if not port and scheme not in DEFAULT_PORTS:
        raise ValueError(f"{text!r} names no port")
    number = parse_port(port) if port else DEFAULT_PORTS[scheme]
    return Listener(scheme, host or DEFAULT_HOSTS.get(scheme, ""), number, text.removeprefix(uri_of(text)).strip())


def uri_of(text: str) -> str:
    """A line without the broker's configuration file, which 0.7 allowed behind ``stomp://host:port``."""
    return text.split(maxsplit=1)[0] if text.startswith("stomp:") else text


def _split(address: str) -> tuple[str, str]:
    """Host and port, either perhaps empty; the colons in brackets are an IPv6 address's own."""
    if address.endswith("]"):
        return address, ""
    host, colon, port = address.rpartition(":")
    return (host, port) if colon else (port, "")
