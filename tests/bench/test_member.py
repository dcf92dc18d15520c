"""A member at a server that forgets to send an event: one port that is site, relay and broker at once."""

import asyncio
import http
import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from websockets.asyncio.server import Request, Response, ServerConnection, serve

from bench.connection import Route
from bench.http import HttpClient
from bench.member import Member
from bench.report import Report
from stomp_broker.frames import Frame, Version, encode

STARTED = 1_800_000_000_000


def event(seq: int, phase: str) -> dict[str, Any]:
    data = {"phase": phase, "phase_started_at": STARTED + seq, "phase_ends_at": None, "question": None}
    return {"v": 1, "type": "game.moved", "seq": seq, "at": STARTED + seq, "data": data}


EVENTS = [event(1, "countdown"), event(2, "reading"), event(3, "open"), event(4, "podium")]


class Site:
    """Speaks HTTP, the relay's wire and STOMP, and sends the events that ``line`` names."""

    def __init__(self, line: list[int]) -> None:
        self.line = line
        self.asked: list[str] = []

    def answer(self, connection: ServerConnection, request: Request) -> Response | None:
        address = urlsplit(request.path)
        self.asked.append(request.path)
        answers = {
            "/tcp": "k3y",
            "/games/7/state/": json.dumps({"game": 7, "seq": 0, "phase": "lobby", "server_time": STARTED}),
            "/games/7/events/": json.dumps({"events": EVENTS[int(address.query.partition("=")[2] or 0) :]}),
        }
        text = answers.get(address.path)
        return None if text is None else connection.respond(http.HTTPStatus.OK, text)

    async def talk(self, connection: ServerConnection) -> None:
        await connection.send('["open"]')
        await connection.recv()
        await connection.send(b"1")
        await connection.recv()
        await self.say(connection, "CONNECTED", {"version": "1.2"})
        await connection.recv()
        await self.say(connection, "RECEIPT", {"receipt-id": "subscribed"})
        for seq in self.line:
            body = json.dumps(EVENTS[seq - 1]).encode()
            await self.say(connection, "MESSAGE", {"destination": "/games/7/status"}, body)
        await connection.wait_closed()

    async def say(self, connection: ServerConnection, command: str, headers: dict[str, str], body: bytes = b"") -> None:
        await connection.send(encode(Frame(command, headers, body), Version.V12))


def followed(site: Site) -> tuple[Member, Report]:
    """A member who followed the game at that site to its podium."""

    async def run() -> tuple[Member, Report]:
        async with serve(site.talk, "127.0.0.1", 0, process_request=site.answer) as server:
            url = f"http://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
            report = Report()
            async with HttpClient(url) as client:
                state = {"game": 7, "seq": 0, "phase": "lobby"}
                member = Member("member", client, state, report)

                async def until_over() -> None:
                    await member.is_over.wait()

                await member.follow(Route(url, "localhost", 61613), "ticket", {}, until_over)
            return member, report

    return asyncio.run(run())


def test_events_in_order_bring_the_member_to_the_end() -> None:
    site = Site([1, 2, 3, 4])
    member, report = followed(site)
    assert (member.view.seq, member.view.phase) == (4, "podium")
    assert (report.counts.gaps, report.counts.events_doubled, report.counts.reconnects) == (0, 0, 0)
    assert not any("events" in path for path in site.asked)


@pytest.mark.parametrize("line", [[1, 3], [1, 4], [4]])
def test_a_missing_event_is_counted_and_asked_for(line: list[int]) -> None:
    member, report = followed(Site(line))
    assert (member.view.seq, member.view.phase) == (4, "podium")
    assert (report.counts.gaps, report.counts.gaps_filled) == (1, 1)


def test_an_event_that_comes_twice_is_counted_and_applied_once() -> None:
    member, report = followed(Site([1, 2, 2, 3, 4]))
    assert member.view.seq == 4
    assert (report.counts.events_doubled, report.counts.gaps) == (1, 0)
