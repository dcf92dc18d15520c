"""Frames to begin with: the vectors of the tests, and all that a client says in each version."""

import json
from pathlib import Path

from stomp_broker.frames import Frame, Version, encode

VECTORS = Path(__file__).resolve().parents[2] / "tests" / "vectors" / "stomp" / "frames.json"
TOPIC, ANSWERS, QUEUE = "/topic/a", "/games/1/answers", "/queue/a"


def load() -> dict[Version, list[bytes]]:
    """Frames by the version that they are of."""
    frames = {version: [_encode(frame, version) for frame in _sayings()] for version in Version}
    for vector in json.loads(VECTORS.read_text())["frames"]:
        for version in Version:
            if vector["version"] in (version.value, None):
                frames[version].append(vector["wire"].encode("latin-1"))
    return frames


def log_in(version: Version, login: str, passcode: str) -> bytes:
    """A CONNECT that is right."""
    headers = {"accept-version": version.value, "host": "quiz", "login": login, "passcode": passcode}
    return _encode(Frame("CONNECT", headers | {"heart-beat": "10000,10000"}), version)


def _encode(frame: Frame, version: Version) -> bytes:
    return encode(frame, version)


def _sayings() -> list[Frame]:
    named = {"id": "0", "message-id": "T1", "subscription": "0", "receipt": "7"}
    subscriptions = [
        Frame("SUBSCRIBE", {"id": ack, "destination": destination, "ack": ack, "receipt": ack})
        for ack in ("auto", "client", "client-individual")
        for destination in (TOPIC, ANSWERS)
    ]
    messages = [
        Frame("SEND", {"destination": destination, "content-type": "text/plain", "x-own": "è"}, body)
        for destination in (TOPIC, ANSWERS, QUEUE, "/broker/control")
        for body in (b"", b"hello", "perché €\0 ".encode(), b'{"cut": "player:9"}', b"x" * 3000)
    ]
    transacted = [
        Frame(command, named | {"transaction": "t", "destination": TOPIC})
        for command in ("BEGIN", "SEND", "ACK", "NACK", "COMMIT", "ABORT")
    ]
    others = [
        Frame(command, named | {"destination": TOPIC}) for command in ("UNSUBSCRIBE", "ACK", "NACK", "DISCONNECT")
    ]
    return [*subscriptions, *messages, *transacted, *others, Frame("STOMP", {"accept-version": "1.2", "host": "quiz"})]
