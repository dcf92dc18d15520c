"""What happens once a second: alarms are looked at, and operators who listen are told."""

import json

import pytest

from stomp_broker.destinations import STATS
from stomp_broker.monitor import INTERVAL_SECONDS
from tests.stomp_broker.clients import Quiz, ticket


@pytest.fixture
def quiz():
    quiz = Quiz()
    quiz.factory.doStart()
    yield quiz
    quiz.factory.doStop()


def seconds(quiz, client, count=1):
    """What a client is told in so many seconds."""
    quiz.clock.pump([INTERVAL_SECONDS] * count)
    return [json.loads(body) for body in client.bodies()]


def test_who_subscribes_is_told_every_second(quiz):
    operator = quiz.service()
    operator.subscribe(STATS)
    told = [message for _ in range(3) for message in seconds(quiz, operator)]
    assert [message["seq"] for message in told] == [1, 2, 3]
    assert [message["data"]["uptime_ms"] for message in told] == [1000, 2000, 3000]
    assert told[0]["data"]["connections"]["open"] == 1


def test_rates_subscriptions_and_queues_are_those_of_this_second(quiz):
    operator, player, service = quiz.service(), quiz.player(), quiz.service()
    operator.subscribe(STATS)
    player.subscribe("/games/1/status")
    seconds(quiz, operator)
    service.publish("/games/1/status", b"12345")
    player.publish("/games/1/answers", b"123")
    [message] = seconds(quiz, operator)
    by_name = {each["destination"]: each for each in message["data"]["destinations"]}
    assert by_name["/games/1/status"] == {
        "destination": "/games/1/status",
        "subscriptions": 1,
        "in_per_s": 1.0,
        "in_bytes_per_s": 5.0,
        "out_per_s": 1.0,
        "out_bytes_per_s": 5.0,
    }
    assert (by_name["/games/1/answers"]["in_per_s"], by_name["/games/1/answers"]["out_per_s"]) == (1.0, 0.0)
    [queue] = message["data"]["queues"]
    assert (queue["destination"], queue["waiting"], queue["consumers"]) == ("/games/1/answers", 1, 0)
    [message] = seconds(quiz, operator)
    assert {each["destination"]: each["in_per_s"] for each in message["data"]["destinations"]} == {
        "/games/1/status": 0.0,
        STATS: 1.0,
    }


def test_a_queue_counts_what_it_delivers(quiz):
    operator, referee = quiz.service(), quiz.service()
    operator.subscribe(STATS)
    seconds(quiz, operator)
    referee.publish("/queue/a", b"1")
    referee.send("SUBSCRIBE", {"destination": "/queue/a", "id": "0", "ack": "client"})
    [message] = seconds(quiz, operator)
    assert message["data"]["queues"][0]["unacknowledged"] == 1
    by_name = {each["destination"]: each for each in message["data"]["destinations"]}
    assert by_name["/queue/a"]["out_per_s"] == 1.0


def test_slow_ones_refusals_and_alarms_are_told(quiz):
    operator, reader, service = quiz.service(), quiz.player(5), quiz.service()
    operator.subscribe(STATS)
    reader.subscribe("/games/1/status")
    reader.transport.producer.pauseProducing()
    service.publish("/games/1/status", b"12345")
    quiz.open().send("SEND", {"destination": "/a"})
    quiz.factory.alarms.watch("memory", lambda: True)
    [message] = seconds(quiz, operator)
    [slow] = message["data"]["slow"]
    assert (slow["connection"], slow["subject"]) == (2, "player:5")
    assert slow["unsent_bytes"] > 5
    assert message["data"]["refusals"] == {"not-connected": 1}
    assert message["data"]["alarms"] == ["memory"]


def test_nothing_is_counted_apart_while_nobody_listens(quiz):
    operator, service = quiz.service(), quiz.service()
    quiz.clock.pump([INTERVAL_SECONDS] * 3)
    assert quiz.factory.broker.tally._by_destination is None
    operator.subscribe(STATS)
    seconds(quiz, operator, 2)
    assert quiz.factory.broker.tally._by_destination is not None
    operator.send("UNSUBSCRIBE", {"id": "0"})
    quiz.clock.pump([INTERVAL_SECONDS])
    assert quiz.factory.broker.tally._by_destination is None
    service.publish("/a", b"1")
    assert quiz.factory.broker.tally.look() == {}


def test_tickets_that_name_it_may_read_it_and_others_may_not(quiz):
    operator = quiz.connect(ticket("operator:1", [STATS]))
    operator.subscribe(STATS)
    assert len(seconds(quiz, operator)) == 1
    player = quiz.player()
    player.send("SUBSCRIBE", {"destination": STATS, "id": "0"})
    assert player.take("ERROR").headers["message"] == "access-refused"


def test_nobody_sends_there_but_the_broker(quiz):
    for forger in (quiz.service(), quiz.connect(ticket("operator:1", [STATS], [STATS]))):
        forger.send("SEND", {"destination": STATS}, b"{}")
        assert forger.take("ERROR").headers["message"] == "access-refused"


def test_alarms_are_looked_at_as_long_as_the_broker_listens(quiz):
    scarce = [True]
    quiz.factory.alarms.watch("memory", lambda: scarce[0])
    quiz.clock.advance(INTERVAL_SECONDS)
    assert quiz.factory.alarms.raised == ["memory"]
    quiz.factory.doStop()
    scarce[0] = False
    quiz.clock.advance(INTERVAL_SECONDS)
    assert quiz.factory.alarms.raised == ["memory"]
    quiz.factory.doStart()
    quiz.clock.advance(INTERVAL_SECONDS)
    assert quiz.factory.alarms.raised == []


def test_the_oldest_that_waits_is_told_by_a_store_that_knows(tmp_path):
    quiz = Quiz(store_file=tmp_path / "queues.sqlite3")
    quiz.factory.doStart()
    operator = quiz.service()
    operator.subscribe(STATS)
    # The store has the time of this machine: what came long before the test's clock begins is older than anything.
    operator.publish("/queue/a", b"1")
    [message] = seconds(quiz, operator)
    assert message["data"]["queues"][0]["oldest_ms"] is not None
    referee = quiz.service()
    referee.send("SUBSCRIBE", {"destination": "/queue/a", "id": "0", "ack": "client"})
    taken = referee.take("MESSAGE")
    [message] = seconds(quiz, operator)
    assert message["data"]["queues"][0]["oldest_ms"] is None
    referee.send("NACK", {"id": taken.headers["ack"]})
    referee.drop()
    [message] = seconds(quiz, operator)
    assert message["data"]["queues"][0]["waiting"] == 1
    assert message["data"]["queues"][0]["oldest_ms"] is not None
    quiz.factory.doStop()
