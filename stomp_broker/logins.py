"""Logins: who somebody is, from the ``login`` and ``passcode`` of CONNECT, and what that gives the right to.

A judge answers with a :class:`Login` or with None. :class:`Logins` asks several and refuses what none of them
knows, always in the same words and after the same work, so that nobody learns by trying which part was wrong.
"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import jwt

from stomp_broker.destinations import EVERYTHING, Rights
from stomp_broker.errors import Refused
from stomp_broker.frames import MAX_BROWSER_FRAME_BYTES, MAX_SERVICE_FRAME_BYTES

AUDIENCE = "orbit-quiz"
ALGORITHM = "HS256"
SERVICE = "service:"
# Characters of a refused login that the log shows: enough for every name of ours.
MAX_SHOWN_LOGIN = 40


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody who was let in.

    Times are in seconds since the epoch: ``expires_at`` is None for never, ``issued_at`` for what is no ticket.
    """

    subject: str
    rights: Rights
    expires_at: float | None = None
    issued_at: float | None = None

    @property
    def max_frame_bytes(self) -> int:
        """The largest frame that this login may send."""
        return MAX_SERVICE_FRAME_BYTES if self.rights.everything else MAX_BROWSER_FRAME_BYTES


def service(name: str) -> Login:
    """Give the login of a service, which may do everything."""
    return Login(SERVICE + name, EVERYTHING)


class Judge(Protocol):
    """Knows one kind of login."""

    def judge(self, login: str, passcode: str, now: float) -> Login | None:
        """Give the login, or None for one that it does not know. ``now`` is in seconds since the epoch."""


class Logins:
    """Everybody whom the broker lets in: whom at least one of the judges knows."""

    def __init__(self, judges: Sequence[Judge]) -> None:
        self._judges = tuple(judges)

    def check(self, login: str, passcode: str, now: float) -> Login:
        """Give the login, or raise :class:`Refused`."""
        found = self.find(login, passcode, now)
        if not found:
            raise Refused("login", login=login[:MAX_SHOWN_LOGIN])
        return found

    def find(self, login: str, passcode: str, now: float) -> Login | None:
        """Give the login, or None. All judges are asked, whoever knows it."""
        verdicts = [judge.judge(login, passcode, now) for judge in self._judges]
        return next(filter(None, verdicts), None)


class ServiceLogin:
    """The one login of the services, from the environment."""

    def __init__(self, login: str, passcode: str) -> None:
        self._login = login
        self._passcode = passcode

    def judge(self, login: str, passcode: str, now: float) -> Login | None:
        """See :class:`Judge`."""
        is_right = _same(login, self._login) & _same(passcode, self._passcode)
        return service(self._login) if is_right else None


class Tickets:
    """Tickets: JWTs (RFC 7519) signed with HS256, given as passcode. The login beside it does not matter.

    Claims: ``aud`` "orbit-quiz", ``sub``, ``iat`` and ``exp`` (whole numbers of seconds since the epoch), ``read``
    and ``write`` (lists of exact destinations). A subject ``service:…`` may read and write everything.
    """

    def __init__(self, key: str) -> None:
        self._key = key

    def judge(self, login: str, passcode: str, now: float) -> Login | None:
        """See :class:`Judge`."""
        try:
            claims = jwt.decode(
                passcode,
                self._key,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                # Time is judged below, by the clock that we are given.
                options={
                    "require": ["aud", "sub", "iat", "exp"],
                    "strict_aud": True,
                    "verify_exp": False,
                    "verify_iat": False,
                },
            )
            return _login_of(claims, now)
        except (jwt.InvalidTokenError, ValueError, RecursionError):  # The last by JSON of a thousand brackets.
            return None


class Anyone:
    """Lets everybody in as a service whose login can be shown in a log. For development only."""

    def judge(self, login: str, passcode: str, now: float) -> Login | None:
        """See :class:`Judge`."""
        return Login("any:" + login, EVERYTHING) if login.isprintable() else None


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode(), right.encode())


def _login_of(claims: Mapping[str, Any], now: float) -> Login | None:
    subject, issued_at, expires_at = claims["sub"], claims["iat"], claims["exp"]
    if type(issued_at) is not int or type(expires_at) is not int or expires_at <= now or not subject.isprintable():
        return None
    rights = EVERYTHING if subject.startswith(SERVICE) else Rights(_names(claims, "read"), _names(claims, "write"))
    return Login(subject, rights, expires_at, issued_at)


def _names(claims: Mapping[str, Any], right: str) -> frozenset[str]:
    names = claims.get(right, [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError(f"{right} is not a list of destinations")
    return frozenset(names)
