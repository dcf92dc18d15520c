from typing import Any

import pytest

from bench.view import Order, View


def event(seq: int, **data: Any) -> dict[str, Any]:
    return {"v": 1, "type": "question.reading", "seq": seq, "at": 0, "data": data}


@pytest.fixture
def view() -> View:
    """As of event 3."""
    return View({"seq": 3, "phase": "lobby", "question": None, "me": {"points": 0}})


def test_the_next_event_is_applied(view: View) -> None:
    assert view.receive(event(4, phase="countdown")) is Order.NEXT
    assert (view.seq, view.phase) == (4, "countdown")
    assert view.state["me"] == {"points": 0}


def test_an_event_of_before_the_snapshot_changes_nothing(view: View) -> None:
    assert view.receive(event(3, phase="ended")) is Order.OLD
    assert view.phase == "lobby"


def test_an_event_that_comes_twice_is_noticed(view: View) -> None:
    view.receive(event(4, phase="countdown"))
    assert view.receive(event(4, phase="countdown")) is Order.DOUBLED


def test_an_old_event_that_comes_twice_is_noticed(view: View) -> None:
    view.receive(event(2))
    assert view.receive(event(2)) is Order.DOUBLED


def test_a_missing_event_is_noticed_until_it_is_caught_up(view: View) -> None:
    assert view.receive(event(5, phase="reading")) is Order.EARLY
    assert view.is_behind
    assert view.phase == "lobby"
    view.catch_up(event(4, phase="countdown"))
    assert view.is_behind
    view.catch_up(event(5, phase="reading"))
    assert not view.is_behind
    assert view.phase == "reading"


def test_an_event_after_a_missing_one_is_applied_when_the_catch_up_was_overtaken(view: View) -> None:
    view.receive(event(6, phase="open"))
    for seq, phase in ((4, "countdown"), (5, "reading"), (6, "open")):
        view.catch_up(event(seq, phase=phase))
    assert view.receive(event(7, phase="reveal")) is Order.NEXT


def test_a_newer_snapshot_replaces_the_state_and_an_older_one_does_not(view: View) -> None:
    view.replace({"seq": 9, "phase": "podium"})
    view.replace({"seq": 8, "phase": "standings"})
    assert (view.seq, view.phase) == (9, "podium")


@pytest.mark.parametrize(
    ("phase", "is_open", "is_revealed"),
    [("reading", False, False), ("open", True, False), ("reveal", False, True), ("standings", False, True)],
)
def test_a_question_takes_answers_while_open_and_tells_what_is_right_after(
    view: View, phase: str, is_open: bool, is_revealed: bool
) -> None:
    view.receive(event(4, phase=phase, question={"id": 31}))
    assert (view.open_question is not None, view.revealed_question is not None) == (is_open, is_revealed)
