"""File descriptors of a broker alone: nobody is accepted while they are scarce."""

import os

import pytest
from twisted.internet.protocol import Protocol, ServerFactory

from stomp_broker.descriptors import DescriptorWatch, SparingFactory, in_use, lowest_free


@pytest.fixture
def used():
    return [0]


@pytest.fixture
def accepting():
    return []


@pytest.fixture
def watch(used, accepting):
    return DescriptorWatch(100, accepting.append, lambda: used[0], lambda: used[0] if used[0] < 100 else None)


def test_the_next_one_is_told_and_stays_free():
    number = lowest_free()
    with open(os.devnull) as file:
        assert file.fileno() == number
        assert in_use() > number // 100
    assert lowest_free() == number


def test_no_next_one_is_nothing(monkeypatch):
    def none_left(*_):
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(os, "open", none_left)
    assert lowest_free() is None


def test_accepting_stops_and_goes_on_with_room_between(watch, used, accepting):
    for used[0], room in [(94, True), (95, False), (100, False), (90, False), (89, True), (94, True), (100, False)]:
        assert watch.is_scarce() in (not room, False)
        assert watch.has_room() is room
    assert accepting == [False, True, False]


def test_the_watch_says_how_many_and_who_may_allow_more(watch, used):
    used[0] = 97
    assert str(watch).startswith("97 of 100 file descriptors are in use.")
    assert "LimitNOFILE" in str(watch)


def test_what_a_port_had_already_accepted_is_closed(watch, used):
    factory = ServerFactory.forProtocol(Protocol)
    sparing = SparingFactory(factory, watch)
    assert isinstance(sparing.buildProtocol(None), Protocol)
    used[0] = 95
    assert sparing.buildProtocol(None) is None


def test_the_factory_within_starts_and_stops_with_its_ports(watch):
    factory = ServerFactory.forProtocol(Protocol)
    sparing = SparingFactory(factory, watch)
    sparing.doStart()
    assert factory.numPorts == 1
    sparing.doStop()
    assert factory.numPorts == 0
