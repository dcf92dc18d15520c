"""A headless host: starts the game, and goes on after each reveal and each standings, as a person at the projector."""

import asyncio
import logging
from typing import Any, Self

from bench.clock import now_ms
from bench.connection import Route
from bench.http import HttpClient
from bench.member import Member
from bench.report import Report

Data = dict[str, Any]

STEPS = {"lobby": "start", "reveal": "next", "standings": "next"}
"""What ends the phases that last until the host acts."""

HURRIED = {"countdown": "next", "reading": "next"}
"""What ends phases before their time, for a host in a hurry."""

log = logging.getLogger(__name__)


class HostRefused(Exception):
    """The server does not take this host's word."""


class Host(Member):
    """The host of one game, known by a ticket of its author."""

    def __init__(self, http: HttpClient, state: Data, report: Report, *, think_s: float, hurry: bool) -> None:
        super().__init__("host", http, state, report)
        self._think_s = think_s
        self._steps = STEPS | HURRIED if hurry else STEPS
        self._news = asyncio.Event()

    @classmethod
    async def of(
        cls, url: str, game: int, ticket: str, report: Report, *, think_s: float = 1.0, hurry: bool = False
    ) -> Self:
        """The host of that game. Raises :class:`HostRefused` and ``OSError``."""
        http = HttpClient(url)
        http.headers["Authorization"] = f"Bearer {ticket}"
        answer = await http.get(f"/games/{game}/state/")
        if answer.status != 200:
            raise HostRefused(f"the ticket does not open game {game}: {answer.status}")
        return cls(http, answer.json(), report, think_s=think_s, hurry=hurry)

    async def lead(self, route: Route) -> None:
        """Start the game and bring it to its podium."""
        await self.follow(route, await self.fresh_ticket(), {"host": f"{self.address}/host"}, self._lead)

    async def close(self) -> None:
        """Leave the podium: the game is over."""
        await self._step("next")
        self.http.close()

    def changed(self, event: Data | None, received: float) -> None:
        """Look up."""
        self._news.set()

    async def _lead(self) -> None:
        await self.is_up.wait()
        while not self.is_over.is_set():
            await self._news.wait()
            self._news.clear()
            if self.view.phase in self._steps:
                await self._go_on()

    async def _go_on(self) -> None:
        version, phase = self.view.state["version"], self.view.phase
        if phase not in HURRIED:
            await asyncio.sleep(self._think_s)
        if version == self.view.state["version"]:
            await self._step(self._steps[phase])

    async def _step(self, name: str) -> None:
        """Do one step; what it did comes back as an event. When it was not done, the state is read."""
        self.report.acted_at[self.view.state["version"] + 1] = now_ms()
        try:
            answer = await self.http.post(f"{self.address}/{name}/", {"version": self.view.state["version"]})
        except OSError as error:
            log.warning("host: %s: %s", name, error)
        else:
            if answer.status == 200:
                return
            if answer.status not in (409, 500, 502, 503):
                raise HostRefused(f"{name}: {answer.status} {answer.body[:200]!r}")
        await self.refresh()
