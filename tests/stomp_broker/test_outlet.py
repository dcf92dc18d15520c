"""The sending half of a connection: readers that are slow, and those that do not read."""

import pytest
from twisted.logger import LogLevel

from stomp_broker.outlet import MAX_UNSENT_BYTES
from tests.stomp_broker.clients import Quiz


@pytest.fixture
def quiz():
    return Quiz()


def test_what_a_paused_reader_is_sent_waits_and_comes_in_order(quiz):
    reader, service = quiz.player(), quiz.service()
    reader.subscribe("/games/1/status")
    reader.transport.producer.pauseProducing()
    for number in range(3):
        service.publish("/games/1/status", b"%d" % number)
    assert reader.received() == []
    reader.transport.producer.resumeProducing()
    service.publish("/games/1/status", b"3")
    assert reader.bodies() == [b"0", b"1", b"2", b"3"]


def test_one_that_leaves_too_much_unread_is_cut_and_nobody_else(quiz, logged):
    slow, quick, service = quiz.player(1), quiz.player(2), quiz.service()
    for reader in (slow, quick):
        reader.subscribe("/games/1/status")
    slow.transport.producer.pauseProducing()
    body = bytes(MAX_UNSENT_BYTES // 4)
    for _ in range(3):
        service.publish("/games/1/status", body)
    assert not slow.is_closed
    service.publish("/games/1/status", body)
    assert slow.is_closed
    assert slow.transport.disconnected  # Aborted: what it did not read is not sent.
    assert len(quick.bodies()) == 4
    assert any(event["log_level"] is LogLevel.warn and event.get("subject") == "player:1" for event in logged)


def test_a_queue_waits_for_a_paused_consumer_instead_of_filling_its_buffer(quiz):
    referee, player = quiz.service(), quiz.player()
    referee.subscribe("/games/1/answers")
    referee.transport.producer.pauseProducing()
    for _ in range(40):
        player.publish("/games/1/answers", bytes(60_000))
    assert not referee.is_closed
    referee.transport.producer.resumeProducing()
    assert len(referee.bodies()) == 40


def test_a_paused_client_that_errs_still_gets_everything(quiz):
    client = quiz.player()
    client.transport.producer.pauseProducing()
    client.send("SEND", {"destination": "/games/1/answers", "receipt": "1"})
    client.send("SEND", {"destination": "/games/1/status"})
    assert [frame.command for frame in client.received()] == ["RECEIPT", "ERROR"]
    assert client.is_closed
