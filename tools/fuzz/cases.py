"""A case: all that one client sends, with one spoilt frame in it, and the pieces in which it comes."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

import jwt

from stomp_broker.frames import Version
from tools.fuzz import corpus
from tools.fuzz.mutations import mutate

TICKET_KEY = "the ticket key of the fuzzer, long enough"
SERVICE_PASSCODE = "sesame"
# What Twisted reads at once.
READ_BYTES = 65536
TICKET_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Case:
    """What is sent, in its pieces."""

    number: int
    pieces: tuple[bytes, ...]

    @property
    def whole(self) -> tuple[bytes, ...]:
        """The same in as few pieces as there can be."""
        return _cut(b"".join(self.pieces), [])


def make(seed: int) -> Iterator[Case]:
    """Cases without end, the same for the same seed but for the time in a ticket."""
    random = Random(seed)  # noqa: S311  Chance that can be repeated.
    frames = corpus.load()
    logins = (("web", SERVICE_PASSCODE), ("web", SERVICE_PASSCODE), ("", _ticket()))
    number = 0
    while True:
        version = random.choice(list(Version))
        said = [
            corpus.log_in(version, *random.choice(logins)),
            *random.choices(frames[version], k=random.choice((1, 1, 2, 3))),
        ]
        spoilt = 0 if random.random() < 0.1 else random.randrange(1, len(said))
        said[spoilt] = mutate(said[spoilt], random, frames[version])
        yield Case(number, _split(b"".join(said), random))
        number += 1


def _ticket() -> str:
    now = int(time.time())
    rights = {"read": [corpus.TOPIC], "write": [corpus.ANSWERS]}
    claims = {"aud": "orbit-quiz", "sub": "player:1", "iat": now, "exp": now + TICKET_SECONDS}
    return jwt.encode(claims | rights, TICKET_KEY, algorithm="HS256")


def _split(data: bytes, random: Random) -> tuple[bytes, ...]:
    if random.random() < 0.5:
        return _cut(data, [])
    return _cut(data, [random.randrange(len(data) + 1) for _ in range(random.choice((1, 2, 3, 30)))])


def _cut(data: bytes, places: Sequence[int]) -> tuple[bytes, ...]:
    """Cut at these places, and where a read of a socket ends at the latest."""
    ends = sorted({*places, *range(READ_BYTES, len(data), READ_BYTES), len(data)})
    return tuple(data[start:end] for start, end in zip([0, *ends], ends, strict=False) if start < end)
