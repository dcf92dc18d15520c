import gc
import sys
import weakref

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.protocol import Factory, Protocol, ServerFactory
from twisted.internet.task import Clock
from twisted.logger import capturedLogs

from orbited.errors import RevokedError
from orbited.inprocess import BUFFER_BYTES, ROUNDS, Network


class Noting(Protocol):
    """Notes what it is told, and whether it is ever told anything while it is being told something."""

    def __init__(self):
        self.got, self.lost, self.inside, self.reason = [], 0, False, None

    def dataReceived(self, data):
        assert not self.inside
        self.inside = True
        self.got.append(data)
        self.react(data)
        self.inside = False

    def react(self, data):
        pass

    def connectionLost(self, reason):
        self.lost += 1
        self.reason = reason


class Producing:
    """Notes whether it may produce."""

    producing = True

    def pauseProducing(self):
        self.producing = False

    def resumeProducing(self):
        self.producing = True


def connect(client=None, server=None):
    clock = Clock()
    client, server = client or Noting(), server or Noting()
    factory = ServerFactory()
    factory.buildProtocol = lambda address: server
    assert Network(clock).connect(client, factory)
    return clock, client, server


def run(clock):
    while clock.getDelayedCalls():
        clock.advance(0)


def test_same_object_arrives_in_the_next_turn():
    clock, client, server = connect()
    data = b"broadcast" * 100
    client.transport.write(data)
    assert server.got == []
    run(clock)
    assert server.got[0] is data


def test_answers_upon_answers_enter_nobody_twice():
    class Answering(Noting):
        def react(self, data):
            if len(data) < 50:
                self.transport.writeSequence([data + b"x", b"!" * 50])

    clock, client, server = connect(Answering(), Answering())
    client.transport.write(b"x")
    run(clock)
    assert len(client.got) + len(server.got) == 2 * 49 + 1


class Echoing(Noting):
    def react(self, data):
        self.transport.write(data)


def test_an_answer_arrives_in_the_turn_of_its_question():
    clock, client, server = connect(server=Echoing())
    client.transport.write(b"question")
    clock.advance(0)
    assert (server.got, client.got) == ([b"question"], [b"question"])
    assert not clock.getDelayedCalls()


def test_talk_without_end_leaves_the_reactor_its_turns():
    turns, client, server = [], Echoing(), Echoing()
    reactor = Clock()
    reactor.callLater = lambda delay, serve: turns.append(serve)  # a Clock would go on within one advance()
    Network(reactor).connect(client, Factory.forProtocol(lambda: server))
    client.transport.write(b"ball")
    for number in range(1, 4):
        [serve] = turns
        turns.clear()
        serve()
        assert len(client.got) + len(server.got) == number * ROUNDS


def test_an_idle_end_is_small():
    _, client, _ = connect()
    wire = client.transport
    assert not hasattr(wire, "__dict__")
    held = sum(map(sys.getsizeof, (getattr(wire, slot) for slot in ("_inbox", "_closing", "_producer"))))
    assert sys.getsizeof(wire) + held < 300


def test_what_has_arrived_takes_no_more_room():
    clock, client, server = connect()
    client.transport.write(b"x")
    run(clock)
    assert server.transport._inbox is None


def test_who_is_closed_for_good_gets_what_was_written_and_learns_not_to_come_back():
    clock, client, server = connect()
    server.transport.write(b"last words")
    server.transport.close_for_good()
    server.transport.write(b"too late")
    run(clock)
    assert (client.got, client.lost, server.lost) == ([b"last words"], 1, 1)
    assert client.reason.check(RevokedError)


def test_an_ordinary_end_says_nothing_of_coming_back():
    clock, client, server = connect()
    server.transport.loseConnection()
    run(clock)
    assert not client.reason.check(RevokedError)


def test_what_was_written_arrives_before_the_end():
    clock, client, server = connect()
    client.transport.write(b"last words")
    client.transport.loseConnection()
    client.transport.write(b"too late")
    assert server.lost == 0
    run(clock)
    assert (server.got, server.lost, client.lost) == ([b"last words"], 1, 1)


def test_abort_forgets_what_was_written():
    clock, client, server = connect()
    client.transport.write(b"never")
    client.transport.abortConnection()
    run(clock)
    assert (server.got, server.lost, client.lost) == ([], 1, 1)


def test_both_may_close():
    clock, client, server = connect()
    client.transport.loseConnection()
    server.transport.loseConnection()
    server.transport.abortConnection()
    run(clock)
    assert (client.lost, server.lost) == (1, 1)


def test_ended_connection_is_freed_without_the_collector():
    clock, client, server = connect()
    client.transport.registerProducer(client, True)
    ends = [weakref.ref(client), weakref.ref(server)]
    gc.collect()
    gc.disable()
    try:
        client.transport.loseConnection()
        run(clock)
        del client, server
        assert [end() for end in ends] == [None, None]
    finally:
        gc.enable()


def test_ended_end_may_be_closed_again():
    clock, client, _ = connect()
    for close in (client.transport.loseConnection, client.transport.abortConnection, client.transport.resumeProducing):
        close()
        run(clock)
    client.transport.write(b"x")
    assert client.lost == 1


def test_reader_that_pauses_gets_the_rest_when_it_goes_on():
    clock, client, server = connect()
    server.transport.pauseProducing()
    client.transport.write(b"a")
    client.transport.loseConnection()
    run(clock)
    assert (server.got, server.lost) == ([], 0)
    server.transport.resumeProducing()
    run(clock)
    assert (server.got, server.lost) == ([b"a"], 1)


def test_reader_that_pauses_and_gives_up_is_told_of_the_end_too():
    clock, client, server = connect()
    server.transport.pauseProducing()
    client.transport.write(b"never read")
    client.transport.loseConnection()
    run(clock)
    server.transport.abortConnection()
    run(clock)
    assert (server.got, server.lost, client.lost) == ([], 1, 1)


def test_writer_is_asked_to_pause_while_nobody_reads():
    clock, client, server = connect()
    producer = Producing()
    client.transport.registerProducer(producer, True)
    server.transport.pauseProducing()
    client.transport.write(bytes(BUFFER_BYTES))
    assert producer.producing
    client.transport.write(b"x")
    assert not producer.producing
    server.transport.resumeProducing()
    run(clock)
    assert producer.producing
    client.transport.unregisterProducer()
    client.transport.write(bytes(BUFFER_BYTES + 1))
    assert producer.producing


def test_pull_producers_are_refused():
    _, client, _ = connect()
    with pytest.raises(ValueError, match="push"):
        client.transport.registerProducer(Producing(), False)


def test_error_cuts_its_own_connection_and_no_other():
    class Failing(Noting):
        def react(self, data):
            raise RuntimeError("ours")

    clock = Clock()
    network = Network(clock)
    pairs = [(Noting(), Failing()), (Noting(), Noting())]
    for client, server in pairs:
        network.connect(client, Factory.forProtocol(lambda server=server: server))
        client.transport.write(b"x")
    with capturedLogs() as lines:
        run(clock)
    assert [str(line["log_failure"].value) for line in lines if "log_failure" in line] == ["ours"]
    assert [(client.lost, server.lost) for client, server in pairs] == [(1, 1), (0, 0)]
    assert pairs[1][1].got == [b"x"]


def test_listener_may_want_no_connection():
    factory = ServerFactory()
    factory.buildProtocol = lambda address: None
    assert not Network(Clock()).connect(Noting(), factory)


steps = st.lists(
    st.tuples(st.sampled_from(["write", "pause", "resume", "turn"]), st.binary(min_size=1, max_size=20)), max_size=40
)


@given(steps)
def test_bytes_arrive_in_order_whatever_happens(some):
    clock, client, server = connect()
    written = b""
    for step, data in some:
        if step == "write":
            client.transport.write(data)
            written += data
        elif step == "pause":
            server.transport.pauseProducing()
        elif step == "resume":
            server.transport.resumeProducing()
        else:
            clock.advance(0)
        assert written.startswith(b"".join(server.got))
    server.transport.resumeProducing()
    run(clock)
    assert b"".join(server.got) == written
