"""MorbidQ's callbacks, to an application that answers what a test wants."""

import json

import pytest
from twisted.internet.defer import Deferred, fail, succeed

from stomp_broker.callbacks import MOST_AT_ONCE, Callbacks
from stomp_broker.hooks import Hooks
from stomp_broker.protocol import REFUSAL_SECONDS
from stomp_broker.service import AUTH_ANY
from tests.stomp_broker.clients import Quiz

URL = "http://app.example/mq"
ALL = {name: f"http://app.example/{name}" for name in ("connect", "subscribe", "unsubscribe", "send", "disconnect")}


class Application:
    """Notes what is posted, by command; ``answers`` are by command too."""

    def __init__(self, addresses=ALL, **answers):
        self.addresses = json.dumps(addresses).encode()
        self.answers = answers
        self.posted = []

    def fetch(self, url, body):
        if url == URL:
            assert body is None
            return succeed(self.addresses)
        command = url.rpartition("/")[2]
        self.posted.append((command, json.loads(body)))
        answer = self.answers.get(command, {})
        if isinstance(answer, Deferred):
            return answer
        return succeed(answer if isinstance(answer, bytes) else json.dumps(answer).encode())

    def said(self, command):
        [said] = [said for name, said in self.posted if name == command]
        return said


def quiz_with(application):
    quiz = Quiz(auth=AUTH_ANY)
    quiz.factory.hooks = Hooks([Callbacks(URL, application.fetch)], quiz.clock)
    return quiz


def connect(quiz, login="ada"):
    return quiz.connect("sesame", login=login)


def assert_refused(client):
    client.clock.advance(REFUSAL_SECONDS)
    [error] = client.received()
    assert error.headers["message"] == "access-refused"
    assert client.is_closed


def test_each_command_is_posted_as_morbidq_did():
    application = Application()
    client = connect(quiz_with(application))
    client.send("SUBSCRIBE", {"id": "0", "destination": "/topic/a"})
    client.send("SEND", {"destination": "/topic/a", "x": "y"}, b"hi")
    client.send("UNSUBSCRIBE", {"id": "0"})
    client.drop()
    assert application.said("connect") == {"username": "ada", "password": "sesame"}
    assert application.said("subscribe") == {"id": "0", "destination": "/topic/a", "ack": "auto", "username": "ada"}
    sent = application.said("send")
    assert (sent["destination"], sent["x"], sent["body"], sent["username"]) == ("/topic/a", "y", "hi", "ada")
    assert application.said("unsubscribe")["destination"] == "/topic/a"
    assert application.said("disconnect") == {"username": "ada"}


def test_the_passcode_goes_to_connect_alone():
    application = Application()
    client = connect(quiz_with(application))
    client.publish("/topic/a")
    client.drop()
    assert [command for command, said in application.posted if "sesame" in said.values()] == ["connect"]


@pytest.mark.parametrize("command", ["connect", "subscribe", "send"])
def test_what_is_not_allowed_is_refused(command):
    client = quiz_with(Application(**{command: {"allow": "no"}})).open()
    client.send("CONNECT", {"accept-version": "1.2", "login": "ada", "passcode": "sesame"})
    if command != "connect":
        client.take("CONNECTED")
        client.send(command.upper(), {"id": "0", "destination": "/topic/a"})
    assert_refused(client)


def test_the_body_of_the_answer_goes_out_instead():
    quiz = quiz_with(Application(send={"allow": "yes", "body": "bananas è"}))
    reader = connect(quiz)
    reader.subscribe("/topic/a")
    connect(quiz).publish("/topic/a", b"apples")
    assert reader.bodies() == ["bananas è".encode()]


def test_clients_are_subscribed_and_unsubscribed_by_the_answers():
    application = Application(subscribe={"autosubscribe": ["/topic/b", "/topic/c"]})
    quiz = quiz_with(application)
    reader = connect(quiz)
    reader.subscribe("/topic/a")
    application.answers = {"unsubscribe": {"autounsubscribe": ["/topic/b"]}}
    reader.send("UNSUBSCRIBE", {"id": "0"})
    writer = connect(quiz)
    for name in "abc":
        writer.publish(f"/topic/{name}", name.encode())
    assert reader.bodies() == [b"c"]


def test_commands_without_an_address_are_not_asked_about():
    application = Application({"send": "http://app.example/send", "connect": None})
    connect(quiz_with(application)).publish("/topic/a")
    assert [command for command, _said in application.posted] == ["send"]


@pytest.mark.parametrize(
    "answer",
    [
        fail(OSError("refused")),
        b"not JSON",
        b"[" * 100_000,
        b'"text"',
        {"body": 7},
        {"autosubscribe": "/topic/b"},
        {"autounsubscribe": [7]},
    ],
    ids=["none", "not-json", "deep", "no-object", "body-no-text", "no-list", "no-texts"],
)
def test_an_answer_that_cannot_be_understood_refuses(answer):
    client = connect(quiz_with(Application(send=answer)))
    client.send("SEND", {"destination": "/topic/a"})
    assert_refused(client)


def test_no_answer_in_time_refuses():
    quiz = quiz_with(Application(send=Deferred()))
    client = connect(quiz)
    client.send("SEND", {"destination": "/topic/a"})
    assert client.received() == []
    quiz.clock.advance(5)
    assert_refused(client)


@pytest.mark.parametrize("addresses", [{"connect": "file:///etc/passwd"}, {"connect": 7}, []])
def test_addresses_that_are_none_let_nobody_in(addresses):
    client = quiz_with(Application(addresses)).open()
    client.send("CONNECT", {"accept-version": "1.2", "login": "ada"})
    assert_refused(client)


def test_an_application_that_comes_later_is_found():
    application = Application()
    right, application.addresses = application.addresses, b"starting"
    quiz = quiz_with(application)
    early = quiz.open()
    early.send("CONNECT", {"accept-version": "1.2", "login": "ada"})
    assert_refused(early)
    application.addresses = right
    connect(quiz)


def test_only_so_many_are_asked_about_at_once_and_only_so_many_wait(monkeypatch):
    monkeypatch.setattr("stomp_broker.callbacks.MOST_WAITING", 1)
    application = Application(send=Deferred())
    quiz = quiz_with(application)
    clients = [connect(quiz) for _ in range(MOST_AT_ONCE + 2)]
    for client in clients:
        client.send("SEND", {"destination": "/topic/a"})
    assert [command for command, _said in application.posted].count("send") == MOST_AT_ONCE
    assert clients[-2].received() == []
    assert_refused(clients[-1])
