"""A gate before another broker: whose rights count, who hears what, and what a receipt is worth."""

import json

import pytest
from prometheus_client import CollectorRegistry

from quiz.live.destinations import to_broker
from stomp_broker import destinations
from stomp_broker.gate import CONTROL as GATES_CONTROL
from stomp_broker.line import MAX_UNANSWERED_BYTES
from stomp_broker.metrics import BrokerFigures
from stomp_broker.protocol import REFUSAL_SECONDS
from tests.stomp_broker.clients import NOW, SERVICE_PASSCODE, ticket
from tests.stomp_broker.gated import ANSWERS, CONTROL, STATUS, GatedQuiz


@pytest.fixture
def quiz():
    return GatedQuiz()


@pytest.fixture
def service(quiz):
    """One of our processes, at the other broker."""
    return quiz.behind.service()


def codes(client):
    """The codes of ERRORs that came."""
    client.clock.advance(REFUSAL_SECONDS)
    return [frame.headers["message"] for frame in client.received() if frame.command == "ERROR"]


def subscriptions_behind(quiz):
    return quiz.behind.factory.broker.hub.subscribers()


def test_orders_come_where_quiz_live_sends_them():
    assert GATES_CONTROL == CONTROL == to_broker(destinations.CONTROL, "activemq", ["answers"])


class TestReading:
    @pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
    def test_what_services_publish_comes_to_all_players_once_and_in_order(self, quiz, service, version):
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

    def test_what_came_through_a_gate_keeps_the_name_of_who_sent_it_and_loses_what_activemq_adds(self, quiz):
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

    def test_all_readers_of_a_topic_are_one_subscription_there(self, quiz):
        players = [quiz.player(number) for number in (1, 2, 3)]
        for player in players:
            player.subscribe(STATUS)
        assert subscriptions_behind(quiz) == {CONTROL: 1, STATUS: 1}
        players[0].drop()
        players[1].send("UNSUBSCRIBE", {"id": "0"})
        quiz.turn()
        assert subscriptions_behind(quiz) == {CONTROL: 1, STATUS: 1}
        players[2].drop()
        quiz.turn()
        assert subscriptions_behind(quiz) == {CONTROL: 1}

    def test_a_subscription_is_receipted_when_the_other_broker_has_it_also_to_who_comes_second(self, quiz):
        first, second = quiz.player(1), quiz.player(2)
        quiz.hold()
        for player in (first, second):
            player.send("SUBSCRIBE", {"id": "0", "destination": STATUS, "receipt": "r"})
            assert player.received() == []
        quiz.let_go()
        assert first.take("RECEIPT")
        assert second.take("RECEIPT")

    def test_who_comes_back_to_a_topic_that_was_left_hears_it_once(self, quiz, service):
        player = quiz.player()
        player.subscribe(STATUS)
        player.send("UNSUBSCRIBE", {"id": "0"})
        player.subscribe(STATUS, id="1")
        service.publish(STATUS, b"hi")
        assert player.bodies() == [b"hi"]

    def test_messages_of_a_topic_may_be_acknowledged(self, quiz, service):
        player = quiz.player()
        player.subscribe(STATUS, ack="client")
        service.publish(STATUS, b"hi")
        player.send("ACK", {"id": player.take("MESSAGE").headers["ack"], "receipt": "r"})
        assert player.take("RECEIPT")

    def test_queues_are_read_by_nobody_here(self, quiz):
        program = quiz.connect(SERVICE_PASSCODE)
        program.send("SUBSCRIBE", {"id": "0", "destination": ANSWERS})
        assert codes(program) == ["access-refused"]

    @pytest.mark.parametrize(
        "destination",
        ["/topic/games.1.host", "/topic/games.2.status", "/topic/>", "/topic/games.*.status", f"{STATUS},{CONTROL}"],
    )
    def test_players_read_only_what_their_ticket_says(self, quiz, destination):
        player = quiz.player()
        player.send("SUBSCRIBE", {"id": "0", "destination": destination})
        assert codes(player) in (["access-refused"], ["bad-destination"])
        assert subscriptions_behind(quiz) == {CONTROL: 1}

    @pytest.mark.parametrize(
        "destination",
        [
            "/temp-queue/a",
            "/topic/a,b",
            "/topic/a?x=1",
            "/topic/a..b",
            "/topic/a/b",
            "/topic/",
            "/topic",
            "/dsub/a",
            "/topic/è",
            "/games/1/status",
        ],
    )
    def test_names_with_a_meaning_of_their_own_are_refused_to_everybody(self, quiz, destination):
        for command in ("SUBSCRIBE", "SEND"):
            program = quiz.connect(SERVICE_PASSCODE)
            program.send(command, {"id": "0", "destination": destination})
            assert codes(program) == ["bad-destination"]

    def test_statistics_are_the_gates_own(self, quiz):
        operator = quiz.connect(ticket("user:1", read=[destinations.STATS]))
        operator.subscribe(destinations.STATS)
        quiz.turn(1)
        [stats] = operator.bodies()
        assert json.loads(stats)["type"] == "broker.stats"


class TestSending:
    def read(self, service, destination=ANSWERS):
        service.send("SUBSCRIBE", {"id": "0", "destination": destination})
        return [frame for frame in service.received() if frame.command == "MESSAGE"]

    def test_an_answer_comes_there_with_the_name_of_who_sent_it(self, quiz, service):
        quiz.player(5).publish(ANSWERS, b"42", sender="player:6")
        [message] = self.read(service)
        assert (message.body, message.headers["destination"]) == (b"42", ANSWERS)
        assert message.headers["persistent"] == "true"

    @pytest.mark.parametrize(
        "header", ["reply-to", "selector", "persistent", "JMSXGroupID", "activemq.retroactive", "correlation-id", "X"]
    )
    def test_headers_that_may_mean_something_there_do_not_go_through(self, quiz, service, header):
        headers = {header: "forged", "content-type": "text/plain", "x-page": "7"}
        quiz.player().publish(ANSWERS, b"42", **headers)
        [message] = self.read(service)
        assert message.headers.get(header) in (None, "true")
        assert (message.headers["content-type"], message.headers["x-page"]) == ("text/plain", "7")

    def test_it_is_receipted_when_the_other_broker_has_it(self, quiz, service):
        player = quiz.player()
        quiz.hold()
        player.send("SEND", {"destination": ANSWERS, "receipt": "r"}, b"42")
        assert player.received() == []
        quiz.let_go()
        assert player.take("RECEIPT").headers["receipt-id"] == "r"
        assert len(self.read(service)) == 1

    def test_order_is_kept(self, quiz, service):
        player = quiz.player()
        for number in range(10):
            player.send("SEND", {"destination": ANSWERS}, b"%d" % number)
        assert [message.body for message in self.read(service)] == [b"%d" % number for number in range(10)]

    def test_what_a_program_sends_to_a_topic_comes_back_once_to_readers_here(self, quiz):
        player, program = quiz.player(), quiz.connect(SERVICE_PASSCODE)
        player.subscribe(STATUS)
        program.publish(STATUS, b"hi")
        assert player.bodies() == [b"hi"]

    def test_what_the_other_broker_refuses_is_not_receipted(self, quiz):
        program = quiz.connect(SERVICE_PASSCODE)
        quiz.behind.factory.broker.handle = _refuse_sends(quiz.behind.factory.broker)
        program.send("SEND", {"destination": ANSWERS, "receipt": "r"}, b"42")
        assert codes(program) == ["store-failed"]

    def test_a_transaction_is_done_at_once_there(self, quiz, service):
        player = quiz.player()
        player.send("BEGIN", {"transaction": "t"})
        player.send("SEND", {"destination": ANSWERS, "transaction": "t"}, b"1")
        player.send("SEND", {"destination": ANSWERS, "transaction": "t"}, b"2")
        quiz.turn()
        assert self.read(service) == []
        player.send("COMMIT", {"transaction": "t", "receipt": "r"})
        assert player.take("RECEIPT")
        assert service.bodies() == [b"1", b"2"]

    def test_of_a_transaction_with_a_wrong_name_nothing_is_done_there(self, quiz, service):
        program = quiz.connect(SERVICE_PASSCODE)
        program.send("BEGIN", {"transaction": "t"})
        program.send("SEND", {"destination": ANSWERS, "transaction": "t"}, b"1")
        program.send("SEND", {"destination": "/dsub/a", "transaction": "t"}, b"2")
        program.send("COMMIT", {"transaction": "t", "receipt": "r"})
        assert codes(program) == ["bad-destination"]
        assert self.read(service) == []

    def test_who_sends_waits_while_the_other_broker_has_too_much_unanswered(self, quiz, service):
        program, player = quiz.connect(SERVICE_PASSCODE), quiz.player()
        quiz.hold()
        for _ in range(5):
            program.send("SEND", {"destination": ANSWERS}, b"x" * (MAX_UNANSWERED_BYTES // 5))
        player.send("SEND", {"destination": ANSWERS, "receipt": "r"}, b"42")
        assert player.received() == []
        assert player.transport.producerState != "producing"
        quiz.let_go()
        assert player.take("RECEIPT")
        assert [len(message.body) for message in self.read(service)][-1] == 2


def _refuse_sends(broker):
    """The broker's ``handle``, with a fault in it."""
    handle = broker.handle

    def refuse(event, connection, now):
        if type(event).__name__ == "Send":
            raise OSError("no room")
        handle(event, connection, now)

    return refuse


class TestAway:
    def test_nobody_is_let_in_before_orders_can_be_heard(self):
        quiz = GatedQuiz(is_started=False)
        quiz.way.is_open = False
        quiz.factory.doStart()
        assert quiz.refusal(ticket()) == "upstream-away"
        quiz.return_()
        assert quiz.player()

    def test_nobody_is_let_in_where_orders_may_not_be_read(self):
        quiz = GatedQuiz(passcode=ticket("user:1", write=[CONTROL]))
        assert quiz.way.tries
        assert quiz.refusal(ticket()) == "upstream-away"

    def test_who_is_connected_is_told_to_come_back_and_is_let_in_again(self, quiz, service):
        player = quiz.player()
        player.subscribe(STATUS)
        quiz.lose()
        assert codes(player) == ["upstream-away"]
        assert player.is_closed
        quiz.return_()
        again = quiz.player()
        again.subscribe(STATUS)
        service.publish(STATUS, b"hi")
        assert again.bodies() == [b"hi"]
        assert subscriptions_behind(quiz) == {CONTROL: 1, STATUS: 1}

    def test_what_was_not_receipted_before_is_not_receipted_at_all(self, quiz):
        player = quiz.player()
        quiz.hold()
        player.send("SEND", {"destination": ANSWERS, "receipt": "r"}, b"42")
        quiz.lose()
        [error] = player.received()
        assert error.headers["message"] == "store-failed"
        assert player.is_closed

    def test_operators_see_it(self, quiz):
        registry = CollectorRegistry()
        registry.register(BrokerFigures(quiz.factory))
        assert registry.get_sample_value("stomp_broker_upstream_away") == 0
        quiz.lose()
        assert registry.get_sample_value("stomp_broker_upstream_away") == 1

    def test_what_comes_by_no_connection_is_refused(self, quiz):
        quiz.lose()
        with pytest.raises(Exception, match="upstream-away"):
            quiz.gate.publish(STATUS, b"hi", "test")

    def test_a_topic_that_the_other_broker_does_not_give_cuts_who_wanted_it_and_nobody_else(self, quiz, logged):
        player, first, second = quiz.player(), quiz.connect(SERVICE_PASSCODE), quiz.connect(SERVICE_PASSCODE)
        player.subscribe(STATUS)
        quiz.hold()
        first.send("SUBSCRIBE", {"id": "0", "destination": "/topic/secret"})
        second.send("SUBSCRIBE", {"id": "0", "destination": "/topic/secret", "receipt": "r"})
        quiz.way.lines[-1].dataReceived(b"ERROR\nreceipt-id:3\nmessage:User web is not authorized\n\n\0")
        assert codes(first) == ["internal-error"]
        assert codes(second) == ["store-failed"]
        assert codes(player) == []
        assert any("User web is not authorized" in str(event) for event in logged)


class TestOrders:
    def order(self, service, subject="player:1"):
        service.publish(CONTROL, json.dumps({"cut": subject}).encode())

    def test_an_order_ends_all_connections_of_a_subject_and_its_tickets(self, quiz, service):
        first, second, other = quiz.player(1), quiz.player(1), quiz.player(2)
        self.order(service)
        assert codes(first) == codes(second) == ["kicked"]
        assert codes(other) == []
        assert quiz.refusal(ticket("player:1", claims={"iat": NOW - 1})) == "access-refused"

    def test_an_order_that_was_given_before_leaves_tickets_of_later_alone(self, quiz, service):
        service.publish(CONTROL, b'{"cut":"player:1"}', timestamp=str((NOW - 100) * 1000))
        assert quiz.connect(ticket("player:1", claims={"iat": NOW - 50}))
        assert quiz.refusal(ticket("player:1", claims={"iat": NOW - 150})) == "access-refused"

    @pytest.mark.parametrize("body", [b"", b"[]", b'{"cut":5}', b"\xff"])
    def test_an_order_that_is_not_understood_changes_nothing(self, quiz, service, body, logged):
        player = quiz.player()
        service.publish(CONTROL, body)
        assert codes(player) == []
        assert any("not understood" in str(event) for event in logged)
