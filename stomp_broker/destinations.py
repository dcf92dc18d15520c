"""Destinations: which are topics and which are queues, which names are valid, and who may read and write them.

Everything is a topic except ``/queue/…`` and the answers of a game, ``/games/<id>/answers``. Names are compared
whole: there are no wildcards. What nobody has given a right to is refused.
"""

import re
from dataclasses import dataclass

from stomp_broker.errors import Code, Refused, RemoteError

# Where services send orders to the broker. Nobody reads it.
CONTROL = "/broker/control"
# Where operators read what the broker does. Nobody but the broker sends there.
STATS = "/broker/stats"
# Characters: well above ours, and below what any broker takes.
MAX_DESTINATION_LENGTH = 255

_QUEUE = re.compile(r"/queue/.+|/games/[^/]+/answers")
_GAME = re.compile(r"/games/([^/]+)/")
# What other brokers read as wildcards.
_WILDCARDS = frozenset("*#>")
# Patterns are let through to where rights are judged.
_FORM = re.compile(r"/.+|.*[*#>].*")


@dataclass(frozen=True, slots=True)
class Rights:
    """What one login may do: exact names to read and to write, or ``everything``, which is for services."""

    read: frozenset[str] = frozenset()
    write: frozenset[str] = frozenset()
    everything: bool = False

    def may_read(self, destination: str) -> bool:
        """Say whether the login may subscribe there."""
        return destination != CONTROL and (self.everything or destination in self.read)

    def may_write(self, destination: str) -> bool:
        """Say whether the login may send there. Orders to the broker are for services, whatever a ticket says."""
        return destination != STATS and (self.everything or (destination != CONTROL and destination in self.write))


EVERYTHING = Rights(everything=True)


def is_queue(destination: str) -> bool:
    """Say whether each message goes to one consumer and is kept until then, instead of to all who listen now."""
    return _QUEUE.fullmatch(destination) is not None


def check_read(rights: Rights, destination: str) -> None:
    """Raise :class:`Refused`, or :class:`RemoteError` (bad-destination), unless these rights allow to read there."""
    _check_form(destination)
    if not rights.may_read(destination):
        raise _refused("read", destination)
    _check_exact(destination)


def check_write(rights: Rights, destination: str) -> None:
    """Raise :class:`Refused`, or :class:`RemoteError` (bad-destination), unless these rights allow to write there."""
    _check_form(destination)
    if not rights.may_write(destination):
        raise _refused("write", destination)
    _check_exact(destination)


def _refused(right: str, destination: str) -> Refused:
    game = _GAME.match(destination)
    return Refused(right, destination=destination, game=game[1] if game else "")


def _check_form(destination: str) -> None:
    if not (_FORM.fullmatch(destination) and len(destination) <= MAX_DESTINATION_LENGTH and destination.isprintable()):
        raise RemoteError(Code.BAD_DESTINATION)


def _check_exact(destination: str) -> None:
    """Come after the rights: who has none learns nothing about names."""
    if not _WILDCARDS.isdisjoint(destination):
        raise RemoteError(Code.BAD_DESTINATION)
