import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.game import compare
from bench.recount import Count
from bench.report import Report

ROOT = Path(__file__).resolve().parent.parent.parent
SHOWN = {7: {"points": 900, "place": 1}, 8: {"points": 0, "place": 2}}
COUNT = Count(standings={7: (900, 1), 8: (0, 2)}, answer_ids={"one", "two"}, doubled=0)


@pytest.fixture
def report() -> Report:
    """Both answers were acknowledged."""
    return Report(acknowledged={"one", "two"})


def test_what_was_shown_and_what_is_stored_agree(report: Report) -> None:
    assert compare(COUNT, SHOWN, report)["recount_agrees"]
    assert (report.counts.lost, report.counts.standing_errors) == (0, 0)


def test_other_points_than_the_rows_give_are_noticed(report: Report) -> None:
    assert not compare(COUNT, SHOWN | {8: {"points": 1, "place": 2}}, report)["recount_agrees"]
    assert report.counts.standing_errors == 1


def test_a_player_without_a_final_state_is_noticed(report: Report) -> None:
    assert not compare(COUNT, {7: SHOWN[7]}, report)["recount_agrees"]


def test_an_acknowledged_answer_that_is_no_row_is_lost(report: Report) -> None:
    compare(Count(COUNT.standings, {"one"}, doubled=0), SHOWN, report)
    assert report.counts.lost == 1


def test_a_second_row_for_one_answer_is_noticed(report: Report) -> None:
    compare(Count(COUNT.standings, COUNT.answer_ids, doubled=1), SHOWN, report)
    assert report.counts.doubled == 1


def test_a_whole_game_of_real_processes_counts_every_answer_once() -> None:
    command = [sys.executable, "-m", "bench.game", "--file", "quiz/authoring/demo/space.en.csv"]
    few = ["--n", "4", "--questions", "4", "--hurry", "--spread-s", "0.5", "--think-s", "0.1", "--timeout-s", "600"]
    done = subprocess.run([*command, *few], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["joined"], report["answers_acknowledged"], report["rows"]) == (4, 16, 16)
    assert report["recount_agrees"]
