from hypothesis import given
from hypothesis import strategies as st

from orbited.roundtrip import EVERY_S, FIRST, FIRST_EVERY_S, KEPT, LONGEST_S, STALE_S, TELL_EVERY_S, RoundTrip


def measured(*took_ms: int, every_s: float = EVERY_S) -> RoundTrip:
    """A line on which answers took so long, question after question."""
    trip, now = RoundTrip(0), 0.0
    for took in took_ms:
        number = trip.ask(now)
        trip.answered(number, now + took / 1000)
        now += every_s
    return trip


def test_a_line_that_nobody_has_measured_has_no_round_trip() -> None:
    assert RoundTrip(0).ms is None
    assert RoundTrip(0).news(0) is None


def test_the_first_answer_is_believed() -> None:
    assert measured(412).ms == 412


def test_a_queue_here_is_not_the_line() -> None:
    assert measured(30, 31, 900, 30, 750, 32, 2_000, 31).ms == 31


def test_one_answer_that_came_too_quickly_does_not_decide() -> None:
    assert measured(400, 401, 20, 402, 403, 404, 405, 406).ms == 401


def test_a_line_that_changes_is_followed() -> None:
    assert measured(*[30] * 20, *[400] * KEPT).ms == 400
    assert measured(*[400] * 20, *[30] * 3).ms == 30


def test_measurements_of_long_ago_are_those_of_another_line() -> None:
    trip = measured(*[30] * KEPT)
    later = KEPT * EVERY_S + STALE_S + 1.0
    trip.answered(trip.ask(later), later + 0.4)
    assert trip.ms == 400


def test_only_the_answer_to_the_last_question_counts_and_only_once() -> None:
    trip = RoundTrip(0)
    first, second = trip.ask(0), trip.ask(1)
    trip.answered(first, 1.01)
    trip.answered(second + 1, 1.01)
    assert trip.ms is None
    trip.answered(second, 1.05)
    trip.answered(second, 9)
    assert trip.ms == 50


def test_an_answer_tells_how_long_it_took_and_no_answer_tells_nothing() -> None:
    trip = RoundTrip(0)
    number = trip.ask(10)
    assert trip.answered(number + 1, 10.2) is None
    assert trip.answered(number, 10.25) == 0.25
    assert trip.answered(number, 10.5) is None


def test_an_answer_that_took_too_long_is_none() -> None:
    assert measured(LONGEST_S * 1000).ms == LONGEST_S * 1000
    assert measured(LONGEST_S * 1000 + 1).ms is None


def test_the_first_questions_come_quickly() -> None:
    trip, waits = RoundTrip(0), []
    for _ in range(FIRST + 2):
        now = trip.due
        trip.answered(trip.ask(now), now)
        waits.append(trip.due - now)
    assert waits == [FIRST_EVERY_S] * FIRST + [EVERY_S] * 2


def test_a_page_is_told_the_first_what_is_new_and_now_and_then() -> None:
    trip = measured(100)
    assert trip.news(1) == 100
    assert trip.news(2) is None
    trip.answered(trip.ask(3), 3.105)
    assert trip.news(4) is None
    assert trip.news(1 + TELL_EVERY_S) == 100


def test_a_page_is_told_when_its_line_is_another() -> None:
    trip = measured(100)
    trip.news(1)
    trip.answered(trip.ask(2), 2.05)
    assert trip.news(3) == 50


@given(st.lists(st.integers(0, 9_000), min_size=1, max_size=30))
def test_the_round_trip_was_measured_and_hardly_any_of_the_last_are_below_it(took: list[int]) -> None:
    last = took[-KEPT:]
    ms = measured(*took).ms
    assert ms in last
    assert sum(each < ms for each in last) <= len(last) // 4
