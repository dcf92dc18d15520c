"""What can go wrong in the relay, and whose fault it is.

::

    OrbitedError
    ├── ConfigError          the operator's: a configuration that cannot be followed
    ├── ListenError          the machine's: a port that cannot be had
    └── PageError            the page's: refused, and nothing of it was taken in
        ├── PacketError          bytes that are no packets, or packets that no page may send
        ├── HandshakeError       a first packet that names no target
        ├── AckError             an acknowledgement of packets that were never sent
        ├── GapError             a packet whose predecessor never came
        ├── RateError            more messages than a page may send; it may try again
        ├── BusyError            the backend takes no more at the moment; it may try again
        ├── DuplexError          a POST while a transport that carries both directions is open; it may try again
        ├── TooManySessionsError an address that holds all the sessions it may
        ├── MisdirectedError     a request that calls the relay by no name of its
        └── TargetDeniedError    a target that the page may not reach, by name or by address

A mistake of our own is no ``OrbitedError``: it is an ordinary exception, reaches the log with its traceback, and ends
the one connection in which it happened.
"""


class OrbitedError(Exception):
    """Anything that the relay refuses to do."""


class ConfigError(OrbitedError):
    """A configuration that cannot be followed.

    ``where`` names file and line (``orbited.cfg:12``) or the command line's option.
    """

    def __init__(self, where: str, message: str) -> None:
        super().__init__(f"{where}: {message}")
        self.where = where


class ListenError(OrbitedError):
    """A port that cannot be had; the text says which and what moves it."""


class PageError(OrbitedError):
    """Input of a page that is refused as a whole."""


class PacketError(PageError):
    """Bytes that are no packets, or packets that no page may send."""


class HandshakeError(PageError):
    """A first packet that names no target."""


class AckError(PageError):
    """An acknowledgement of packets that were never sent."""


class GapError(PageError):
    """A packet whose predecessor never came."""


class RateError(PageError):
    """More messages than a page may send."""


class BusyError(PageError):
    """The backend takes no more at the moment."""


class DuplexError(PageError):
    """A POST while a transport that carries both directions is open."""


class TooManySessionsError(PageError):
    """An address that holds all the sessions it may."""


class MisdirectedError(PageError):
    """A request that calls the relay by no name of its."""

    code = "misdirected"


class TargetDeniedError(PageError):
    """A target that the page may not reach, by its name or by the address behind it."""

    code = "target-denied"
