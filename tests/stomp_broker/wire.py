"""A client that says and hears bytes, for tests of what goes over the wire."""

from stomp_broker.errors import RemoteError
from tests.stomp_broker.clients import SERVICE_PASSCODE, Quiz

VERSIONS = ["1.0", "1.1", "1.2"]
LATER = ["1.1", "1.2"]
LOGIN = b"login:web\npasscode:" + SERVICE_PASSCODE.encode() + b"\n"
CONNECT = {
    "1.0": b"CONNECT\n" + LOGIN + b"\n\0",
    "1.1": b"CONNECT\naccept-version:1.1\nhost:quiz\n" + LOGIN + b"\n\0",
    "1.2": b"CONNECT\naccept-version:1.2\nhost:quiz\n" + LOGIN + b"\n\0",
}


class Wire:
    """One connection to a broker, with a version to one that lets it in."""

    def __init__(self, quiz: Quiz, version: str | None = None):
        self._clock = quiz.clock
        self._client = quiz.open()
        if version:
            assert self.say(CONNECT[version]).startswith(b"CONNECTED\n")

    def send(self, data: bytes) -> None:
        """Send bytes."""
        self._client.send_bytes(data)

    def say(self, data: bytes) -> bytes:
        """Send bytes; what has come since the last time."""
        self.send(data)
        return self.hear()

    def hear(self, seconds: float = 0) -> bytes:
        """What has come since the last time, when so much time has passed."""
        self._clock.advance(seconds)
        heard = self._client.transport.value()
        self._client.transport.clear()
        return heard

    def drop(self) -> None:
        """Lose the connection, as a network does."""
        self._client.drop()

    def cut(self, error: RemoteError) -> None:
        """Have the broker end it."""
        self._client.protocol.cut(error)

    @property
    def is_closed(self) -> bool:
        """Whether the broker has hung up."""
        return self._client.is_closed


def lines(data: bytes) -> list[bytes]:
    """The lines of the head of the first frame."""
    return data.partition(b"\n\n")[0].split(b"\n")


def body(data: bytes) -> bytes:
    """What stands behind the head of the first frame, to the end."""
    return data.partition(b"\n\n")[2]


def header(data: bytes, name: bytes) -> bytes | None:
    """The first entry of a header of the first frame, as it stands there."""
    return next((line.partition(b":")[2] for line in lines(data)[1:] if line.partition(b":")[0] == name), None)


def commands(data: bytes) -> list[bytes]:
    """The commands of frames without NUL in their bodies."""
    return [lines(frame)[0] for frame in data.split(b"\0")[:-1]]


def is_error(data: bytes, code: str) -> bool:
    """Whether this is one ERROR frame with the code, and nothing else."""
    return commands(data) == [b"ERROR"] and header(data, b"message") == code.encode()
