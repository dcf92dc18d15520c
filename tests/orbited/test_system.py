import re

import pytest

from orbited import __version__
from orbited.listen import Listener
from tests.orbited.rig import Rig

MONITOR = (Listener("monitor", "", 9001),)
PATHS = ["/system", "/system/test", "/system/monitor"]


class Broker:
    """Takes what is published; ``wrong`` is what it has against it."""

    def __init__(self):
        self.published = []
        self.wrong = None

    def __call__(self, destination, message):
        if self.wrong:
            raise ValueError(self.wrong)
        self.published.append((destination, message))


@pytest.fixture
def broker():
    return Broker()


@pytest.fixture
def rig(broker):
    return Rig(publish=broker, listen=MONITOR, access=("* -> 127.0.0.1:9001",))


def test_version_and_ways_on_are_shown(rig):
    body = rig.ask("GET", "/system").body.decode()
    assert f"Version {__version__}" in body
    assert re.findall('<a href="([^"]+)"', body) == ["/system/test", "/system/monitor"]


@pytest.mark.parametrize("path", PATHS)
def test_pages_run_nothing_but_our_scripts_and_stand_in_no_frame(rig, path):
    answer = rig.ask("GET", path)
    assert answer.status == 200
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    body = answer.body.decode()
    assert not re.search(r"<style|\son\w+=|\sstyle=|<script(?! src=)", body)
    assert '<html lang="en">' in body
    assert "<h1>" in body


@pytest.mark.parametrize("path", PATHS)
def test_what_pages_load_is_there(rig, path):
    body = rig.ask("GET", path).body.decode()
    for script in re.findall('src="([^"]+)"', body):
        assert "javascript" in rig.ask("GET", script).headers["content-type"]
    [style] = re.findall('<link rel="stylesheet" href="([^"]+)"', body)
    assert "text/css" in rig.ask("GET", style).headers["content-type"]


@pytest.mark.parametrize("path", ["/system/", "/system/nothing", "/system/test/nothing", "/system/monitor/x"])
def test_nothing_else_is_there(rig, path):
    assert rig.ask("GET", path).status == 404


def test_dispatcher_publishes(rig, broker):
    answer = rig.ask("GET", "/system/test/stomp?dest=/topic/a&msg=h%C3%A9llo%20%F0%9F%98%80")
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert broker.published == [("/topic/a", "héllo \N{GRINNING FACE}")]
    assert b"alert" not in answer.body


def test_dispatcher_says_what_the_broker_has_against_it(rig, broker):
    broker.wrong = 'No such "destination"\n'
    answer = rig.ask("GET", "/system/test/stomp?dest=x&msg=y")
    assert answer.body == b'alert("Nothing was published. No such \\"destination\\"\\n");\n'


def test_dispatcher_publishes_text_only(rig, broker):
    answer = rig.ask("GET", "/system/test/stomp?dest=/a&msg=%ff")
    assert answer.body.startswith(b'alert("Nothing was published.')
    assert broker.published == []


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "POST"])
def test_dispatcher_publishes_for_get_only(rig, broker, method):
    rig.ask(method, "/system/test/stomp?dest=/a&msg=b")
    assert broker.published == []


@pytest.mark.parametrize(
    "said",
    [
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ],
)
def test_a26_dispatcher_serves_no_page_of_another_origin(rig, broker, said):
    assert rig.ask("GET", "/system/test/stomp?dest=/a&msg=b", **said).status == 403
    assert broker.published == []


@pytest.mark.parametrize("said", [{}, {"sec_fetch_site": "same-origin"}, {"origin": "http://relay.example:8080"}])
def test_dispatcher_serves_its_own_pages_and_programs(rig, broker, said):
    assert rig.ask("GET", "/system/test/stomp?dest=/a&msg=b", **said).status == 200
    assert broker.published == [("/a", "b")]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"sec_fetch_site": "same-site", "referer": "http://pages.relay.example:8000/game"}, 200),
        ({"sec_fetch_site": "same-site", "referer": "http://pages.relay.example:8000@evil.example/game"}, 403),
        ({"sec_fetch_site": "same-site", "referer": "http://evil.relay.example/http://pages.relay.example:8000/"}, 403),
        ({"sec_fetch_site": "same-site", "referer": "nonsense"}, 403),
        ({"sec_fetch_site": "cross-site", "referer": "http://pages.relay.example:8000/game"}, 403),
        ({"origin": "null", "sec_fetch_site": "same-site", "referer": "http://pages.relay.example:8000/game"}, 403),
    ],
)
def test_dispatcher_serves_script_tags_of_admitted_pages_at_another_port(broker, said, status):
    rig = Rig(publish=broker, origins=("http://pages.relay.example:8000",))
    assert rig.ask("GET", "/system/test/stomp?dest=/a&msg=b", **said).status == status
    assert len(broker.published) == (status == 200)


def test_dispatcher_that_is_off_is_one_line_of_script():
    rig = Rig()
    answer = rig.ask("GET", "/system/test/stomp?dest=/a&msg=b")
    assert answer.status == 200
    assert answer.body.startswith(b'alert("')
    assert answer.body.count(b"\n") == 1
    assert b"dispatcher is off" in rig.ask("GET", "/system/test").body


def test_monitor_page_knows_the_way_that_access_names(rig):
    body = rig.ask("GET", "/system/monitor").body.decode()
    assert 'data-host="127.0.0.1" data-port="9001"' in body
    assert 'src="/static/Orbited.js"' in body


@pytest.mark.parametrize(
    ("listen", "access"), [((), "* -> localhost:9001"), (MONITOR, "* -> localhost:9002"), (MONITOR, "* -> other:9001")]
)
def test_monitor_page_without_a_way_says_what_is_missing(listen, access):
    body = Rig(listen=listen, access=(access,)).ask("GET", "/system/monitor").body.decode()
    assert "monitor://" in body
    assert "data-port" not in body
    assert "<script" not in body
