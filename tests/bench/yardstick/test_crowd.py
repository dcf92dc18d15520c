"""A crowd before a real server in a process of its own."""

import os
from collections.abc import Iterator

import pytest

from bench.yardstick.crowd import Crowd
from bench.yardstick.pages import BareSocketPage, EchoPage, HeldPage, Page, RefusedError
from bench.yardstick.servers import Server, bare


@pytest.fixture(scope="module")
def websockets() -> Iterator[Server]:
    with bare("websocket") as server:
        yield server


def test_all_of_a_crowd_get_ready_however_few_may_come_at_once(websockets: Server) -> None:
    with Crowd(websockets.port) as crowd:
        crowd.gather((BareSocketPage(websockets.host) for _ in range(50)), in_progress=7)
        assert len(crowd.take_ready()) == 50
        assert crowd.take_ready() == []
        assert crowd.unready == 0


def test_a_crowd_goes_on_when_all_that_are_there_get_ready_at_once(websockets: Server) -> None:
    with Crowd(websockets.port) as crowd:
        crowd.gather((BareSocketPage(websockets.host) for _ in range(5)), in_progress=1)
        assert len(crowd.take_ready()) == 5


def test_pages_that_are_ready_from_the_beginning_are_a_crowd_too() -> None:
    with bare("held") as server, Crowd(server.port) as crowd:
        crowd.gather((HeldPage(server.host) for _ in range(9)), in_progress=4)
        assert len(crowd.take_ready()) == 9


@pytest.mark.parametrize("abruptly", [True, False])
def test_who_is_dismissed_is_gone(websockets: Server, abruptly: bool) -> None:
    with Crowd(websockets.port) as crowd:
        crowd.gather(BareSocketPage(websockets.host) for _ in range(2))
        first, second = crowd.take_ready()
        crowd.dismiss(first, abruptly)
        assert first.fileno() == -1
        assert second.fileno() >= 0


def test_a_server_that_hangs_up_ends_the_measurement(websockets: Server) -> None:
    class Stranger(EchoPage):
        def begin(self) -> bytes:
            return b"GET / HTTP/0\r\n\r\n"

        def receive(self, data: bytes) -> bytes:
            return b""

    with Crowd(websockets.port) as crowd, pytest.raises(RefusedError, match="hung up"):
        crowd.gather([Stranger()])


def test_what_a_server_takes_is_read_from_the_system(websockets: Server) -> None:
    before = websockets.process.cpu_s()
    with Crowd(websockets.port) as crowd:
        pages: list[Page] = [BareSocketPage(websockets.host) for _ in range(200)]
        crowd.gather(pages)
    assert websockets.process.cpu_s() > before > 0
    assert websockets.process.memory_bytes() > 10_000_000


def test_a_server_has_one_core(websockets: Server) -> None:
    assert len(os.sched_getaffinity(websockets.process.pid)) == 1
