"""Hooks: an operator's own code, asked before the broker acts."""

from dataclasses import replace

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.logger import formatEvent

from stomp_broker.errors import ConfigError
from stomp_broker.events import Send
from stomp_broker.hooks import MOST_SECONDS, Client, Hooks, Refusal
from stomp_broker.logs import SAMPLE_SECONDS
from stomp_broker.protocol import REFUSAL_SECONDS
from stomp_broker.service import BrokerSettings, make_factory
from tests.stomp_broker.clients import SERVICE_PASSCODE, TICKET_KEY, Quiz, ticket


class Rules:
    """What a hook may do: it notes what it was asked, and answers what a test wants."""

    def __init__(self, **answers):
        self.asked = []
        self._answers = answers

    def on_connect(self, client, connect):
        return self._answer("connect", client, connect)

    def on_subscribe(self, client, subscription):
        return self._answer("subscribe", client, subscription)

    def on_send(self, client, send):
        return self._answer("send", client, send)

    def on_unsubscribe(self, client, subscription):
        return self._answer("unsubscribe", client, subscription)

    def on_disconnect(self, client):
        return self._answer("disconnect", client)

    def _answer(self, what, client, *asked):
        self.asked.append((what, client, *asked))
        answer = self._answers.get(what)
        return answer(*asked) if callable(answer) else answer


class Shout:
    """The example of docs/broker.md: topics are louder, and nobody there speaks of the weather."""

    def on_send(self, client, send):
        if not send.destination.startswith("/topic/"):
            return None
        if b"weather" in send.body:
            raise Refusal("the weather")
        return replace(send, body=send.body.upper())


@pytest.fixture
def log_lines(logged):
    return lambda: "\n".join(formatEvent(event) for event in logged)


def refuse(*_):
    raise Refusal("not today")


def quiz_with(*hooks):
    quiz = Quiz()
    quiz.factory.hooks = Hooks(hooks, quiz.clock)
    return quiz


def assert_refused(client):
    client.clock.advance(REFUSAL_SECONDS)
    [error] = client.received()
    assert (error.command, error.headers["message"]) == ("ERROR", "access-refused")
    assert b"today" not in error.body
    assert client.is_closed


def test_each_event_is_asked_about_with_who_asks():
    rules = Rules()
    quiz = quiz_with(rules)
    player = quiz.player(5)
    player.subscribe("/players/5")
    player.publish("/games/1/answers", b"hi")
    player.send("UNSUBSCRIBE", {"id": "0"})
    player.drop()
    assert [(what, client) for what, client, *_ in rules.asked] == [
        ("connect", Client(1, None)),
        ("subscribe", Client(1, "player:5")),
        ("send", Client(1, "player:5")),
        ("unsubscribe", Client(1, "player:5")),
        ("disconnect", Client(1, "player:5")),
    ]
    assert rules.asked[2][2].body == b"hi"


def test_who_was_never_let_in_does_not_leave():
    rules = Rules(connect=refuse)
    client = quiz_with(rules).open()
    client.send("CONNECT", {"accept-version": "1.2", "login": "web", "passcode": SERVICE_PASSCODE})
    assert_refused(client)
    assert [what for what, *_ in rules.asked] == ["connect"]


@pytest.mark.parametrize(
    ("what", "command", "headers"),
    [
        ("subscribe", "SUBSCRIBE", {"id": "0", "destination": "/games/1/status"}),
        ("send", "SEND", {"destination": "/topic/a"}),
    ],
)
def test_a_hook_refuses(what, command, headers):
    service = quiz_with(Rules(**{what: refuse})).service()
    service.send(command, headers)
    assert_refused(service)


def test_a_hook_changes_a_message_and_the_next_hook_sees_the_change():
    quiz = quiz_with(Shout(), Rules(send=lambda send: replace(send, headers={**send.headers, "x": send.body.decode()})))
    reader = quiz.service()
    reader.subscribe("/topic/a")
    quiz.service().publish("/topic/a", b"hi")
    message = reader.take("MESSAGE")
    assert (message.body, message.headers["x"]) == (b"HI", "HI")


def test_a_hook_sees_the_messages_of_a_transaction_when_it_is_committed():
    quiz = quiz_with(Shout())
    reader, service = quiz.service(), quiz.service()
    reader.subscribe("/topic/a")
    service.send("BEGIN", {"transaction": "t"})
    service.send("SEND", {"destination": "/topic/a", "transaction": "t"}, b"hi")
    service.send("COMMIT", {"transaction": "t"})
    assert reader.bodies() == [b"HI"]


def test_a_message_that_a_hook_refuses_takes_its_transaction_with_it():
    quiz = quiz_with(Shout())
    reader, service = quiz.service(), quiz.service()
    reader.subscribe("/topic/a")
    service.send("BEGIN", {"transaction": "t"})
    for body in (b"hi", b"nice weather"):
        service.send("SEND", {"destination": "/topic/a", "transaction": "t"}, body)
    service.send("COMMIT", {"transaction": "t"})
    assert service.take("ERROR").headers["message"] == "access-refused"
    assert reader.bodies() == []


def test_a_hook_gives_no_right_that_the_login_has_not():
    quiz = quiz_with(Rules(subscribe=lambda subscription: replace(subscription, destination="/games/1/host")))
    player = quiz.player()
    player.send("SUBSCRIBE", {"id": "0", "destination": "/games/1/status"})
    assert player.take("ERROR").headers["message"] == "access-refused"


def test_a_changed_subscription_ends_by_the_id_that_its_client_knows():
    quiz = quiz_with(Rules(subscribe=lambda subscription: replace(subscription, destination="/topic/b")))
    reader, service = quiz.service(), quiz.service()
    reader.subscribe("/topic/a")
    service.publish("/topic/b", b"1")
    assert reader.bodies() == [b"1"]
    reader.send("UNSUBSCRIBE", {"id": "0", "receipt": "gone"})
    reader.take("RECEIPT")
    service.publish("/topic/b", b"2")
    assert reader.bodies() == []


@pytest.mark.parametrize(
    "wrong",
    [
        lambda send: 1 / 0,
        lambda send: "a text",
        lambda subscription: replace(subscription, id="another"),
    ],
)
def test_a_hook_that_goes_wrong_refuses(wrong, log_lines):
    service = quiz_with(Rules(send=wrong, subscribe=wrong)).service()
    service.send("SUBSCRIBE", {"id": "0", "destination": "/topic/a"})
    assert_refused(service)
    assert "a hook failed" in log_lines()


def test_a_client_that_leaves_is_not_kept_by_a_hook_that_goes_wrong(log_lines):
    service = quiz_with(Rules(disconnect=lambda: 1 / 0)).service()
    service.send("DISCONNECT", {"receipt": "1"})
    service.take("RECEIPT")
    assert service.is_closed
    assert "a hook failed" in log_lines()


def test_a_hook_that_goes_wrong_writes_one_traceback_a_second(log_lines):
    quiz = quiz_with(Rules(send=lambda send: 1 / 0))
    for _ in range(3):
        quiz.service().send("SEND", {"destination": "/topic/a"})
    assert log_lines().count("a hook failed") == 1
    quiz.clock.advance(SAMPLE_SECONDS)
    quiz.service().send("SEND", {"destination": "/topic/a"})
    assert log_lines().count("a hook failed") == 2
    assert "withheld=2" in log_lines()


class Rooms:
    """Puts everybody into two rooms, and who leaves the first out of the second."""

    def on_connect(self, client, connect):
        client.subscribe("/topic/one")
        client.subscribe("/topic/two")

    def on_unsubscribe(self, client, subscription):
        client.unsubscribe("/topic/two")


class TestSubscriptionsByHooks:
    @pytest.fixture
    def quiz(self):
        return quiz_with(Rooms())

    @pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
    def test_a_client_may_be_subscribed_by_a_hook(self, quiz, version):
        reader = quiz.service(version)
        quiz.service().publish("/topic/two", b"hi")
        message = reader.take("MESSAGE")
        assert message.headers.get("subscription") == (None if version == "1.0" else "/topic/two")

    def test_a_client_may_be_unsubscribed_by_a_hook(self, quiz):
        reader = quiz.service()
        reader.send("UNSUBSCRIBE", {"id": "/topic/one"})
        quiz.service().publish("/topic/two", b"hi")
        assert reader.bodies() == []

    def test_a_hook_subscribes_nobody_to_what_the_login_may_not_read(self, quiz):
        player = quiz.open()
        player.send("CONNECT", {"accept-version": "1.2", "passcode": ticket("player:5", [], [])})
        assert [frame.headers.get("message") for frame in player.received()] == [None, "access-refused"]
        assert player.is_closed


class TestWaiting:
    @pytest.fixture
    def verdict(self):
        return Deferred()

    @pytest.fixture
    def quiz(self, verdict):
        return quiz_with(Rules(send=lambda send: verdict if send.body == b"slow" else None))

    def test_nothing_that_comes_after_is_dealt_with_meanwhile(self, quiz, verdict):
        reader, service = quiz.service(), quiz.service()
        reader.subscribe("/topic/a")
        service.send("SEND", {"destination": "/topic/a", "receipt": "1"}, b"slow")
        service.send("SEND", {"destination": "/topic/a", "receipt": "2"}, b"quick")
        assert service.transport.producerState == "paused"
        assert service.received() == []
        assert reader.bodies() == []
        verdict.callback(None)
        assert [frame.headers["receipt-id"] for frame in service.received()] == ["1", "2"]
        assert reader.bodies() == [b"slow", b"quick"]

    def test_others_go_on(self, quiz):
        service, other = quiz.service(), quiz.service()
        service.send("SEND", {"destination": "/topic/a"}, b"slow")
        other.publish("/topic/a", b"quick")

    def test_a_verdict_for_who_is_gone_changes_nothing(self, quiz, verdict):
        reader, service = quiz.service(), quiz.service()
        reader.subscribe("/topic/a")
        service.send("SEND", {"destination": "/topic/a"}, b"slow")
        service.drop()
        verdict.callback(None)
        assert reader.bodies() == []

    def test_one_that_takes_too_long_refuses(self, quiz, log_lines):
        service = quiz.service()
        service.send("SEND", {"destination": "/topic/a"}, b"slow")
        quiz.clock.advance(MOST_SECONDS)
        assert_refused(service)
        assert "a hook failed" in log_lines()

    def test_a_login_that_a_hook_ponders_may_take_its_time(self, verdict):
        quiz = quiz_with(Rules(connect=verdict))
        client = quiz.open()
        client.send("CONNECT", {"accept-version": "1.2", "login": "web", "passcode": SERVICE_PASSCODE})
        assert client.received() == []
        verdict.callback(None)
        client.take("CONNECTED")


class TestSettings:
    def settings(self, tmp_path, hooks):
        path = tmp_path / "broker.cfg"
        path.write_text(f"[broker]\nhooks = {hooks}\n")
        secrets = {"STOMP_TICKET_KEY": TICKET_KEY, "STOMP_PASSCODE": SERVICE_PASSCODE}
        return BrokerSettings.from_environment(secrets, config_file=path)

    def test_hooks_are_named_in_the_configuration(self, tmp_path):
        settings = self.settings(tmp_path, f"{__name__}.Shout, {__name__}.Rules")
        hooks = make_factory(settings, Clock()).hooks
        assert hooks.concern(Send("/topic/a", {}, b""))

    def test_one_that_is_not_there_is_named(self, tmp_path):
        with pytest.raises(ConfigError, match=r"hooks = no\.such\.Hook"):
            make_factory(self.settings(tmp_path, "no.such.Hook"), Clock())
