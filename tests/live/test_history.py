"""history.py: what a page that missed something may read."""

import pytest

from quiz import live
from quiz.live.history import MAX_EVENTS

pytestmark = pytest.mark.django_db

STATUS = "/games/7/status"


def publish(count):
    for n in range(count):
        live.publish(STATUS, "game.started", {"n": n}, at=1)


def test_unknown_destination_has_seq_zero_and_no_events():
    assert live.last_seq(STATUS) == 0
    assert live.events_after(STATUS, 0) == []


def test_events_after_a_number_come_in_order_as_envelopes():
    publish(4)
    live.publish("/games/8/status", "game.started", {})
    missed = [event.envelope() for event in live.events_after(STATUS, 2)]
    assert missed == [
        {"v": 1, "type": "game.started", "seq": 3, "at": 1, "data": {"n": 2}},
        {"v": 1, "type": "game.started", "seq": 4, "at": 1, "data": {"n": 3}},
    ]
    assert live.last_seq(STATUS) == 4


def test_unsent_events_can_be_read_too():
    publish(1)
    assert [event.published_at for event in live.events_after(STATUS, 0)] == [None]


def test_answer_has_the_asked_number_of_events_and_never_more_than_the_limit():
    publish(MAX_EVENTS + 1)
    assert len(live.events_after(STATUS, 0, 3)) == 3
    assert len(live.events_after(STATUS, 0, 10_000)) == MAX_EVENTS


def test_events_of_some_types_come_in_order_from_one_destination():
    for destination in (STATUS, "/games/8/status"):
        for type in ("game.paused", "game.started", "game.resumed", "game.paused"):
            live.publish(destination, type, {})
    found = [(event.seq, event.type) for event in live.events_of(STATUS, ("game.paused", "game.resumed"))]
    assert found == [(1, "game.paused"), (3, "game.resumed"), (4, "game.paused")]
