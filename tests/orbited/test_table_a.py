"""Bad input over HTTP that concerns the relay as a whole: by the numbers of the table of attacks."""

import pytest

from orbited.config import parse
from orbited.errors import ConfigError, TargetDeniedError
from orbited.peers import CONNECTIONS_PER_SESSION
from tests.orbited.rig import Rig, WebSocketPage

PAGES = "http://pages.example"
FOREIGN = ("http://evil.example", "null", f"{PAGES}.evil.example", "https://pages.example", f"{PAGES}:8080")


@pytest.fixture
def rig():
    return Rig(origins=(PAGES,))


@pytest.mark.parametrize("origin", FOREIGN)
def test_a27_a_page_of_another_site_sends_nothing_whatever_cookies_it_brings(rig, origin):
    page = rig.connected(WebSocketPage)
    before = rig.backend.received
    for path in ("/tcp", f"/tcp/{page.key}"):
        answer = rig.ask("POST", path, b"11,204,ping", origin=origin, cookie="sessionid=stolen")
        assert answer.status == 403
        assert "access-control-allow-origin" not in answer.headers
    assert len(rig.sessions) == 1
    assert rig.backend.received == before


@pytest.mark.parametrize("origin", FOREIGN)
def test_a28_a_preflight_from_elsewhere_is_refused(rig, origin):
    answer = rig.ask("OPTIONS", "/tcp", origin=origin, access_control_request_method="POST")
    assert answer.status == 403
    assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_a28_a_listed_page_is_allowed_by_name_and_without_credentials(rig):
    for method in ("OPTIONS", "GET"):
        answer = rig.ask(method, "/tcp", origin=PAGES)
        assert answer.headers["access-control-allow-origin"] == PAGES
        assert "origin" in answer.headers["vary"]
        assert "access-control-allow-credentials" not in answer.headers


def test_a31_an_address_has_so_many_sessions_and_connections():
    rig = Rig(most=2)
    waiting = [rig.ask("GET", f"/tcp/{rig.key()}/longpoll") for _ in range(2)]
    answer = rig.ask("GET", "/tcp")
    assert (answer.status, answer.body.split()[0]) == (429, b"too-many:")
    assert "retry-after" in answer.headers
    for _ in range(2 * CONNECTIONS_PER_SESSION):
        last = rig.ask("GET", "/healthz")
    assert last.status == 429
    assert "retry-after" in last.headers
    assert rig.ask("GET", "/healthz", address="198.51.100.1").status == 200
    assert not any(poll.answered and poll.status == 429 for poll in waiting)


def test_a31_a_school_behind_one_address_can_be_exempt(rig):
    rules = "[global]\nsession.per_address = 1\nsession.exempt = 203.0.113.0/24\n[hosts]\nrelay.example\n"
    rig.policy.adopt(parse(rules, "x"))
    assert [rig.ask("GET", "/tcp").status for _ in range(5)] == [200] * 5
    assert [rig.ask("GET", "/tcp", address="192.0.2.9").status for _ in range(2)] == [200, 429]


@pytest.mark.parametrize(
    "target",
    [
        "127.0.0.1:61613",
        "localhost.:61613",
        "LOCALHOST:61613",
        "2130706433:61613",
        "0x7f.0.0.1:61613",
        "0177.0.0.1:61613",
        "evil.example:61613",
        "169.254.169.254:80",
        "0.0.0.0:61613",
        "localhost:25",
        "localhost:6379",
    ],
)
def test_a33_a_target_that_access_does_not_list_in_these_words_is_0106(rig, target):
    page = rig.page(WebSocketPage).open()
    page.send(f"{target}\n".encode())
    assert page.inbox == [b"0106"]
    assert not rig.backends


def test_a34_a_target_that_leads_to_a_refused_address_is_0106_too(rig):
    page = rig.page(WebSocketPage).open()
    page.send(b"localhost:61613\n")
    rig.backend.connecting.errback(TargetDeniedError("x"))
    page.look()
    assert page.inbox == [b"0106"]


@pytest.mark.parametrize("rule", ["* -> *", "* -> *:*", "* -> *:61613", "* -> localhost:*"])
def test_a35_there_is_no_rule_for_all_targets_or_ports(rule):
    with pytest.raises(ConfigError, match="x:2"):
        parse(f"[access]\n{rule}\n", "x")
