"""Settings of a broker: what they mean, and what stops the start with one clear line."""

import pytest
from coilmq.config import config as coilmq_config
from coilmq.store.dbm import DbmQueue
from coilmq.store.memory import MemoryQueue
from twisted.internet.task import Clock
from twisted.logger import LogLevel, globalLogPublisher

from stomp_broker.errors import ConfigError
from stomp_broker.gate import Gate
from stomp_broker.service import MIN_TICKET_KEY_BYTES, BrokerSettings, check_interface, make_factory
from stomp_broker.stores.sqlite import SqliteQueue
from tests.stomp_broker.clients import NOW, SERVICE_PASSCODE, TICKET_KEY, Client, Quiz, ticket

SECRETS = {"STOMP_TICKET_KEY": TICKET_KEY, "STOMP_PASSCODE": SERVICE_PASSCODE}


def subject(settings, login, passcode):
    """Who that is to a broker with these settings; None for nobody."""
    factory = make_factory(settings, Clock(), epoch=lambda: NOW)
    client = Client(factory)
    client.send("CONNECT", {"accept-version": "1.2", "host": "quiz", "login": login, "passcode": passcode})
    who = client.protocol.login
    factory.broker.queues.close()
    return who.subject if who else None


def private(path, text):
    """A file that its owner alone can read."""
    path.write_text(text)
    path.chmod(0o600)
    return path


class TestEnvironment:
    def test_secrets_and_login_come_from_the_environment(self):
        settings = BrokerSettings.from_environment(SECRETS | {"STOMP_LOGIN": "django"})
        assert subject(settings, "django", SERVICE_PASSCODE) == "service:django"
        assert subject(settings, "", ticket("player:5")) == "player:5"
        assert subject(settings, "web", SERVICE_PASSCODE) is None

    @pytest.mark.parametrize("login", [{}, {"STOMP_LOGIN": ""}])
    def test_the_services_login_is_web_by_default(self, login):
        assert subject(BrokerSettings.from_environment(SECRETS | login), "web", SERVICE_PASSCODE) == "service:web"

    @pytest.mark.parametrize("missing", sorted(SECRETS))
    @pytest.mark.parametrize("how", ["absent", "empty"])
    def test_a_missing_secret_is_named(self, missing, how):
        environ = {name: value for name, value in SECRETS.items() if name != missing}
        with pytest.raises(ConfigError, match=f"^{missing} is not set"):
            BrokerSettings.from_environment(environ | ({missing: ""} if how == "empty" else {}))

    def test_a_key_that_can_be_guessed_is_refused_and_not_shown(self):
        with pytest.raises(ConfigError, match="STOMP_TICKET_KEY is too short") as caught:
            BrokerSettings.from_environment(SECRETS | {"STOMP_TICKET_KEY": "k" * (MIN_TICKET_KEY_BYTES - 1)})
        assert "kkk" not in str(caught.value)
        BrokerSettings.from_environment(SECRETS | {"STOMP_TICKET_KEY": "k" * MIN_TICKET_KEY_BYTES})

    def test_secrets_are_not_shown(self):
        shown = repr(BrokerSettings.from_environment(SECRETS))
        assert TICKET_KEY not in shown
        assert SERVICE_PASSCODE not in shown


class TestAuth:
    def test_any_needs_no_secrets_lets_everybody_in_and_says_so_loudly(self):
        events = []
        globalLogPublisher.addObserver(events.append)
        settings = BrokerSettings.from_environment({}, auth="any")
        assert subject(settings, "eve", "") == "any:eve"
        globalLogPublisher.removeObserver(events.append)
        [event] = [event for event in events if event["log_level"] is LogLevel.critical]
        assert "FOR DEVELOPMENT ONLY" in event["log_format"]

    def test_a_credentials_file_stands_beside_what_the_environment_has(self, tmp_path):
        path = private(tmp_path / "logins.ini", "[auth]\nada = horse\n")
        settings = BrokerSettings.from_environment(SECRETS, auth=str(path))
        assert subject(settings, "ada", "horse") == "service:ada"
        assert subject(settings, "web", SERVICE_PASSCODE) == "service:web"
        assert subject(settings, "", ticket("player:5")) == "player:5"

    def test_a_credentials_file_needs_no_secrets_and_missing_ones_let_nobody_in(self, tmp_path):
        path = private(tmp_path / "logins.ini", "[auth]\nada = horse\n")
        settings = BrokerSettings.from_environment({}, auth=str(path))
        assert subject(settings, "ada", "horse") == "service:ada"
        assert subject(settings, "web", "") is None

    @pytest.mark.parametrize("interface", ["", "0.0.0.0", "192.168.1.5", "::"])
    def test_any_is_for_this_machine_alone(self, interface):
        with pytest.raises(ConfigError, match="'any' lets everybody"):
            check_interface(BrokerSettings(auth="any"), interface)
        check_interface(BrokerSettings(auth="tickets"), interface)

    @pytest.mark.parametrize("interface", ["127.0.0.1", "::1", "localhost"])
    def test_on_this_machine_any_may_be(self, interface):
        check_interface(BrokerSettings(auth="any"), interface)

    def test_a_missing_credentials_file_is_named(self, tmp_path):
        settings = BrokerSettings.from_environment(SECRETS, auth=str(tmp_path / "none"))
        with pytest.raises(ConfigError, match="none: No such file"):
            make_factory(settings, Clock())


def test_memory_is_watched_and_the_disk_of_queues_that_are_saved(tmp_path):
    environ = SECRETS | {"STOMP_MEMORY_LIMIT": "5GiB"}
    assert make_factory(BrokerSettings.from_environment(environ), Clock()).alarms.names == ["memory"]
    settings = BrokerSettings.from_environment(environ | {"STOMP_STORE": str(tmp_path / "queues.sqlite3")})
    factory = make_factory(settings, Clock())
    assert factory.alarms.names == ["memory", "store"]
    factory.broker.queues.close()


class TestGate:
    ENVIRON = SECRETS | {"STOMP_DESTINATIONS": "activemq"}

    def test_before_activemq_the_broker_is_a_gate_and_keeps_no_queues(self, tmp_path):
        environ = self.ENVIRON | {"STOMP_STORE": str(tmp_path / "queues")}
        factory = make_factory(BrokerSettings.from_environment(environ), Clock())
        assert isinstance(factory.broker, Gate)
        assert factory.gateway
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(
        ("environ", "address"),
        [
            ({}, ("localhost", 61613)),
            ({"STOMP_HOST": "", "STOMP_PORT": ""}, ("localhost", 61613)),
            ({"STOMP_HOST": "10.0.0.5", "STOMP_PORT": "7000"}, ("10.0.0.5", 7000)),
        ],
    )
    def test_activemq_is_where_the_web_processes_find_it(self, environ, address):
        assert BrokerSettings.from_environment(self.ENVIRON | environ).upstream == address

    @pytest.mark.parametrize("destinations", ["plain", "", "rabbitmq"])
    def test_other_brokers_need_none(self, destinations):
        assert BrokerSettings.from_environment(SECRETS | {"STOMP_DESTINATIONS": destinations}).upstream is None

    @pytest.mark.parametrize("port", ["0", "65536", "-1", "x", "٣"])
    def test_a_wrong_port_is_named(self, port):
        with pytest.raises(ConfigError, match=r"^STOMP_PORT: "):
            BrokerSettings.from_environment(self.ENVIRON | {"STOMP_PORT": port})

    def test_it_needs_the_services_passcode_whoever_is_let_in(self):
        with pytest.raises(ConfigError, match=r"^STOMP_PASSCODE is not set"):
            BrokerSettings.from_environment({"STOMP_DESTINATIONS": "activemq"}, auth="any")


@pytest.mark.usefixtures("coilmq_settings")
class TestParts:
    def write(self, tmp_path, text):
        path = tmp_path / "broker.ini"
        path.write_text(text)
        return path

    def test_queues_are_in_memory_by_default(self):
        factory = make_factory(BrokerSettings.from_environment(SECRETS), Clock())
        assert isinstance(factory.broker.queues.store, MemoryQueue)

    def test_stomp_store_names_the_file_of_the_queues(self, tmp_path):
        settings = BrokerSettings.from_environment(SECRETS | {"STOMP_STORE": str(tmp_path / "queues")})
        queues = make_factory(settings, Clock()).broker.queues
        assert isinstance(queues.store, SqliteQueue)
        assert queues.saver
        queues.close()

    def test_a_store_of_the_configuration_comes_before_stomp_store(self, tmp_path):
        path = self.write(tmp_path, "[coilmq]\nqstore.factory = coilmq.store.memory.MemoryQueue")
        environment = SECRETS | {"STOMP_STORE": str(tmp_path / "queues")}
        queues = make_factory(BrokerSettings.from_environment(environment, config_file=path), Clock()).broker.queues
        assert isinstance(queues.store, MemoryQueue)

    def test_redis_that_is_not_installed_is_named(self, tmp_path):
        path = self.write(tmp_path, "[coilmq]\nqstore.factory = coilmq.store.rds.make_redis_store")
        with pytest.raises(ConfigError, match=r"qstore\.factory = coilmq\.store\.rds\.make_redis_store: .*redis-py"):
            make_factory(BrokerSettings.from_environment(SECRETS, config_file=path), Clock())

    @pytest.mark.parametrize("name", ["RandomSubscriberScheduler", "FavorReliableSubscriberScheduler"])
    def test_each_of_coilmqs_schedulers_hands_every_message_to_one_of_those_who_read(self, name):
        quiz = Quiz(subscriber_scheduler=f"coilmq.scheduler.{name}")
        workers = [quiz.service() for _ in range(3)]
        for worker in workers:
            worker.subscribe("/queue/a")
        for number in range(60):
            quiz.service().publish("/queue/a", b"%d" % number)
        shares = [worker.bodies() for worker in workers]
        assert sorted(int(body) for share in shares for body in share) == [*range(60)]
        assert all(shares)

    def test_the_usual_scheduler_favours_who_acknowledges(self):
        quiz = Quiz()
        careless, reliable = quiz.service(), quiz.service()
        careless.subscribe("/queue/a")
        reliable.subscribe("/queue/a", ack="client")
        for _ in range(20):
            quiz.service().publish("/queue/a", b"hi")
        assert (careless.bodies(), reliable.bodies()) == ([], [b"hi"] * 20)

    def test_coilmqs_queue_scheduler_serves_every_queue_of_a_reader_that_can_take_more_again(self):
        quiz = Quiz(queue_scheduler="coilmq.scheduler.RandomQueueScheduler")
        worker = quiz.service()
        for number in range(3):
            worker.subscribe(f"/queue/{number}", id=str(number))
        worker.protocol._outlet.pauseProducing()
        for number in range(3):
            quiz.service().publish(f"/queue/{number}", b"%d" % number)
        assert worker.bodies() == []
        worker.protocol._outlet.resumeProducing()
        assert sorted(worker.bodies()) == [b"0", b"1", b"2"]

    def test_coilmqs_dbm_store_keeps_what_waits_over_a_restart_and_has_figures(self, tmp_path):
        path = self.write(
            tmp_path, f"[coilmq]\nqstore.factory = coilmq.store.dbm.make_dbm\nqstore.dbm.data_dir = {tmp_path}\n"
        )
        settings = BrokerSettings.from_environment(SECRETS, config_file=path)
        first = make_factory(settings, Clock(), epoch=lambda: NOW)
        sender, reader = (self.connected(first) for _ in range(2))
        for number in range(4):
            sender.publish("/queue/a", b"%d" % number, **{"x-by": "ada"})
        reader.send("SUBSCRIBE", {"id": "0", "destination": "/queue/a", "ack": "client"})
        assert [int(body) for body in reader.bodies()] == [0, 1, 2, 3]
        first.broker.queues.close()
        second = make_factory(settings, Clock(), epoch=lambda: NOW)
        [state] = second.broker.queues.states()
        assert (state.destination, state.waiting) == ("/queue/a", 4)
        heir = self.connected(second)
        heir.send("SUBSCRIBE", {"id": "0", "destination": "/queue/a"})
        assert [(frame.body, frame.headers["x-by"], frame.headers["redelivered"]) for frame in heir.received()] == [
            (b"%d" % number, "ada", "true") for number in range(4)
        ]
        second.broker.queues.close()

    def connected(self, factory):
        client = Client(factory)
        client.send("CONNECT", {"accept-version": "1.2", "host": "quiz", "login": "web", "passcode": SERVICE_PASSCODE})
        client.take("CONNECTED")
        return client

    def test_the_section_of_coilmqs_redis_store_is_there_for_it(self, tmp_path):
        path = self.write(tmp_path, "[redis]\nhost = redis.example\n")
        make_factory(BrokerSettings.from_environment(SECRETS, config_file=path), Clock())
        assert coilmq_config.get("redis", "host") == "redis.example"
        coilmq_config.remove_section("redis")

    def test_any_store_and_scheduler_may_be_named_as_in_coilmqs_configuration(self, tmp_path):
        path = self.write(
            tmp_path,
            "[coilmq]\nqstore.factory = coilmq.store.dbm.make_dbm\n"
            f"qstore.dbm.data_dir = {tmp_path}\n"
            "scheduler.subscriber_priority_factory = coilmq.scheduler.RandomSubscriberScheduler\n",
        )
        settings = BrokerSettings.from_environment(SECRETS, config_file=path)
        assert settings.subscriber_scheduler == "coilmq.scheduler.RandomSubscriberScheduler"
        queues = make_factory(settings, Clock()).broker.queues
        assert isinstance(queues.store, DbmQueue)
        queues.close()

    @pytest.mark.parametrize(
        ("text", "named"),
        [
            ("qstore.factory = x", r"broker\.ini, line 1: qstore\.factory needs its section"),
            ("[coilmq]\nqstore.factory = coilmq.store.memory.Nothing", "qstore.factory = coilmq.store.memory.Nothing"),
            ("[coilmq]\nqstore.factory = no.such.module", "qstore.factory = no.such.module"),
            ("[coilmq]\nscheduler.queue_priority_factory = os.getcwdx", "scheduler.queue_priority_factory"),
            ("[coilmq]\nlisten_port = 61613", r"broker\.ini, \[coilmq\], listen_port: not known"),
        ],
    )
    def test_what_cannot_be_used_is_named(self, tmp_path, text, named):
        path = self.write(tmp_path, text)
        with pytest.raises(ConfigError, match=named):
            make_factory(BrokerSettings.from_environment(SECRETS, config_file=path), Clock())

    def test_a_missing_file_is_named(self, tmp_path):
        with pytest.raises(ConfigError, match=r"none\.ini: No such file"):
            BrokerSettings.from_environment(SECRETS, config_file=tmp_path / "none.ini")
