"""Alarms: what is scarce holds publishers, never readers, and one line of the log says so each way."""

import pytest
from twisted.logger import LogLevel, formatEvent

from stomp_broker.alarms import MEMORY, STORE, Alarms
from tests.stomp_broker.clients import Quiz

DESTINATION = "/games/1/status"


class Scarcity:
    """Something to be watched, which the test makes scarce."""

    scarce = False

    def is_scarce(self):
        return self.scarce

    def __str__(self):
        return "the test has made it so"


@pytest.fixture
def memory():
    return Scarcity()


@pytest.fixture
def quiz(memory):
    quiz = Quiz()
    quiz.factory.alarms.watch(MEMORY, memory.is_scarce, memory)
    return quiz


def look(quiz):
    quiz.factory.alarms.look()
    quiz.clock.advance(0)


def send(client, body, destination=DESTINATION, **headers):
    client.send("SEND", {"destination": destination, "receipt": f"got {body}"} | headers, body.encode())


def test_each_alarm_is_one_line_when_it_begins_and_one_when_it_ends(logged):
    alarms, thing = Alarms(), Scarcity()
    alarms.watch(MEMORY, thing.is_scarce, thing)
    for thing.scarce in (False, True, True, False, False):
        alarms.look()
    assert [(event["log_level"], formatEvent(event)) for event in logged] == [
        (LogLevel.error, 'publishers wait, readers go on alarm=memory why="the test has made it so"'),
        (LogLevel.info, 'publishers go on alarm=memory why="the test has made it so"'),
    ]


def test_a_watch_of_the_same_name_takes_the_place_of_the_one_before():
    alarms, before, after = Alarms(), Scarcity(), Scarcity()
    before.scarce = True
    alarms.watch(MEMORY, before.is_scarce)
    alarms.look()
    alarms.watch(MEMORY, after.is_scarce)
    alarms.look()
    assert (alarms.names, alarms.raised) == ([MEMORY], [])


def test_who_publishes_is_not_read_until_all_alarms_are_over_and_then_all_of_it_arrives(quiz, memory):
    store = Scarcity()
    quiz.factory.alarms.watch(STORE, store.is_scarce)
    reader, service = quiz.player(), quiz.service()
    reader.subscribe(DESTINATION)
    memory.scarce = store.scarce = True
    look(quiz)
    send(service, "1")
    send(service, "2")
    assert service.transport.producerState == "paused"
    assert (service.received(), reader.bodies()) == ([], [])
    assert quiz.factory.alarms.blocked == 1
    memory.scarce = False
    look(quiz)
    assert reader.bodies() == []
    store.scarce = False
    look(quiz)
    assert service.transport.producerState == "producing"
    assert [frame.headers["receipt-id"] for frame in service.received()] == ["got 1", "got 2"]
    assert reader.bodies() == [b"1", b"2"]
    assert quiz.factory.alarms.blocked == 0


def test_readers_subscribe_acknowledge_and_leave_while_publishers_wait(quiz, memory):
    service = quiz.service()
    service.publish("/queue/a", b"1")
    memory.scarce = True
    look(quiz)
    reader = quiz.service()
    reader.send("SUBSCRIBE", {"destination": "/queue/a", "id": "0", "ack": "client"})
    message = reader.take("MESSAGE")
    reader.send("ACK", {"id": message.headers["ack"], "receipt": "acked"})
    assert reader.take("RECEIPT").headers["receipt-id"] == "acked"
    reader.send("DISCONNECT", {"receipt": "bye"})
    assert reader.take("RECEIPT").headers["receipt-id"] == "bye"
    assert reader.is_closed


def test_what_a_transaction_brings_waits_too(quiz, memory):
    service = quiz.service()
    service.send("BEGIN", {"transaction": "t"})
    memory.scarce = True
    look(quiz)
    send(service, "1", transaction="t")
    assert service.received() == []
    memory.scarce = False
    look(quiz)
    assert service.take("RECEIPT").headers["receipt-id"] == "got 1"
    memory.scarce = True
    look(quiz)
    service.send("COMMIT", {"transaction": "t", "receipt": "done"})
    assert service.received() == []


def test_a_commit_that_brings_nothing_and_an_order_to_the_broker_do_not_wait(quiz, memory):
    service, player = quiz.service(), quiz.player(7)
    memory.scarce = True
    look(quiz)
    service.send("BEGIN", {"transaction": "t"})
    service.send("COMMIT", {"transaction": "t", "receipt": "done"})
    assert service.take("RECEIPT").headers["receipt-id"] == "done"
    send(service, '{"cut":"player:7"}', "/broker/control")
    assert service.take("RECEIPT")
    assert player.is_closed


def test_who_waits_is_not_taken_for_dead_and_hears_our_beats(quiz, memory):
    service = quiz.open()
    service.send(
        "CONNECT",
        {"accept-version": "1.2", "host": "q", "login": "web", "passcode": "sesame", "heart-beat": "1000,1000"},
    )
    service.received()
    memory.scarce = True
    look(quiz)
    send(service, "1")
    quiz.clock.pump([1] * 20)
    assert not service.is_closed
    assert set(service.transport.value()) == {ord("\n")}
    memory.scarce = False
    look(quiz)
    quiz.clock.pump([1] * 20)
    assert service.is_closed


@pytest.mark.parametrize("end", ["lost", "cut"])
def test_who_ends_while_waiting_waits_no_more_and_nothing_of_it_arrives(quiz, memory, end):
    reader, player = quiz.service(), quiz.player(7)
    reader.send("SUBSCRIBE", {"destination": "/games/1/answers", "id": "0"})
    memory.scarce = True
    look(quiz)
    send(player, "1", "/games/1/answers")
    assert quiz.factory.alarms.blocked == 1
    if end == "cut":
        reader.publish("/broker/control", b'{"cut":"player:7"}')
    else:
        player.drop()
    assert player.is_closed
    assert quiz.factory.alarms.blocked == 0
    memory.scarce = False
    look(quiz)
    assert reader.bodies() == []


def test_a_publisher_may_go_on_into_the_next_alarm(quiz, memory):
    service = quiz.service()
    for number in range(3):
        memory.scarce = True
        look(quiz)
        send(service, str(number))
        assert service.received() == []
        memory.scarce = False
        look(quiz)
        assert service.take("RECEIPT").headers["receipt-id"] == f"got {number}"
