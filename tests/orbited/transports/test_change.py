"""A page may change its transport at any moment, from any to any."""

import pytest

from tests.orbited.rig import Rig
from tests.orbited.transports.pages import EVERY_PAGE


@pytest.fixture
def rig():
    return Rig()


def turn(rig, page):
    page.look()
    rig.clock.advance(0)
    page.look()


@pytest.mark.parametrize("to", EVERY_PAGE, ids=lambda page: page.name)
@pytest.mark.parametrize("start", EVERY_PAGE, ids=lambda page: page.name)
@pytest.mark.parametrize("loses", [False, True], ids=["replaced", "lost"])
def test_change_of_transport_loses_and_doubles_nothing(rig, start, to, loses):
    page = rig.connected(start)
    page.send(b"first ")
    rig.backend.send(b" seen")
    turn(rig, page)
    rig.backend.send(b" unread")
    if loses:
        page.lose()
        rig.backend.send(b" missed")
    page = page.change_to(to)
    page.send(b"second")
    rig.backend.send(b" new")
    turn(rig, page)
    assert page.text == b"1 seen unread" + (b" missed" if loses else b"") + b" new"
    assert rig.backend.received == b"first second"


def test_tour_over_all_transports(rig):
    page = rig.connected(EVERY_PAGE[0], owned=False)
    expected = b"1"
    for _ in range(3):
        for page_class in EVERY_PAGE:
            rig.backend.send(page_class.name.encode())
            expected += page_class.name.encode()
            page = page.change_to(page_class)
            page.send(page_class.name.encode())
            turn(rig, page)
    assert page.text == expected
    assert b"1" + rig.backend.received == expected
