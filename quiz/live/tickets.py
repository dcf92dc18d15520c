"""Tickets: short-lived proofs of who somebody is and which destinations they may read and write.

A ticket is a JWT (RFC 7519) signed with HS256 and the key ``STOMP_TICKET_KEY``::

    {"aud":"orbit-quiz","sub":"player:5","iat":…,"exp":…,"read":["/games/7/status"],"write":["/games/7/answers"]}

In a token, ``read`` and ``write`` are as the broker spells them (``destinations.py``); a :class:`Ticket` has our names.
Pages give it as STOMP ``passcode`` and as ``Authorization: Bearer``. The broker judges it with the same key, without
asking Django. Subjects are ``player:<pk>``, ``user:<pk>`` or ``service:<name>``; services may read and write
everything.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import jwt
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser

from quiz.live.destinations import named, spelled
from quiz.live.errors import TicketError

__all__ = ["Rights", "Ticket", "TicketError", "grants", "make", "make_for_user", "read"]

AUDIENCE = "orbit-quiz"
ALGORITHM = "HS256"
SUBJECT_KINDS = ("player", "user", "service")

# Bytes: a ticket must fit into one STOMP header line of 8 KiB, about 150 destinations.
MAX_TICKET_BYTES = 8_000


@dataclass(frozen=True)
class Ticket:
    """A ticket that was judged good: subject, rights, when it was made and its end, in ms since the epoch."""

    subject: str
    read: frozenset[str]
    write: frozenset[str]
    issued_at: int
    expires_at: int

    @property
    def kind(self) -> str:
        """``player``, ``user`` or ``service``."""
        return self.subject.partition(":")[0]

    @property
    def name(self) -> str:
        """What follows the kind: a primary key, or a service's name."""
        return self.subject.partition(":")[2]


class Rights(NamedTuple):
    """Destinations that somebody may read and write."""

    read: Iterable[str] = ()
    write: Iterable[str] = ()


# What a user may do is known by the apps: each appends a function of the user when it is ready.
grants: list[Callable[[AbstractBaseUser], Rights]] = []


def make(subject: str, read: Iterable[str], write: Iterable[str], seconds: int) -> str:
    """A signed ticket, good for so many seconds. Raises ``ValueError`` for what ``read`` would refuse."""
    _check_subject(subject)
    now = int(time.time())
    rights = {"read": [*map(spelled, read)], "write": [*map(spelled, write)]}
    claims = {"aud": AUDIENCE, "sub": subject, "iat": now, "exp": now + seconds, **rights}
    token = jwt.encode(claims, settings.STOMP_TICKET_KEY, algorithm=ALGORITHM)
    if len(token) > MAX_TICKET_BYTES:
        raise ValueError(f"a ticket of {len(token)} bytes does not fit into a STOMP header: name fewer destinations")
    return token


def make_for_user(user: AbstractBaseUser, seconds: int) -> str:
    """A ticket that acts as this user, with all rights that the apps grant."""
    rights = [grant(user) for grant in grants]
    read = sorted({destination for right in rights for destination in right.read})
    write = sorted({destination for right in rights for destination in right.write})
    return make(f"user:{user.pk}", read, write, seconds)


def read(token: str) -> Ticket:
    """The ticket in a token. Raises ``TicketError`` unless signature, audience, time and shape are right."""
    if len(token) > MAX_TICKET_BYTES:
        raise TicketError("longer than a ticket can be")
    try:
        claims = jwt.decode(
            token,
            settings.STOMP_TICKET_KEY,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            options={"require": ["aud", "sub", "iat", "exp"], "strict_aud": True},
        )
        _check_subject(claims["sub"])
        read, write = _destinations(claims, "read"), _destinations(claims, "write")
    except (jwt.InvalidTokenError, ValueError) as error:
        raise TicketError(str(error)) from error
    return Ticket(claims["sub"], read, write, issued_at=claims["iat"] * 1000, expires_at=claims["exp"] * 1000)


def _check_subject(subject: str) -> None:
    kind, _, name = subject.partition(":")
    if kind not in SUBJECT_KINDS or not name:
        raise ValueError(f"{subject!r} is not like 'user:5': one of {', '.join(SUBJECT_KINDS)}, a colon and a name")


def _destinations(claims: dict[str, Any], right: str) -> frozenset[str]:
    names = claims.get(right)
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError(f"{right} is not a list of destinations")
    return frozenset(map(named, names))
