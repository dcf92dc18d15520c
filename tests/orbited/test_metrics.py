import pytest

from tests.orbited.rig import PollingPage, Rig, WebSocketPage


@pytest.fixture
def rig():
    return Rig()


def figure(rig, name, **labels):
    return rig.metrics.registry.get_sample_value(name, labels)


def test_connections_are_counted_by_transport_and_code(rig):
    page = WebSocketPage(rig, rig.key()).open()
    assert figure(rig, "orbited_connections", transport="websocket") == 1
    page.send(b"nonsense")
    page.read()
    assert figure(rig, "orbited_connections", transport="websocket") == 0
    assert figure(rig, "orbited_connections_opened_total", transport="websocket") == 1
    assert figure(rig, "orbited_connections_closed_total", transport="websocket", code="1000") == 1


def test_polls_are_counted_by_status(rig):
    page = PollingPage(rig, rig.key()).open()
    page.send(b"localhost:61613\n")
    page.lose()
    assert figure(rig, "orbited_connections_closed_total", transport="longpoll", code="200") == 1
    assert figure(rig, "orbited_connections_closed_total", transport="longpoll", code="499") == 1


def test_sessions_are_counted_by_the_reason_of_their_end(rig):
    rig.key()
    assert figure(rig, "orbited_sessions") == 1
    rig.wait(120)
    assert figure(rig, "orbited_sessions") == 0
    assert figure(rig, "orbited_sessions_opened_total") == 1
    assert figure(rig, "orbited_sessions_closed_total", reason="no_handshake") == 1


def test_refusals_are_counted_by_error(rig):
    rig.ask("POST", f"/tcp/{rig.key()}", b"nonsense")
    assert figure(rig, "orbited_refused_total", error="PacketError") == 1


def test_text_is_prometheus_s(rig):
    assert b"# TYPE orbited_sessions gauge" in rig.metrics.text()
