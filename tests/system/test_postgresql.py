"""The tests that need a real database's locks, and those of our largest statements, on PostgreSQL."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

RACES = "tests/play/test_races.py"

LARGE_STATEMENTS = [
    "tests/play/test_allowance.py::test_the_reveal_comes_when_the_last_answer_is_in",
    "tests/play/test_allowance.py::test_the_reveal_comes_at_the_own_deadline",
    "tests/play/test_grouping.py::test_whom_the_host_moves_takes_the_answers_along",
    "tests/play/test_grouping.py::test_equal_teams_share_the_place_and_the_place_before_is_told",
    "tests/play/test_intake.py::test_a_batch_that_comes_again_changes_nothing_and_is_acknowledged_as_before",
    "tests/play/test_modes.py::TestPeerInstruction::test_the_second_vote_waits_until_all_have_voted_again",
    "tests/play/test_modes.py::TestPeerInstruction::test_regrading_judges_both_votes_anew",
    "tests/play/test_modes.py::TestSurvival::test_a_question_waits_only_for_those_who_are_in",
    "tests/play/test_modes.py::TestSurvival::test_who_goes_in_the_same_question_is_ranked_by_points",
    "tests/play/test_prepared.py::test_the_same_rows_as_the_query_set_with_what_is_reckoned",
    "tests/play/selfpaced/test_openings.py::test_two_devices_that_open_at_once_open_one_question",
    "tests/play/selfpaced/test_openings.py::test_an_answer_counts_at_once_and_once",
    "tests/play/selfpaced/test_openings.py::test_rows_in_a_row_are_those_of_the_player_s_own_order",
]
"""Batches, and what each way of playing counts in the database."""


def test_races_end_well_and_counts_are_right_on_postgresql(postgresql):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", RACES, *LARGE_STATEMENTS],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": postgresql},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
