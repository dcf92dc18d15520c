"""Authenticators: asked whether a login and its passcode are right, while everybody else goes on.

Whatever has the interface ``coilmq.auth.Authenticator`` serves, and is named as in CoilMQ's configuration. It is called
in a thread, for it may wait for a disk or for another machine, and so must be thread-safe, as CoilMQ asks for. Whom the
broker knows by itself, such as every page by its ticket, it is never asked about. What a login of its may do stands in
the section ``[rights]`` of the configuration file::

    [rights]
    ada = everything
    report = read /broker/stats, read /games/7/status, write /queue/reports
    * = read /topic/news

The line of a login counts instead of that of ``*``; who has neither may do nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol

from twisted.internet.defer import Deferred

from stomp_broker.destinations import EVERYTHING, Rights
from stomp_broker.errors import ConfigError
from stomp_broker.events import Connect
from stomp_broker.hooks import Client
from stomp_broker.logins import Login, Logins

# What a subject begins with, so that no login is taken for a player, a user or a service.
LOGIN = "login:"
# In [rights]: whoever has no line, and the right to do everything.
ANYBODY = "*"
ALL = "everything"

RightsTable = Mapping[str, Rights]


class Authenticator(Protocol):
    """See ``coilmq.auth.Authenticator``."""

    def authenticate(self, login: str, passcode: str) -> bool:
        """Say whether these are right."""


@dataclass(frozen=True, slots=True)
class Source:
    """An authenticator, and who its logins are here."""

    authenticator: Authenticator
    login_of: Callable[[str], Login]


class Authenticators:
    """A hook, the last of all: hooks give up after a while, and refuse what goes wrong (``hooks.py``).

    ``aside`` calls what may block, ``epoch`` gives seconds since 1970.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        logins: Logins,
        aside: "Callable[[Callable[[], bool]], Deferred[bool]]",
        epoch: Callable[[], float],
    ) -> None:
        self._sources = tuple(sources)
        self._logins = logins
        self._aside = aside
        self._epoch = epoch

    async def on_connect(self, _client: Client, connect: Connect) -> Connect | None:
        """Say who it is. Whom nobody knows, the broker refuses as it does without us."""
        if not self._logins.find(connect.login, connect.passcode, self._epoch()):
            for source in self._sources:
                ask = partial(source.authenticator.authenticate, connect.login, connect.passcode)
                if _verdict(await self._aside(ask)):
                    return replace(connect, known_as=source.login_of(connect.login))
        return None


def login_of(table: RightsTable, login: str) -> Login:
    """Who a login is that an authenticator knows."""
    rights = table.get(login, table.get(ANYBODY, Rights())) if login.isprintable() else Rights()
    return Login(LOGIN + login, rights)


def parse_rights(text: str) -> Rights:
    """Read a value of [rights]. Raises :class:`ConfigError`."""
    if text.strip() == ALL:
        return EVERYTHING
    rights: dict[str, set[str]] = {"read": set(), "write": set()}
    for entry in filter(None, map(str.strip, text.split(","))):
        verb, _, destination = entry.partition(" ")
        if verb not in rights or not destination.strip().startswith("/"):
            raise ConfigError(f"{entry!r} is neither {ALL!r} nor like 'read /a' or 'write /a'")
        rights[verb].add(destination.strip())
    return Rights(frozenset(rights["read"]), frozenset(rights["write"]))


def _verdict(given: Any) -> bool:  # noqa: ANN401
    """Take nothing for a yes that was not meant as one, such as a coroutine."""
    if not isinstance(given, bool):
        raise TypeError(f"an authenticator gave {type(given).__name__} instead of True or False")
    return given
