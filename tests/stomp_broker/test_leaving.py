"""Taking leave: who is told, when, and how long it takes."""

import pytest

from stomp_broker.leaving import LAST_SECONDS, TICK_SECONDS, Leave
from tests.stomp_broker.clients import SERVICE_PASSCODE, Quiz, frames_in, ticket
from tests.stomp_broker.sockets import SocketTransport


class Remote:
    """A client with a socket."""

    def __init__(self, quiz, login, passcode):
        self.protocol = quiz.factory.buildProtocol(None)
        self.transport = SocketTransport()
        self.transport.protocol = self.protocol
        self.protocol.makeConnection(self.transport)
        self.protocol.dataReceived(f"CONNECT\naccept-version:1.2\nlogin:{login}\npasscode:{passcode}\n\n\0".encode())

    @property
    def errors(self):
        frames = frames_in(self.transport.socket.taken + self.transport.value())
        return [frame.headers["message"] for frame in frames if frame.command == "ERROR"]

    def hang_up(self):
        self.protocol.connectionLost()


@pytest.fixture
def quiz():
    return Quiz()


@pytest.fixture
def leave(quiz):
    return Leave(quiz.factory.broker, quiz.clock)


def remotes(quiz, count):
    return [Remote(quiz, "", ticket(f"player:{number}")) for number in range(count)]


def told(clients):
    return sum(client.errors == ["shutting-down"] for client in clients)


def test_nobody_there_is_over_at_once(leave):
    assert leave.take(10).called


def test_all_are_told_in_batches_and_it_is_over_when_the_last_has_gone(quiz, leave):
    players = remotes(quiz, 40)
    over = leave.take(10)
    counts = [told(players)]
    for _ in range(39):
        quiz.clock.advance(TICK_SECONDS)
        counts.append(told(players))
    assert counts == [*range(1, 41)]
    assert not over.called
    for player in players:
        player.hang_up()
    quiz.clock.advance(TICK_SECONDS)
    assert over.called


def test_more_than_there_are_batches_go_in_equal_ones(quiz, leave):
    players = remotes(quiz, 100)
    leave.take(1)
    counts = [told(players)]
    for _ in range(3):
        quiz.clock.advance(TICK_SECONDS)
        counts.append(told(players))
    assert counts == [25, 50, 75, 100]


def test_services_are_told_last(quiz, leave):
    service = Remote(quiz, "web", SERVICE_PASSCODE)
    players = remotes(quiz, 3)
    leave.take(1)
    quiz.clock.pump([TICK_SECONDS] * 2)
    assert (told(players), told([service])) == (3, 0)
    quiz.clock.advance(TICK_SECONDS)
    assert told([service]) == 1


def test_who_does_not_go_is_not_waited_for_without_end(quiz, leave):
    remotes(quiz, 1)
    over = leave.take(1)
    quiz.clock.pump([TICK_SECONDS] * int((1 + LAST_SECONDS) / TICK_SECONDS - 1))
    assert not over.called
    quiz.clock.pump([TICK_SECONDS] * 2)
    assert over.called


def test_in_a_hurry_all_are_told_at_once_also_in_the_middle(quiz, leave):
    players = remotes(quiz, 100)
    first = leave.take(10)
    quiz.clock.advance(1)
    assert 0 < told(players) < 100
    second = leave.take(0)
    quiz.clock.advance(TICK_SECONDS)
    assert told(players) == 100
    quiz.clock.pump([TICK_SECONDS] * 12)
    assert first.called
    assert second.called
    assert leave.take(0).called


def test_nobody_is_let_in_meanwhile(quiz, leave):
    remotes(quiz, 1)
    leave.take(10)
    assert Remote(quiz, "web", SERVICE_PASSCODE).errors == ["shutting-down"]


def test_pages_of_the_relay_in_memory_are_told_by_the_relay(quiz, leave):
    page = quiz.player()
    leave.take(0)
    quiz.clock.advance(1)
    assert not page.is_closed
    assert page.received() == []
