"""A gate before another broker: whose rights count, who hears what, and what a receipt is worth."""

import json

import pytest
from prometheus_client import CollectorRegistry

from quiz.live.destinations import to_broker
from stomp_broker import destinations
from stomp_broker.gate import CONTROL as GATES_CONTROL
from stomp_broker.line import MAX_UNANSWERED_BYTES
from stomp_broker.metrics import BrokerFigures
from tests.stomp_broker.clients import NOW, SERVICE_PASSCODE, ticket
from tests.stomp_broker.gated import ANSWERS, CONTROL, STATUS, GatedQuiz, codes


@pytest.fixture
def quiz():
    return GatedQuiz()


@pytest.fixture
def service(quiz):
    """One of our processes, at the other broker."""
    return quiz.behind.service()


def test_orders_come_where_quiz_live_sends_them():
    assert GATES_CONTROL == CONTROL == to_broker(destinations.CONTROL, "activemq", ["answers"])


class TestSending:
    def read(self, service, destination=ANSWERS):
        service.send("SUBSCRIBE", {"id": "0", "destination": destination})
        return [frame for frame in service.received() if frame.command == "MESSAGE"]

    def test_an_answer_comes_there_with_the_name_of_who_sent_it(self, quiz, service):
        quiz.player(5).publish(ANSWERS, b"42", sender="player:6")
        [message] = self.read(service)
        assert (message.body, message.headers["destination"]) == (b"42", ANSWERS)
        assert message.headers["persistent"] == "true"

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
        assert quiz.subscriptions_behind() == {CONTROL: 1, STATUS: 1}

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
