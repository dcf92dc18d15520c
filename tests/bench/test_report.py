import json

import pytest

from bench.report import Report, line, percentile, percentiles, usual


@pytest.fixture
def report() -> Report:
    """Two players who have finished well."""
    report = Report()
    report.counts.joined = report.counts.finished = 2
    return report


def test_a_percentile_is_the_nearest_rank() -> None:
    hundred = [float(n) for n in range(1, 101)]
    assert [percentile(hundred, share) for share in (0.5, 0.99, 1.0)] == [50, 99, 100]


def test_the_99th_of_few_is_the_largest() -> None:
    assert percentiles([3.0, 1.0, 2.0], with_ends=True) == {"p50": 2, "p99": 3, "first": 1, "last": 3}


def test_nothing_measured_is_none() -> None:
    assert percentiles([]) == {"p50": None, "p99": None}
    assert usual([]) == {"p50": None, "p99": None, "first": None, "last": None, "worst": None}


def test_one_bad_question_of_three_is_the_worst_and_not_the_usual_one() -> None:
    told = usual([[1.0, 2.0], [3.0, 4.0], [50.0, 60.0]])
    assert told == {"p50": 3.0, "p99": 4.0, "first": 3.0, "last": 4.0, "worst": 60.0}


def test_two_finished_players_without_faults_are_good(report: Report) -> None:
    assert report.is_good(2)


def test_a_player_who_did_not_finish_is_not_good(report: Report) -> None:
    assert not report.is_good(3)


@pytest.mark.parametrize("kind", ["lost", "doubled", "clock_errors", "standing_errors"])
def test_one_fault_is_not_good_and_is_counted(report: Report, kind: str) -> None:
    report.fault(kind, "player 1", ["something is wrong"])
    assert not report.is_good(2)
    assert report.as_dict()[kind] == 1


def test_a_gap_that_was_filled_is_good_and_one_that_was_not_is_not(report: Report) -> None:
    report.counts.gaps = 1
    assert not report.is_good(2)
    report.counts.gaps_filled = 1
    assert report.is_good(2)


def test_an_answer_that_nobody_judged_needs_a_lost_line_as_its_reason(report: Report) -> None:
    report.counts.unjudged = 1
    assert not report.is_good(2)
    report.counts.reconnects = 1
    assert report.is_good(2)


def test_the_report_is_one_line_of_json(report: Report) -> None:
    report.times["options"][31] += [1.23, 4.56]
    text = line(report.as_dict())
    assert "\n" not in text
    assert json.loads(text)["options_ms"] == {"p50": 1.2, "p99": 4.6, "first": 1.2, "last": 4.6, "worst": 4.6}


def test_an_event_was_caused_by_the_host_who_acted_else_by_the_server(report: Report) -> None:
    report.acted_at[5] = 990.5
    events = [{"data": {"version": version, "phase_started_at": 1_000}} for version in (5, 6)]
    assert [report.caused_at(event) for event in events] == [990.5, 1_000]
