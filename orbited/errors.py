"""What can go wrong in the relay, and whose fault it is.

::

    OrbitedError
    ├── ConfigError          the operator's: a configuration that cannot be followed
    ├── ListenError          the machine's: a port that cannot be had
    ├── PrivilegeError       the machine's: a user that root cannot become, or not for good
    ├── RevokedError         the backend's verdict: it has hung up, and the page shall not come back
    └── PageError            the page's: refused, and nothing of it was taken in
        ├── PacketError          bytes that are no packets, or packets that no page may send
        ├── MediaTypeError       packets that are said to be something else
        ├── HandshakeError       a first packet that names no target
        ├── AckError             an acknowledgement of packets that were never sent
        ├── EpochError           an acknowledgement of packets of another session
        ├── GapError             a packet whose predecessor never came
        ├── OwnerError           a session that is somebody else's
        ├── UnknownSessionError  a session that is over or never was
        ├── RateError            more messages than a page may send; it may try again
        ├── BusyError            the backend takes no more at the moment; it may try again
        ├── DuplexError          a POST while a transport that carries both directions is open; it may try again
        ├── TooManySessionsError an address that holds all the sessions it may
        ├── FullError            a relay that holds all the sessions it may
        ├── DrainingError        a relay that is about to end
        ├── OriginError          a request of a page whose origin is not listed
        ├── MethodError          a method that is not allowed there
        └── TargetDeniedError    a target that the page may not reach, by name or by address

Each ``PageError`` has a ``code``, the first word of its answer, which never changes; the text behind it may.

A mistake of our own is no ``OrbitedError``: it is an ordinary exception, reaches the log with its traceback, and ends
the one connection in which it happened.
"""

from typing import ClassVar


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


class PrivilegeError(OrbitedError):
    """Root could not become the user that it was to become, or could become root again."""


class RevokedError(OrbitedError):
    """Why a connection within the process ended: its far end wants this page to stay away."""


class PageError(OrbitedError):
    """Input of a page that is refused as a whole."""

    code: ClassVar[str]


class PacketError(PageError):
    """Bytes that are no packets, or packets that no page may send."""

    code = "bad-packet"


class MediaTypeError(PageError):
    """Packets that are said to be something else."""

    code = "media-type"


class HandshakeError(PageError):
    """A first packet that names no target."""

    code = "bad-handshake"


class AckError(PageError):
    """An acknowledgement of packets that were never sent."""

    code = "bad-ack"


class EpochError(PageError):
    """An acknowledgement of packets of another session."""

    code = "bad-ack"


class GapError(PageError):
    """A packet whose predecessor never came."""

    code = "gap"


class OwnerError(PageError):
    """A session that is somebody else's."""

    code = "session-owner"


class UnknownSessionError(PageError):
    """A session that is over or never was."""

    code = "session-unknown"


class RateError(PageError):
    """More messages than a page may send."""

    code = "too-many"


class BusyError(PageError):
    """The backend takes no more at the moment."""

    code = "busy"


class DuplexError(PageError):
    """A POST while a transport that carries both directions is open."""

    code = "duplex"


class TooManySessionsError(PageError):
    """An address that holds all the sessions it may."""

    code = "too-many"


class FullError(PageError):
    """A relay that holds all the sessions it may."""

    code = "full"


class DrainingError(PageError):
    """A relay that is about to end."""

    code = "draining"


class OriginError(PageError):
    """A request of a page whose origin is not listed."""

    code = "bad-origin"


class MethodError(PageError):
    """A method that is not allowed there."""

    code = "bad-method"


class TargetDeniedError(PageError):
    """A target that the page may not reach, by its name or by the address behind it."""

    code = "target-denied"
