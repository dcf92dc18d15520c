import pytest

from tests.orbited.rig import Rig
from tests.orbited.transports.contract import TransportContract
from tests.orbited.transports.pages import HTMLFilePage


class TestHTMLFile(TransportContract):
    page_class = HTMLFilePage
    owned = False


@pytest.fixture
def rig():
    return Rig()


def body(exchange):
    return b"".join(exchange.body.split(b"\r\n")[1::2]).decode()


def test_document_begins_as_that_of_0_7(rig):
    answer = rig.page(HTMLFilePage, owned=False).get(0)
    assert (answer.headers["content-type"], answer.headers["expires"]) == ("text/html", "-1")
    assert answer.headers["pragma"] == "no-cache"
    text = body(answer)
    assert '<script src="../static/HTMLFileFrame.js"></script>' in text
    assert text[256] == "\n"
    assert text[257:] == (
        '<script>e([["1", "opt", "pingTimeout,30"], ["2", "opt", "pingInterval,40"], ["2", "open"]])</script>'
    )


def test_data_is_base64_and_the_close_has_its_reason(rig):
    page = rig.connected(HTMLFilePage)
    page.line.clear()
    rig.backend.send(b"</script>")
    rig.backend.hang_up()
    assert b'e([["4", "data", "PC9zY3JpcHQ+"]])' in page.line.value()
    assert b'e([["5", "close", "loseConnection"]])' in page.line.value()


def test_heartbeat_is_a_script_every_5_s(rig):
    page = rig.connected(HTMLFilePage)
    page.line.clear()
    rig.wait(10)
    assert page.line.value().count(b"<script>h();</script>") == 2
