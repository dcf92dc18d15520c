import pytest

from orbited.browserfiles import LEGACY, STATIC, joined_orbited
from tests.orbited.rig import Rig


@pytest.fixture
def rig():
    return Rig()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/static/Orbited.js", "text/javascript; charset=utf-8"),
        ("/static/JSON.js", "text/javascript; charset=utf-8"),
        ("/static/protocols/stomp/stomp.js", "text/javascript; charset=utf-8"),
        ("/static/xsdrBridge.html", "text/html; charset=utf-8"),
        ("/static/xsdClose.html", "text/html; charset=utf-8"),
        ("/static/HTMLFileFrame.js", "text/javascript; charset=utf-8"),
        ("/tcp/static/HTMLFileFrame.js", "text/javascript; charset=utf-8"),
        ("/tcp/static/HTMLFileClose.js", "text/javascript; charset=utf-8"),
    ],
)
def test_files_of_2010_stand_where_they_stood(rig, path, kind):
    answer = rig.ask("GET", path)
    assert answer.status == 200
    assert answer.headers["content-type"] == kind
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("name", ["xsdrBridge.html", "xsdClose.html", "Orbited.js"])
def test_bridge_may_be_framed_and_share_an_origin(rig, name):
    headers = rig.ask("GET", f"/static/{name}").headers
    assert headers["origin-agent-cluster"] == "?0"
    assert "x-frame-options" not in headers
    assert "content-security-policy" not in headers


def test_orbited_js_is_the_socket_and_everything_that_pages_of_2010_ask_for(rig):
    text = rig.ask("GET", "/static/Orbited.js").body.decode()
    assert text == joined_orbited()
    assert text.startswith((STATIC / "Orbited.js").read_text())
    for name in LEGACY:
        assert (STATIC / "legacy" / f"{name}.js").read_text() in text


def test_every_part_is_joined():
    assert sorted(LEGACY) == sorted(path.stem for path in (STATIC / "legacy").glob("*.js"))


def test_file_that_the_browser_has_is_not_sent_again(rig):
    first = rig.ask("GET", "/static/Orbited.js")
    assert first.headers["cache-control"] == "no-cache"
    again = rig.ask("GET", "/static/Orbited.js", if_none_match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    other = rig.ask("GET", "/static/Orbited.js", if_none_match='"another"')
    assert (other.status, other.body) == (200, first.body)


def test_head_tells_the_length_alone(rig):
    answer = rig.ask("HEAD", "/static/Orbited.js")
    assert answer.headers["content-length"] == str(len(joined_orbited().encode()))
    assert answer.body == b""


@pytest.mark.parametrize(
    "path",
    [
        "/static",
        "/static/",
        "/static/legacy/",
        "/static/nothing.js",
        "/static/vendor/README.md",
        "/static/../site.py",
        "/static/..%2fsite.py",
        "/static/%00",
        "/static//etc/passwd",
    ],
)
def test_nothing_else_is_served(rig, path):
    assert rig.ask("GET", path).status in (400, 404)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_files_are_only_read(rig, method):
    assert rig.ask(method, "/static/Orbited.js").status == 405
