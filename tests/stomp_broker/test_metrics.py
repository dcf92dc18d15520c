"""Figures for Prometheus: what they say, and that their labels are few."""

import pytest
from prometheus_client import CollectorRegistry

from stomp_broker.errors import Code
from stomp_broker.metrics import BrokerFigures, ProcessMetrics
from tests.stomp_broker.clients import Quiz


@pytest.fixture
def quiz():
    return Quiz()


@pytest.fixture
def figure(quiz):
    """Gives one figure of the broker's."""
    registry = CollectorRegistry()
    registry.register(BrokerFigures(quiz.factory))

    def figure(name, /, **labels):
        return registry.get_sample_value(f"stomp_broker_{name}", labels)

    return figure


def test_connections_are_counted_and_their_ends_by_code(quiz, figure):
    player = quiz.player()
    quiz.open().send("SEND", {"destination": "/a"})
    quiz.player(2).drop()
    assert figure("connections") == 1
    assert figure("connections_opened_total") == 3
    assert figure("connections_closed_total", code="not-connected") == 1
    assert figure("connections_closed_total", code="none") == 1
    assert not player.is_closed


def test_messages_are_counted_with_all_their_deliveries(quiz, figure):
    service = quiz.service()
    for number in (1, 2):
        quiz.player(number).subscribe("/games/1/status")
    service.publish("/games/1/status", b"12345")
    assert (figure("topics"), figure("subscriptions")) == (1, 2)
    assert (figure("messages_received_total"), figure("messages_delivered_total")) == (1, 2)
    assert (figure("received_bytes_total"), figure("delivered_bytes_total")) == (5, 10)


def test_queues_are_summed(quiz, figure):
    service = quiz.service()
    for body in (b"1", b"2"):
        service.publish("/queue/a", body)
        service.publish("/queue/b", body)
    service.send("SUBSCRIBE", {"destination": "/queue/b", "id": "0", "ack": "client"})
    assert figure("queues") == 2
    assert figure("queue_waiting_messages") == 2
    assert figure("queue_unacknowledged_messages") == 2
    assert figure("queue_consumers") == 1


def test_who_does_not_read_and_who_may_not_publish_is_counted(quiz, figure):
    reader, service = quiz.player(), quiz.service()
    reader.subscribe("/games/1/status")
    reader.transport.producer.pauseProducing()
    service.publish("/games/1/status", b"12345")
    assert figure("slow_connections") == 1
    assert figure("unsent_bytes") > 5
    quiz.factory.alarms.watch("memory", lambda: True)
    quiz.factory.alarms.look()
    service.send("SEND", {"destination": "/games/1/status"})
    assert figure("blocked_connections") == 1
    assert figure("alarm", name="memory") == 1


def test_an_alarm_that_is_watched_is_0_and_draining_is_told(quiz, figure):
    quiz.factory.alarms.watch("store", lambda: False)
    assert figure("alarm", name="store") == 0
    assert figure("draining") == 0
    quiz.factory.broker.draining = True
    assert figure("draining") == 1


def test_no_label_takes_what_clients_choose(quiz):
    registry = CollectorRegistry()
    registry.register(BrokerFigures(quiz.factory))
    for number in range(100):
        service = quiz.service()
        service.publish(f"/queue/{number}", b"1")
        quiz.connect("sesame", login="web").subscribe(f"/topic/{number}")
    values = {value for family in registry.collect() for sample in family.samples for value in sample.labels.values()}
    assert values <= {*Code, "none", "memory", "store"}


def test_a_process_has_its_own_beside_the_brokers(quiz):
    metrics = ProcessMetrics(quiz.factory)
    value = metrics.registry.get_sample_value
    metrics.reloaded(1_700_000_000)
    assert value("stomp_broker_config_last_reload_successful") == 1
    assert value("stomp_broker_config_last_reload_success_timestamp_seconds") == 1_700_000_000
    metrics.reload_refused()
    assert value("stomp_broker_config_last_reload_successful") == 0
    metrics.lag(0.3)
    assert value("stomp_broker_event_loop_lag_seconds_bucket", {"le": "0.25"}) == 0
    assert value("stomp_broker_event_loop_lag_seconds_bucket", {"le": "0.5"}) == 1
    text = metrics.text().decode()
    assert "\nstomp_broker_connections 0.0\n" in text
    assert "\nprocess_resident_memory_bytes " in text
    assert 'stomp_broker_build_info{python="3' in text
