"""A broker inside of another process: what that process has from it."""

import pytest
from prometheus_client import CollectorRegistry
from twisted.internet.task import Clock

from stomp_broker.alarms import DESCRIPTORS
from stomp_broker.embedded import Embedded, warnings
from stomp_broker.errors import ConfigError
from tests.stomp_broker.clients import SERVICE_PASSCODE, TICKET_KEY, Client

SECRETS = {"STOMP_TICKET_KEY": TICKET_KEY, "STOMP_PASSCODE": SERVICE_PASSCODE}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "broker.ini"
    path.write_text("[broker]\nmemory.limit = 5GiB\n")
    return path


@pytest.fixture
def broker(file):
    return Embedded(SECRETS, Clock(), "tickets", file)


def connect(broker):
    client = Client(broker.factory)
    client.send("CONNECT", {"accept-version": "1.2", "login": "web", "passcode": SERVICE_PASSCODE})
    client.take("CONNECTED")
    return client


def limit(broker):
    return str(broker.factory.alarms._watches["memory"][1]).rpartition(" ")[2]


def test_what_cannot_be_followed_is_told(file):
    with pytest.raises(ConfigError, match="STOMP_PASSCODE is not set"):
        Embedded({"STOMP_TICKET_KEY": TICKET_KEY}, Clock(), "tickets", None)
    file.write_text("[broker]\ncolour = blue\n")
    with pytest.raises(ConfigError, match=r"broker\.ini, \[broker\], colour: not known"):
        Embedded(SECRETS, Clock(), "tickets", file)


def test_its_figures_appear_where_they_are_wanted(broker):
    registry = CollectorRegistry()
    broker.register(registry)
    connect(broker)
    assert registry.get_sample_value("stomp_broker_connections") == 1


def test_its_publishers_wait_while_the_process_accepts_nobody(broker):
    scarce = [True]
    broker.watch_descriptors(lambda: scarce[0])
    broker.factory.alarms.look()
    assert broker.factory.alarms.raised == [DESCRIPTORS]
    service = connect(broker)
    service.send("SEND", {"destination": "/a", "receipt": "1"})
    assert service.received() == []
    scarce[0] = False
    broker.factory.alarms.look()
    assert service.take("RECEIPT")


def test_what_comes_by_no_connection_is_published_or_refused_in_words(broker):
    client = connect(broker)
    client.subscribe("/a")
    broker.publish("/a", "perché", "test")
    message = client.take("MESSAGE")
    assert (message.headers["sender"], message.body.decode()) == ("test", "perché")
    with pytest.raises(ValueError, match="This login may not do that"):
        broker.publish("/broker/control", "{}", "test")


def test_a_file_read_anew_counts_when_it_is_followed(broker, file):
    before = limit(broker)
    file.write_text("[broker]\nmemory.limit = 6GiB\n")
    follow = broker.prepare()
    assert limit(broker) == before == str(5 * 1024**3)
    follow()
    assert limit(broker) == str(6 * 1024**3)
    file.write_text("[broker]\nmemory.limit = much\n")
    with pytest.raises(ConfigError, match="'much' is no size"):
        broker.prepare()


def test_leaving_lets_nobody_in(broker):
    assert broker.leave(10).called
    client = Client(broker.factory)
    client.send("CONNECT", {"accept-version": "1.2", "login": "web", "passcode": SERVICE_PASSCODE})
    assert client.take("ERROR").headers["message"] == "shutting-down"


def test_a_file_can_be_judged_alone(file):
    assert warnings(file) == ()
    file.write_text("auth=mqauth\n")
    assert "line 1: MorbidQ's" in warnings(file)[0]
