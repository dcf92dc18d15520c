"""What can go wrong in this package, and whose fault it is.

::

    LiveError
    ├── DestinationError       the caller's: not a name that every broker can carry
    ├── MessageError           the caller's: not JSON, or larger than a broker takes
    ├── TicketError            the client's: forged, expired or malformed ticket
    └── BrokerError            the broker's; publishers never see these, the outbox keeps what it keeps
        ├── BrokerUnavailable  nobody there, or no answer in time: try later
        └── BrokerRefused      an ERROR frame: the same message will be refused again until somebody acts
"""


class LiveError(Exception):
    """Base of all errors of this package."""


class DestinationError(LiveError, ValueError):
    """Not a name that every broker can carry."""


class MessageError(LiveError, ValueError):
    """A body that is not JSON, or larger than a broker takes."""


class TicketError(LiveError):
    """A ticket that is forged, expired or malformed. The text is for logs, not for the client."""


class BrokerError(LiveError):
    """The broker did not take a message."""


class BrokerUnavailable(BrokerError):
    """Nobody there, or no answer in time."""


class BrokerRefused(BrokerError):
    """The broker answered with an ERROR frame."""
