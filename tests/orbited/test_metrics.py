import platform
import re
from pathlib import Path

import pytest
import twisted

from orbited import __version__
from orbited.errors import TargetDeniedError
from orbited.metrics import DESCRIPTORS, Metrics
from tests.orbited.rig import PollingPage, Rig, WebSocketPage

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def rig():
    return Rig()


@pytest.fixture
def metrics():
    return Metrics()


def figure(rig, name, **labels):
    return sample(rig.metrics, name, **labels)


def sample(metrics, name, /, **labels):
    return metrics.registry.get_sample_value(name, labels)


def refusals(rig):
    """What was refused, by code."""
    families = [family for family in rig.metrics.registry.collect() if family.name == "orbited_refused"]
    samples = [sample for family in families for sample in family.samples if sample.name.endswith("_total")]
    return {sample.labels["code"]: sample.value for sample in samples}


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


def test_refusals_are_counted_by_the_code_of_their_answer(rig):
    rig.ask("POST", f"/tcp/{rig.key()}", b"nonsense")
    assert figure(rig, "orbited_refused_total", code="bad-packet") == 1


@pytest.mark.parametrize(
    ("method", "path", "headers", "code"),
    [
        ("POST", "/tcp", {"origin": "https://evil.example"}, "bad-origin"),
        ("GET", "/tcp", {"sec_fetch_site": "cross-site"}, "bad-origin"),
        ("GET", "/tcp/websocket", {"origin": "null"}, "bad-origin"),
        ("HEAD", "/tcp", {}, "bad-method"),
        ("GET", "/tcp", {"host": "a b"}, "bad-host"),
        ("GET", "/tcp", {"host": "evil.example"}, "misdirected"),
        ("GET", "/tcp/websocket", {}, "bad-upgrade"),
        ("GET", "/stomp", {}, "bad-upgrade"),
        ("GET", "/stomp?to=localhost:22", {}, "target-denied"),
    ],
)
def test_what_is_refused_before_a_session_is_counted_once_and_by_its_own_code(rig, method, path, headers, code):
    answer = rig.ask(method, path, **headers)
    assert answer.status >= 400
    if method != "HEAD":
        assert answer.body.startswith(f"{code}: ".encode())
    assert refusals(rig) == {code: 1}


def test_upgrade_of_a_session_that_is_none_is_counted(rig):
    rig.ask("GET", f"/tcp/{rig.key()}/websocket")
    assert refusals(rig) == {"bad-upgrade": 1}


def test_a33_targets_that_are_not_in_access_are_counted(rig):
    page = WebSocketPage(rig, rig.key()).open()
    page.send(b"localhost:22\n")
    assert page.inbox == [b"0106"]
    assert refusals(rig) == {"target-denied": 1}


def test_a34_targets_that_lead_to_a_refused_address_are_counted(rig):
    page = WebSocketPage(rig, rig.key()).open()
    page.send(b"localhost:61613\n")
    rig.backend.connecting.errback(TargetDeniedError("it leads elsewhere"))
    page.read()
    assert page.inbox == [b"0106"]
    assert refusals(rig) == {"target-denied": 1}


def test_codes_that_a_page_makes_up_are_counted_as_one(metrics):
    for code in (1000, 499, 4008, 200, *range(3000, 4000), 4123, 4999):
        metrics.transport_opened("websocket")
        metrics.transport_closed("websocket", code)
    closed = "orbited_connections_closed_total"
    assert sample(metrics, closed, transport="websocket", code="other") == 1002
    for code in ("1000", "499", "4008", "200"):
        assert sample(metrics, closed, transport="websocket", code=code) == 1


def test_returns_are_counted_by_what_came_of_them(metrics):
    metrics.resumed(replayed=True)
    metrics.resumed(replayed=False)
    metrics.resume_refused()
    for result in ("replay", "full", "refused"):
        assert sample(metrics, "orbited_resume_total", result=result) == 1


def test_build_is_named(metrics):
    about = {"version": __version__, "python": platform.python_version(), "twisted": twisted.__version__}
    assert sample(metrics, "orbited_build_info", **about) == 1


def test_reloads_are_told_with_their_time(metrics):
    metrics.reloaded(1_700_000_000)
    metrics.reload_refused()
    assert sample(metrics, "orbited_config_last_reload_successful") == 0
    assert sample(metrics, "orbited_config_last_reload_success_timestamp_seconds") == 1_700_000_000


def test_state_of_the_process_is_told(metrics):
    assert sample(metrics, "orbited_draining") == 0
    assert sample(metrics, "orbited_alarm", name="fd") == 0
    metrics.draining()
    metrics.alarm(DESCRIPTORS, True)
    metrics.hijack_suspected()
    assert sample(metrics, "orbited_certificate_expiry_timestamp_seconds") is None
    metrics.certificate_ends(4)
    metrics.certificate_ends(5)
    metrics.lag(0.02)
    assert sample(metrics, "orbited_draining") == 1
    assert sample(metrics, "orbited_alarm", name="fd") == 1
    assert sample(metrics, "orbited_hijack_suspected_total") == 1
    assert sample(metrics, "orbited_certificate_expiry_timestamp_seconds") == 5
    assert sample(metrics, "orbited_event_loop_lag_seconds_bucket", le="0.025") == 1
    assert sample(metrics, "orbited_event_loop_lag_seconds_bucket", le="0.01") == 0


def test_no_label_holds_what_a_page_chose(rig):
    page = WebSocketPage(rig, rig.key()).open()
    page.send(b"localhost:1\n")
    text = rig.metrics.text().decode()
    assert page.key not in text
    assert "203.0.113" not in text
    assert "localhost" not in text


def test_text_is_prometheus_s(rig):
    assert b"# TYPE orbited_sessions gauge" in rig.metrics.text()


def test_documentation_lists_every_figure(metrics):
    metrics.certificate_ends(5)
    endings = {"counter": "_total", "info": "_info"}
    figures = [metric for metric in metrics.registry.collect() if metric.name.startswith("orbited")]
    names = {metric.name + endings.get(metric.type, "") for metric in figures}
    listed = re.findall(r"^\| `(orbited_\w+)` \|", (ROOT / "docs" / "operating.md").read_text(), re.MULTILINE)
    assert set(listed) == names | {"orbited_log_lines_dropped_total"}  # of the log's own
