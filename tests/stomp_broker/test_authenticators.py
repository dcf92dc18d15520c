"""CoilMQ's authenticators: who is asked about whom, what their logins may do, and that what goes wrong refuses."""

import pytest
from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.task import Clock

from stomp_broker.authenticators import Authenticators, Source, login_of, parse_rights
from stomp_broker.configfile import read
from stomp_broker.destinations import EVERYTHING, Rights
from stomp_broker.errors import ConfigError
from stomp_broker.events import Connect
from stomp_broker.hooks import MOST_SECONDS, Hooks, Refusal
from stomp_broker.logins import Login, Logins, ServiceLogin
from stomp_broker.protocol import REFUSAL_SECONDS
from stomp_broker.service import BrokerSettings, make_factory, prepare
from tests.stomp_broker.clients import NOW, SERVICE_PASSCODE, Client, Quiz, ticket


class Notes:
    """An authenticator that notes who it is asked about. It knows ada and her passcode."""

    def __init__(self, answer=None):
        self.asked = []
        self._answer = answer

    def authenticate(self, login, passcode):
        self.asked.append(login)
        if isinstance(self._answer, Exception):
            raise self._answer
        return (login, passcode) == ("ada", "horse") if self._answer is None else self._answer


async def no_authenticator_is_asynchronous():
    """What a coroutine's call gives is no yes."""


def quiz_with(authenticator, rights="everything", aside=maybeDeferred, before=()):
    quiz = Quiz()
    source = Source(authenticator, lambda login: login_of({"*": parse_rights(rights)}, login))
    logins, epoch = quiz.factory.broker._logins, quiz.factory.broker.epoch
    quiz.factory.hooks = Hooks([*before, Authenticators([source], logins, aside, epoch)], quiz.clock)
    return quiz


def say_connect(quiz, login, passcode):
    client = quiz.open()
    client.send("CONNECT", {"accept-version": "1.2", "host": "quiz", "login": login, "passcode": passcode})
    return client


def assert_refused(client):
    client.clock.advance(REFUSAL_SECONDS)
    assert client.take("ERROR").headers["message"] == "access-refused"
    assert client.is_closed


def test_whom_it_knows_comes_in_with_a_name_that_no_player_or_service_has():
    client = say_connect(quiz_with(Notes()), "ada", "horse")
    client.take("CONNECTED")
    assert client.protocol.login == Login("login:ada", EVERYTHING)


@pytest.mark.parametrize(("login", "passcode"), [("ada", "wrong"), ("bob", "horse"), ("", "")])
def test_whom_it_does_not_know_is_refused(login, passcode):
    assert_refused(say_connect(quiz_with(Notes()), login, passcode))


@pytest.mark.parametrize(("login", "passcode"), [("web", SERVICE_PASSCODE), ("ada", ticket("player:5"))])
def test_whom_the_broker_knows_it_is_not_asked_about(login, passcode):
    authenticator = Notes()
    say_connect(quiz_with(authenticator), login, passcode).take("CONNECTED")
    assert not authenticator.asked


@pytest.mark.parametrize(
    "passcode", [ticket(seconds=-1), ticket(key="another key, which is as long as ours"), "a.b.c", ""]
)
def test_c2_about_everybody_else_it_is_asked_so_that_all_refusals_cost_the_same(passcode):
    authenticator = Notes()
    assert_refused(say_connect(quiz_with(authenticator), "web", passcode))
    assert authenticator.asked == ["web"]


def test_a_hook_may_refuse_before_it_is_asked():
    class Rules:
        def on_connect(self, client, connect):
            raise Refusal("not today")

    authenticator = Notes()
    assert_refused(say_connect(quiz_with(authenticator, before=[Rules()]), "ada", "horse"))
    assert not authenticator.asked


@pytest.mark.parametrize("answer", [OSError("ldap://secret is away"), "yes", 1, no_authenticator_is_asynchronous()])
def test_anything_but_true_or_false_refuses_and_is_told_to_the_operator(answer, logged):
    assert_refused(say_connect(quiz_with(Notes(answer)), "ada", "horse"))
    assert [event for event in logged if "hook failed" in event.get("log_format", "") and event["connection"] == 1]
    if hasattr(answer, "close"):
        answer.close()


def test_one_that_does_not_answer_refuses_after_a_while_and_nobody_waits_for_it(logged):
    quiz = quiz_with(Notes(), aside=lambda _question: Deferred())
    hanging = say_connect(quiz, "ada", "horse")
    quiz.player(1)
    quiz.clock.advance(MOST_SECONDS - 0.1)
    assert hanging.received() == []
    quiz.clock.advance(0.1)
    assert_refused(hanging)


def test_who_leaves_meanwhile_is_not_let_in():
    answer = Deferred()
    quiz = quiz_with(Notes(), aside=lambda _question: answer)
    gone = say_connect(quiz, "ada", "horse")
    gone.drop()
    answer.callback(True)
    assert quiz.factory.broker.connections() == []


class TestRights:
    """What the logins of an authenticator may do: what [rights] says, and nothing else."""

    TABLE = {"ada": EVERYTHING, "bob": Rights(frozenset({"/topic/a"}), frozenset({"/queue/b"}))}

    def test_the_line_of_a_login_counts_and_else_that_of_anybody(self):
        anybody = Rights(frozenset({"/topic/news"}))
        table = self.TABLE | {"*": anybody}
        assert [login_of(table, login).rights for login in ("ada", "bob", "Ada", "*")] == [
            self.TABLE["ada"],
            self.TABLE["bob"],
            anybody,
            anybody,
        ]

    def test_without_a_line_nothing_may_be_done(self):
        assert login_of(self.TABLE, "carol").rights == Rights()

    def test_a_name_that_no_log_can_show_has_none(self):
        assert login_of({"*": EVERYTHING}, "ada\n").rights == Rights()

    @pytest.mark.parametrize(
        ("text", "rights"),
        [
            ("everything", EVERYTHING),
            ("", Rights()),
            ("read /a", Rights(frozenset({"/a"}))),
            ("read /a, read /b,write /queue/c,", Rights(frozenset({"/a", "/b"}), frozenset({"/queue/c"}))),
            ("read /a b", Rights(frozenset({"/a b"}))),
        ],
    )
    def test_they_are_lists_of_exact_names(self, text, rights):
        assert parse_rights(text) == rights

    @pytest.mark.parametrize("text", ["all", "read", "read a", "write", "/a", "read /a, everything", "READ /a"])
    def test_what_is_no_right_is_an_error(self, text):
        with pytest.raises(ConfigError, match="is neither 'everything' nor like"):
            parse_rights(text)

    def test_they_are_judged_at_subscribe_and_at_send(self):
        quiz = quiz_with(Notes(), "read /topic/a, write /topic/a")
        client = say_connect(quiz, "ada", "horse")
        client.take("CONNECTED")
        client.subscribe("/topic/a")
        client.send("SEND", {"destination": "/topic/a"}, b"hi")
        assert client.take("MESSAGE").headers["sender"] == "login:ada"
        client.send("SUBSCRIBE", {"id": "1", "destination": "/topic/b"})
        assert_refused(client)


@pytest.mark.usefixtures("coilmq_settings")
class TestAStockAuthenticator:
    """CoilMQ's own, named as in CoilMQ's configuration."""

    @pytest.fixture
    def file(self, tmp_path):
        (tmp_path / "auth.ini").write_text("[auth]\nada = horse\n")
        path = tmp_path / "coilmq.cfg"
        path.write_text(
            "[coilmq]\nauth.factory = coilmq.auth.simple.make_simple\n"
            f"auth.simple.file = {tmp_path / 'auth.ini'}\n[rights]\nada = everything\n"
        )
        return path

    def lets_in(self, factory, passcode):
        client = Client(factory)
        client.send("CONNECT", {"accept-version": "1.2", "host": "quiz", "login": "ada", "passcode": passcode})
        return client.protocol.login is not None

    def test_it_lets_in_whom_it_knows_and_needs_no_secrets_of_ours(self, file):
        factory = make_factory(BrokerSettings.from_environment({}, config_file=file), Clock(), epoch=lambda: NOW)
        assert [self.lets_in(factory, passcode) for passcode in ("horse", "wrong", "")] == [True, False, False]

    def test_its_file_is_read_anew_at_a_reload(self, file, tmp_path):
        settings = BrokerSettings.from_environment({}, config_file=file)
        factory = make_factory(settings, Clock(), epoch=lambda: NOW)
        (tmp_path / "auth.ini").write_text("[auth]\nada = battery\n")
        prepare(settings, settings, factory)()
        assert [self.lets_in(factory, passcode) for passcode in ("horse", "battery")] == [False, True]

    def test_one_that_cannot_be_made_is_named(self, file, tmp_path):
        (tmp_path / "auth.ini").unlink()
        with pytest.raises(ConfigError, match=r"auth\.factory: ValueError: Could not parse auth file"):
            make_factory(BrokerSettings.from_environment({}, config_file=file), Clock())

    def test_one_that_is_not_there_is_named(self, tmp_path):
        path = tmp_path / "coilmq.cfg"
        path.write_text("[coilmq]\nauth.factory = coilmq.auth.simple.Nothing\n")
        with pytest.raises(ConfigError, match=r"auth\.factory = coilmq\.auth\.simple\.Nothing"):
            make_factory(BrokerSettings.from_environment({}, config_file=path), Clock())

    def test_without_rights_its_logins_may_do_nothing_and_the_operator_hears_so(self, tmp_path):
        path = tmp_path / "coilmq.cfg"
        path.write_text("[coilmq]\nauth.factory = coilmq.auth.simple.SimpleAuthenticator\n")
        assert "may do nothing" in read(path).warnings[0]


def test_who_is_known_beforehand_is_not_judged_again():
    logins = Logins([ServiceLogin("web", SERVICE_PASSCODE)])
    assert logins.find("ada", "horse", NOW) is None
    assert "horse" not in repr(Connect("ada", "horse", known_as=Login("login:ada", Rights())))
