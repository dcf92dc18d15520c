"""Topics that are followed at the other broker: one subscription there, and every reader here hears all of it."""

import json

import pytest

from stomp_broker import destinations
from tests.stomp_broker.clients import ticket
from tests.stomp_broker.gated import CONTROL, STATUS, GatedQuiz, codes


@pytest.fixture
def quiz():
    return GatedQuiz()


@pytest.fixture
def service(quiz):
    """One of our processes, at the other broker."""
    return quiz.behind.service()


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_what_services_publish_comes_to_all_players_once_and_in_order(quiz, service, version):
    players = [quiz.player(number, version) for number in (1, 2)]
    for player in players:
        player.subscribe(STATUS)
    for body in (b"1", b"2", b"3"):
        service.publish(STATUS, body, **{"content-type": "text/plain"})
    for player in players:
        messages = player.received()
        assert [message.body for message in messages] == [b"1", b"2", b"3"]
        assert messages[0].headers["destination"] == STATUS
        assert messages[0].headers["subscription"] == "0"
        assert messages[0].headers["sender"] == "service:web"
        assert messages[0].headers["content-type"] == "text/plain"


def test_what_came_through_a_gate_keeps_the_name_of_who_sent_it_and_loses_what_activemq_adds(quiz):
    player = quiz.player()
    player.subscribe(STATUS)
    headers = b"expires:0\npriority:4\ntimestamp:1\npersistent:true\nsender:user:7\nmessage-id:ID\\cx\nx-page:7"
    quiz.way.lines[-1].dataReceived(b"MESSAGE\nsubscription:1\ndestination:other\n" + headers + b"\n\nhi\0")
    message = player.take("MESSAGE")
    assert message.headers == {
        "subscription": "0",
        "destination": STATUS,
        "message-id": "ID:x",
        "sender": "user:7",
        "x-page": "7",
        "content-length": "2",
    }


def test_all_readers_of_a_topic_are_one_subscription_there(quiz):
    players = [quiz.player(number) for number in (1, 2, 3)]
    for player in players:
        player.subscribe(STATUS)
    assert quiz.subscriptions_behind() == {CONTROL: 1, STATUS: 1}
    players[0].drop()
    players[1].send("UNSUBSCRIBE", {"id": "0"})
    quiz.turn()
    assert quiz.subscriptions_behind() == {CONTROL: 1, STATUS: 1}
    players[2].drop()
    quiz.turn()
    assert quiz.subscriptions_behind() == {CONTROL: 1}


def test_a_subscription_is_receipted_when_the_other_broker_has_it_also_to_who_comes_second(quiz):
    first, second = quiz.player(1), quiz.player(2)
    quiz.hold()
    for player in (first, second):
        player.send("SUBSCRIBE", {"id": "0", "destination": STATUS, "receipt": "r"})
        assert player.received() == []
    quiz.let_go()
    assert first.take("RECEIPT")
    assert second.take("RECEIPT")


def test_who_comes_back_to_a_topic_that_was_left_hears_it_once(quiz, service):
    player = quiz.player()
    player.subscribe(STATUS)
    player.send("UNSUBSCRIBE", {"id": "0"})
    player.subscribe(STATUS, id="1")
    service.publish(STATUS, b"hi")
    assert player.bodies() == [b"hi"]


def test_messages_of_a_topic_may_be_acknowledged(quiz, service):
    player = quiz.player()
    player.subscribe(STATUS, ack="client")
    service.publish(STATUS, b"hi")
    player.send("ACK", {"id": player.take("MESSAGE").headers["ack"], "receipt": "r"})
    assert player.take("RECEIPT")


@pytest.mark.parametrize(
    "destination",
    ["/topic/games.1.host", "/topic/games.2.status", "/topic/>", "/topic/games.*.status", f"{STATUS},{CONTROL}"],
)
def test_players_read_only_what_their_ticket_says(quiz, destination):
    player = quiz.player()
    player.send("SUBSCRIBE", {"id": "0", "destination": destination})
    assert codes(player) in (["access-refused"], ["bad-destination"])
    assert quiz.subscriptions_behind() == {CONTROL: 1}


def test_statistics_are_the_gates_own(quiz):
    operator = quiz.connect(ticket("user:1", read=[destinations.STATS]))
    operator.subscribe(destinations.STATS)
    quiz.turn(1)
    [stats] = operator.bodies()
    assert json.loads(stats)["type"] == "broker.stats"
