import pytest

from orbited.http import RelaySite, answer
from orbited.pages import Missing, Page
from tests.orbited.rig import Rig


class Greeting(Page):
    def read(self, request):
        return answer(request, 200, "hello")


@pytest.fixture
def rig():
    rig = Rig()
    root = Missing({b"greeting": Greeting({b"below": Greeting()})})
    rig.site = RelaySite(root, rig.clock, rig.policy, rig.metrics)
    return rig


def test_get_reads(rig):
    answer = rig.ask("GET", "/greeting")
    assert (answer.status, answer.body) == (200, b"hello\n")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_head_has_no_body(rig):
    answer = rig.ask("HEAD", "/greeting")
    assert (answer.status, answer.body) == (200, b"")


def test_options_says_what_may_be_done(rig):
    answer = rig.ask("OPTIONS", "/greeting")
    assert (answer.status, answer.headers["allow"]) == (204, "GET, HEAD, OPTIONS")


def test_nothing_else_may_be_done(rig):
    answer = rig.ask("POST", "/greeting")
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert answer.body.startswith(b"method-not-allowed")


@pytest.mark.parametrize("path", ["/", "/nothing", "/nothing/below", "/greeting/nothing", "/greeting/"])
def test_what_is_not_there_is_404_in_plain_text_without_an_echo(rig, path):
    answer = rig.ask("GET", path)
    assert (answer.status, answer.body) == (404, b"not-found\n")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


def test_others_lie_below(rig):
    assert rig.ask("GET", "/greeting/below").status == 200
