"""One timer for everybody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.task import Clock

from stomp_broker.wheel import RESOLUTION, Wheel


class Timed:
    """Notes when it was told."""

    def __init__(self, clock):
        self.due = None
        self.told = []
        self._clock = clock

    def tick(self):
        self.told.append(self._clock.seconds())


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def wheel(clock):
    return Wheel(clock)


def test_each_is_told_once_when_its_time_has_come(clock, wheel):
    timed = [Timed(clock) for _ in range(3)]
    for number, each in enumerate(timed, start=1):
        wheel.set(each, float(number))
    clock.pump([RESOLUTION] * 20)
    assert [each.told for each in timed] == [[1.0], [2.0], [3.0]]


def test_a_new_time_takes_the_place_of_the_old_one(clock, wheel):
    timed = Timed(clock)
    wheel.set(timed, 1.0)
    wheel.set(timed, 3.0)
    clock.pump([RESOLUTION] * 8)
    assert not timed.told
    wheel.set(timed, 2.5)
    clock.pump([RESOLUTION] * 8)
    assert timed.told == [2.5]


def test_who_has_no_time_any_more_is_not_told_and_leaves_nothing_planned(clock, wheel):
    timed = Timed(clock)
    wheel.set(timed, 1.0)
    wheel.set(timed, None)
    assert clock.getDelayedCalls() == []
    assert not wheel._waiting
    clock.advance(10)
    assert not timed.told


def test_there_is_one_timer_for_all(clock, wheel):
    for number in range(100):
        wheel.set(Timed(clock), 1.0 + number)
    assert len(clock.getDelayedCalls()) == 1


def test_what_is_long_due_is_told_at_the_next_look(clock, wheel):
    clock.advance(100)
    timed = Timed(clock)
    wheel.set(timed, 5.0)
    clock.advance(RESOLUTION)
    assert timed.told == [100 + RESOLUTION]


def test_a_reactor_that_was_held_up_skips_nobody(clock, wheel):
    timed = [Timed(clock) for _ in range(10)]
    for number, each in enumerate(timed):
        wheel.set(each, number / 2)
    clock.advance(60)
    assert all(each.told == [60] for each in timed)


def test_one_that_is_told_may_end_or_move_another(clock, wheel):
    ended, moved = Timed(clock), Timed(clock)

    class Ending(Timed):
        def tick(self):
            wheel.set(ended, None)
            wheel.set(moved, 2.0)

    for each in (Ending(clock), ended, moved):
        wheel.set(each, 1.0)
    clock.pump([RESOLUTION] * 4)
    assert (ended.told, moved.told) == ([], [])
    clock.pump([RESOLUTION] * 4)
    assert (ended.told, moved.told) == ([], [2.0])


def test_one_that_fails_keeps_nobody_else_from_being_told(clock, wheel, logged):
    class Failing(Timed):
        def tick(self):
            raise ZeroDivisionError

    after = Timed(clock)
    for each in (Failing(clock), after):
        wheel.set(each, 1.0)
    clock.advance(1)
    assert after.told == [1.0]
    assert any("a deadline was missed" in event["log_format"] for event in logged)


@given(
    st.lists(st.floats(0, 100, allow_nan=False), max_size=20),
    st.lists(st.floats(0.01, 5, allow_nan=False), min_size=1, max_size=50),
)
def test_nobody_is_told_early_and_nobody_later_than_a_look(deadlines, steps):
    clock = Clock()
    wheel = Wheel(clock)
    timed = [Timed(clock) for _ in deadlines]
    for each, deadline in zip(timed, deadlines, strict=True):
        wheel.set(each, deadline)
    clock.pump(steps)
    for each, deadline in zip(timed, deadlines, strict=True):
        assert all(told >= deadline - 1e-9 for told in each.told)
        assert len(each.told) <= 1
        assert each.told or clock.seconds() < deadline + RESOLUTION + 1e-9
