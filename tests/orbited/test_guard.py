import re

import pytest
from twisted.logger import capturedLogs, formatEvent

from orbited.config import Config
from orbited.guard import MAX_LOGGED_NAMES, MISDIRECTED, NO_HOST
from tests.orbited.rig import Exchange, Rig

REBOUND = "evil.example:8080"


@pytest.fixture
def rig():
    return Rig()


def text_of(answer):
    return answer.body.decode().strip()


@pytest.mark.parametrize(
    "path", ["/tcp", "/tcp/0123456789abcdef0123456789abcdef", "/static/Orbited.js", "/healthz", "/"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_a10_a_name_that_is_not_the_relay_s_gets_nothing_wherever_it_asks(rig, method, path):
    answer = rig.ask(method, path, host=REBOUND, origin=f"http://{REBOUND}")
    assert (answer.status, text_of(answer)) == (421, MISDIRECTED.text)
    assert "access-control-allow-origin" not in answer.headers
    assert len(rig.sessions) == 0


@pytest.mark.parametrize("lines", ["", "host: relay.example\r\nhost: relay.example\r\n", "host: a b\r\n", "host:\r\n"])
def test_a10_a_request_has_one_host_header(rig, lines):
    answer = Exchange(rig.site, f"GET /tcp HTTP/1.1\r\n{lines}\r\n".encode())
    assert (answer.status, text_of(answer)) == (400, NO_HOST.text)


@pytest.mark.parametrize(("path", "status"), [("/healthz", 200), ("/readyz", 200), ("/tcp", 400)])
def test_a10_only_health_is_told_to_http_1_0_without_a_host(rig, path, status):
    assert Exchange(rig.site, f"GET {path} HTTP/1.0\r\n\r\n".encode()).status == status


def test_answers_do_not_repeat_the_request(rig):
    assert b"evil" not in rig.ask("GET", "/evil", host=REBOUND).line.value()


def test_an_unknown_name_is_told_in_the_log_once_and_with_its_remedy(rig):
    with capturedLogs() as lines:
        for _ in range(3):
            rig.ask("GET", "/tcp", host=REBOUND)
    [line] = [formatEvent(line) for line in lines]
    assert "203.0.113.7" in line
    assert "'evil.example'" in line
    assert "[hosts]" in line


def test_names_made_up_without_end_fill_neither_log_nor_memory(rig):
    with capturedLogs() as lines:
        for number in range(MAX_LOGGED_NAMES + 50):
            rig.ask("GET", "/tcp", host=f"evil{number}.example")
    assert len(lines) == MAX_LOGGED_NAMES


def test_misdirected_requests_are_counted(rig):
    rig.ask("GET", "/tcp", host=REBOUND)
    assert re.search(rb'refused_total{\w+="misdirected"} 1.0', rig.metrics.text())


def test_the_policy_of_the_moment_counts(rig):
    rig.policy.adopt(Config(hosts=("evil.example",)))
    assert rig.ask("GET", "/healthz", host=REBOUND).status == 200


def test_behind_a_proxy_that_ends_tls_the_relay_s_own_origin_is_https(rig):
    own = "https://relay.example"
    for address, status in [("127.0.0.1", 200), ("203.0.113.7", 403)]:
        answer = rig.ask("GET", "/tcp", address=address, host="relay.example", origin=own, x_forwarded_proto="https")
        assert answer.status == status
    assert rig.ask("GET", "/tcp", address="127.0.0.1", host="relay.example", origin=own).status == 403
