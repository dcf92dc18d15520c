"""A thread of the web process that waits for the rest of a request gets it in time, or its end."""

import socket
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.workers.gthread import TConn, ThreadWorker

from quiz.processes import worker
from quiz.processes.worker import Worker

Line = tuple[TConn, socket.socket]


@pytest.fixture
def line() -> Iterator[Line]:
    """A connection as gunicorn has it, and the phone at its other end."""
    ours, phone = socket.socketpair()
    with ours, phone:
        yield TConn(Config(), ours, ("127.0.0.1", 1), ("127.0.0.1", 2)), phone


@pytest.fixture
def idle(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A worker that serves nothing: of a connection it reads once, after a second's sign of life."""
    monkeypatch.setattr(ThreadWorker, "handle", lambda self, conn: self.notify() or conn.sock.recv(10))
    made = Worker(1, 1, [], None, 10, Config(), SimpleNamespace())
    yield made
    made.tmp.close()


@pytest.fixture
def hasty(idle: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The same, for which every request takes too long."""
    monkeypatch.setattr(worker, "REQUEST_SECONDS", -1)
    return idle


def test_a_request_that_takes_too_long_to_come_ends(hasty: Any, line: Line) -> None:
    assert hasty.handle(line[0]) == b""
    assert hasty.begun == {}


def test_one_that_is_on_its_way_is_waited_for(idle: Any, line: Line) -> None:
    with pytest.raises(BlockingIOError):
        idle.handle(line[0])
    assert idle.begun == {}


def test_the_answer_to_half_a_request_still_goes_out(hasty: Any, line: Line) -> None:
    conn, phone = line
    hasty.handle(conn)
    conn.sock.send(b"400")
    assert phone.recv(3) == b"400"


def test_a_connection_that_is_gone_by_then_is_no_fault(hasty: Any, line: Line) -> None:
    line[0].sock.close()
    hasty.begun[line[0]] = 0.0
    hasty.notify()
