"""No thread of the web process waits for a slow line, and the loop that reads for all of them waits for nobody."""

import selectors
import socket
from collections.abc import Iterator
from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.workers.gthread import TConn, ThreadWorker

from quiz.processes import worker
from quiz.processes.worker import HEAD_SECONDS, LEAVE_BYTES, LONG_AT_ONCE, REQUEST_SECONDS, TOO_LONG, Worker

GET = b"GET /time/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
LONG = b"POST / HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n"


class Threads:
    """A thread pool in which nothing runs until the test says what came of it."""

    def __init__(self) -> None:
        self.given: list[tuple[TConn, Future[Any]]] = []

    def submit(self, handle: Any, conn: TConn) -> Future[Any]:
        future: Future[Any] = Future()
        self.given.append((conn, future))
        return future

    def finish(self, keepalive: bool) -> None:
        self.given.pop(0)[1].set_result(keepalive)


class Web:
    """A worker whose loop goes round when the test says so, in its own time, and phones that are connected to it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1_000.0
        monkeypatch.setattr(worker, "monotonic", lambda: self.now)
        self.worker = Worker(1, 1, [], None, 10, Config(), SimpleNamespace())
        self.worker.poller, self.threads = selectors.DefaultSelector(), Threads()
        self.worker.tpool = self.threads
        self.worker.method_queue.init()
        self.worker.poller.register(
            self.worker.method_queue.fileno(), selectors.EVENT_READ, self.worker.method_queue.run_callbacks
        )
        self.sockets: list[socket.socket] = []

    def phone(self, says: bytes = b"") -> socket.socket:
        """One that has said that before it was accepted."""
        ours, phone = socket.socketpair()
        phone.settimeout(0)
        self.sockets += [ours, phone]
        phone.send(says)
        self.worker.nr_conns += 1
        self.worker.enqueue_req(TConn(Config(), ours, ("127.0.0.1", 1), ("127.0.0.1", 2)))
        return phone

    def turn(self, seconds: float = 0) -> None:
        """The loop goes round, so many seconds later."""
        self.now += seconds
        self.worker.notify()
        self.worker.wait_for_and_dispatch_events(0)

    def close(self) -> None:
        for one in self.sockets:
            one.close()
        self.worker.method_queue.close()
        self.worker.poller.close()
        self.worker.tmp.close()


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    made = Web(monkeypatch)
    yield made
    made.close()


def is_closed(phone: socket.socket) -> bool:
    try:
        return phone.recv(1) == b""
    except BlockingIOError:
        return False


def test_a_request_that_is_here_gets_a_thread_at_once_and_the_thread_has_all_of_it(web: Web) -> None:
    web.phone(GET)
    ((conn, _),) = web.threads.given
    assert next(conn.parser).path == "/time/"


def test_one_that_comes_in_pieces_gets_a_thread_with_the_last(web: Web) -> None:
    phone = web.phone(GET[:-1])
    web.turn()
    assert not web.threads.given
    phone.send(GET[-1:])
    web.turn()
    assert next(web.threads.given[0][0].parser).uri == "/time/"


@pytest.mark.parametrize("says", [b"", b"GET / HT", b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n{"])
def test_what_never_ends_keeps_no_thread_and_is_closed_in_time(web: Web, says: bytes) -> None:
    phone = web.phone(says)
    limit = REQUEST_SECONDS if b"\r\n\r\n" in says else HEAD_SECONDS
    web.turn(limit)
    assert not is_closed(phone)
    web.turn(1)
    assert is_closed(phone)
    assert not web.threads.given
    assert web.worker.nr_conns == 0


def test_in_a_crowd_who_says_nothing_makes_room_sooner(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = web.phone()
    monkeypatch.setattr(web.worker, "worker_connections", 1)
    web.turn(worker.CROWDED_SECONDS + 1)
    assert is_closed(phone)


def test_a_worker_that_stops_waits_for_nobody_who_has_said_nothing(web: Web) -> None:
    silent, speaking = web.phone(), web.phone(GET[:5])
    web.worker.alive = False
    web.turn(1)
    assert is_closed(silent)
    assert not is_closed(speaking)


def test_a_head_without_an_end_is_refused(web: Web) -> None:
    phone = web.phone(b"GET / HTTP/1.1\r\nCookie: " + b"x" * 40_000)
    assert phone.recv(1_000) == TOO_LONG
    assert is_closed(phone)


def test_long_bodies_have_a_few_threads_and_the_others_wait_for_those(web: Web) -> None:
    for _ in range(LONG_AT_ONCE + 1):
        web.phone(LONG)
    web.phone(GET)
    assert len(web.threads.given) == LONG_AT_ONCE + 1
    web.threads.finish(keepalive=False)
    web.turn()
    assert [next(conn.parser).uri for conn, _ in web.threads.given] == ["/", "/time/", "/"]


def test_who_waits_too_long_for_such_a_thread_is_let_go(web: Web) -> None:
    phones = [web.phone(LONG) for _ in range(LONG_AT_ONCE + 1)]
    web.turn(REQUEST_SECONDS + 1)
    assert [is_closed(phone) for phone in phones] == [False] * LONG_AT_ONCE + [True]
    web.threads.finish(keepalive=False)
    web.turn()
    assert len(web.threads.given) == LONG_AT_ONCE - 1


def test_requests_that_follow_each_other_are_taken_one_by_one(web: Web) -> None:
    web.phone(GET + GET)
    next(web.threads.given[0][0].parser)
    web.threads.finish(keepalive=True)
    web.turn()
    assert next(web.threads.given[0][0].parser).uri == "/time/"


def test_the_loop_does_not_wait_until_the_other_side_has_closed(web: Web) -> None:
    phone = web.phone(GET)
    web.threads.finish(keepalive=False)
    web.turn()
    assert is_closed(phone)  # our side of it; what it still says is read for a moment
    assert web.worker.nr_conns == 1
    web.turn(worker.LEAVE_SECONDS + 1)
    assert web.worker.nr_conns == 0


@pytest.mark.parametrize("says", [b"", b"x" * (LEAVE_BYTES + 1)])
def test_who_closes_too_or_talks_on_is_forgotten_at_once(web: Web, says: bytes) -> None:
    phone = web.phone(GET)
    web.threads.finish(keepalive=False)
    web.turn()
    phone.send(says) if says else phone.close()
    web.turn()
    web.turn()
    assert web.worker.nr_conns == 0


@pytest.mark.parametrize("waited", [worker.PATIENCE_SECONDS, worker.PATIENCE_SECONDS + 1])
@pytest.mark.parametrize("has_hung_up", [False, True])
def test_who_hung_up_before_a_thread_was_free_keeps_none(
    web: Web, monkeypatch: pytest.MonkeyPatch, waited: float, has_hung_up: bool
) -> None:
    monkeypatch.setattr(ThreadWorker, "handle", lambda self, conn: True)
    phone = web.phone(GET)
    if has_hung_up:
        phone.close()
    web.now += waited
    is_answered = web.worker.handle(web.threads.given[0][0])
    assert is_answered is not (has_hung_up and waited > worker.PATIENCE_SECONDS)


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


def test_a_long_body_that_takes_too_long_to_come_ends(hasty: Any, line: Line) -> None:
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


def test_who_does_not_take_the_answer_is_cut_off(hasty: Any, line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "ANSWER_SECONDS", -1)
    hasty.handle(line[0])
    with pytest.raises(BrokenPipeError):
        line[0].sock.send(b"200")


def test_a_connection_that_is_gone_by_then_is_no_fault(hasty: Any, line: Line) -> None:
    line[0].sock.close()
    hasty.begun[line[0]] = 0.0
    hasty.notify()
