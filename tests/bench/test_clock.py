from typing import Any

import pytest

from bench.clock import ClockCheck

T0 = 1_800_000_000_000


def opened(at: int, *, started: int, ends: int | None, seq: int = 1, limit_ms: int = 20_000) -> dict[str, Any]:
    data = {"phase_started_at": started, "phase_ends_at": ends, "question": {"time_limit_ms": limit_ms}}
    return {"type": "question.opened", "seq": seq, "at": at, "data": data}


@pytest.fixture
def check() -> ClockCheck:
    """The server's clock is this one's: asked at T0, it said T0 and a bit."""
    check = ClockCheck()
    check.sample(T0, T0 + 5)
    return check


def problem(check: ClockCheck, event: dict[str, Any], received: float) -> str:
    return "; ".join(check.problems(event, received))


def test_times_in_order_are_right(check: ClockCheck) -> None:
    assert not check.problems(opened(T0 + 100, started=T0 + 100, ends=T0 + 20_100), T0 + 103)


def test_an_event_from_the_future_is_noticed(check: ClockCheck) -> None:
    event = opened(T0 + 200, started=T0 + 100, ends=T0 + 20_100)
    assert "future" in problem(check, event, T0 + 190)


def test_a_server_whose_clock_is_ahead_sends_nothing_from_the_future() -> None:
    check = ClockCheck()
    check.sample(T0, T0 + 60_000)
    assert not check.problems(opened(T0 + 60_100, started=T0 + 60_100, ends=T0 + 80_100), T0 + 100)


def test_an_event_older_than_the_one_before_is_noticed(check: ClockCheck) -> None:
    check.problems(opened(T0 + 200, started=T0 + 100, ends=T0 + 20_100), T0 + 300)
    assert "older than the one before" in problem(check, opened(T0 + 150, started=T0 + 100, ends=T0 + 20_100), T0 + 300)


def test_a_phase_that_goes_back_is_noticed(check: ClockCheck) -> None:
    check.problems(opened(T0 + 200, started=T0 + 200, ends=T0 + 20_200), T0 + 300)
    assert "phase older" in problem(check, opened(T0 + 250, started=T0 + 100, ends=T0 + 20_100), T0 + 300)


def test_a_phase_of_later_is_noticed(check: ClockCheck) -> None:
    assert "not begun" in problem(check, opened(T0 + 100, started=T0 + 200, ends=T0 + 20_200), T0 + 300)


def test_another_deadline_than_the_limit_is_noticed(check: ClockCheck) -> None:
    assert "time limit" in problem(check, opened(T0 + 100, started=T0 + 100, ends=T0 + 15_100), T0 + 300)


def test_a_deadline_before_the_beginning_is_noticed(check: ClockCheck) -> None:
    assert "ends before" in problem(check, opened(T0 + 100, started=T0 + 100, ends=T0 + 50), T0 + 300)
