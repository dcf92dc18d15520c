"""Errors, by whose fault they are.

::

    RemoteError             the client did what it may not: it is told in an ERROR frame, then the connection is closed
      +-- FrameError        its bytes are not a STOMP frame
      +-- Refused           its login or its rights do not allow it
    LocalError              we were about to send what STOMP cannot carry: a fault of this code
    ConfigError             the operator asked for what cannot be: the start ends with this one line
      +-- ConfigFileError   ... in the configuration file

A client is told a code, in the header ``message``, and one sentence, in the body. Codes are stable: programs may
compare them. Neither ever repeats what the client sent.
"""

from enum import StrEnum


class Code(StrEnum):
    """What is wrong, in the word that goes into the header ``message`` of ERROR."""

    ACCESS_REFUSED = "access-refused"
    ALREADY_CONNECTED = "already-connected"
    BAD_ACK = "bad-ack"
    BAD_COMMAND = "bad-command"
    BAD_CONTROL = "bad-control"
    BAD_DESTINATION = "bad-destination"
    BAD_ENCODING = "bad-encoding"
    BAD_ESCAPE = "bad-escape"
    BAD_HEADER = "bad-header"
    BAD_HEARTBEAT = "bad-heartbeat"
    BAD_LENGTH = "bad-length"
    BAD_TRANSACTION = "bad-transaction"
    BODY_NOT_ALLOWED = "body-not-allowed"
    CONNECT_TIMEOUT = "connect-timeout"
    CONNECTION_LIMIT = "connection-limit"
    DUPLICATE_ID = "duplicate-id"
    FRAME_TOO_LARGE = "frame-too-large"
    HEADER_LIMIT = "header-limit"
    HEARTBEAT_TIMEOUT = "heart-beat-timeout"
    INTERNAL_ERROR = "internal-error"
    KICKED = "kicked"
    MISSING_DESTINATION = "missing-destination"
    MISSING_ID = "missing-id"
    NO_COMMON_VERSION = "no-common-version"
    NOT_CONNECTED = "not-connected"
    QUEUE_FULL = "queue-full"
    RATE_LIMIT = "rate-limit"
    SHUTTING_DOWN = "shutting-down"
    SLOW_READER = "slow-reader"
    STORE_FAILED = "store-failed"
    SUBSCRIPTION_LIMIT = "subscription-limit"
    TICKET_EXPIRED = "ticket-expired"
    UNKNOWN_ID = "unknown-id"
    UPSTREAM_AWAY = "upstream-away"


SENTENCES: dict[Code, str] = {
    Code.ACCESS_REFUSED: "This login may not do that. Check login, passcode or ticket, and the destination.",
    Code.ALREADY_CONNECTED: "CONNECT may be sent once. Open another connection for another login.",
    Code.BAD_ACK: "The header ack is auto, client or client-individual.",
    Code.BAD_COMMAND: "That is not a command that a client of this version may send.",
    Code.BAD_CONTROL: 'The body must be a JSON object such as {"cut": "player:12"}.',
    Code.BAD_DESTINATION: "A destination begins with / and has no control characters and no wildcards.",
    Code.BAD_ENCODING: "Command and headers must be UTF-8 without NUL.",
    Code.BAD_ESCAPE: "A header has a backslash sequence that this version of STOMP does not define.",
    Code.BAD_HEADER: "A header line needs a name, a colon and a value.",
    Code.BAD_HEARTBEAT: "The header heart-beat is two whole numbers of milliseconds, such as 10000,10000.",
    Code.BAD_LENGTH: "content-length must be the number of bytes of the body, which ends with NUL.",
    Code.BAD_TRANSACTION: "The transaction is unknown, open already, too large, or one too many.",
    Code.BODY_NOT_ALLOWED: "Only SEND may have a body.",
    Code.CONNECT_TIMEOUT: "No CONNECT came in time. Send it right after the connection is open.",
    Code.CONNECTION_LIMIT: "A newer connection of this login has taken the place of this one: it has too many.",
    Code.DUPLICATE_ID: "There is a subscription with this id already. Choose another id.",
    Code.FRAME_TOO_LARGE: "The frame is larger than this login may send.",
    Code.HEADER_LIMIT: "The frame has too many headers, or one that is too long.",
    Code.HEARTBEAT_TIMEOUT: "No heart-beat came in the time agreed. Connect again.",
    Code.INTERNAL_ERROR: "The broker failed at this frame; its log says more. Connect again.",
    Code.KICKED: "This login was ended by a service.",
    Code.MISSING_DESTINATION: "The frame needs the header destination.",
    Code.MISSING_ID: "The frame needs the header that names its subscription, message or transaction.",
    Code.NO_COMMON_VERSION: "The header version lists what this broker speaks. Offer one of them in accept-version.",
    Code.NOT_CONNECTED: "The first frame must be CONNECT or STOMP.",
    Code.QUEUE_FULL: "Too much waits in this queue, and nobody reads it. Send again later.",
    Code.RATE_LIMIT: "Too much came in a short time. Connect again, and send less often.",
    Code.SHUTTING_DOWN: "The broker is about to end, and another will be there soon. Connect again in a moment.",
    Code.SLOW_READER: "Too much was left unread, and what came after was dropped. Connect again, and read faster.",
    Code.STORE_FAILED: "The message could not be saved, and is not kept. Connect again, and send it again later.",
    Code.SUBSCRIPTION_LIMIT: "The connection has as many subscriptions as it may. Unsubscribe from one first.",
    Code.TICKET_EXPIRED: "The ticket's time is over. Get a new one and connect again.",
    Code.UNKNOWN_ID: "There is no such subscription, or no such message that waits to be acknowledged.",
    Code.UPSTREAM_AWAY: "The broker behind this one is away. Connect again in a moment, and read what you missed.",
}


class RemoteError(Exception):
    """The client's fault, or its end: ERROR with the code, then close.

    ``why``, and what it is ``about`` by the names of log fields, are for the log only, never for the client.
    """

    def __init__(self, code: Code, why: str = "", **about: str) -> None:
        super().__init__(code, why)
        self.code = code
        self.why = why
        self.about = about

    @property
    def sentence(self) -> str:
        """What the client should do, for people."""
        return SENTENCES[self.code]


class FrameError(RemoteError):
    """The bytes are not a STOMP frame. ``receipt`` is the receipt that the frame had asked for until then, if any."""

    def __init__(self, code: Code, receipt: str | None = None) -> None:
        super().__init__(code)
        self.receipt = receipt


class Refused(RemoteError):
    """The login, or the right to read or write a destination, was refused.

    The client hears the same for every reason.
    """

    def __init__(self, why: str, **about: str) -> None:
        super().__init__(Code.ACCESS_REFUSED, why, **about)


class LocalError(Exception):
    """We were about to send what cannot be sent: a fault of this code, never of the client."""


class ConfigError(Exception):
    """The operator's settings cannot be used. The message names the setting and what to do; it never shows a secret."""


class ConfigFileError(ConfigError):
    """The configuration file cannot be followed. The message begins with its path."""
