"""What ``make conformance`` says of the suite's verdicts. The suite itself takes longer than a test may."""

from collections import Counter

import pytest

from tools.conformance import describe, judge
from tools.fetch_autobahn import LOCK


def verdicts(ok=244, informational=3, **others):
    counts = {"OK": ok, "INFORMATIONAL": informational, **others}
    names = [name for name, count in counts.items() for _ in range(count)]
    return {f"1.1.{number}": {"behavior": name, "behaviorClose": name} for number, name in enumerate(names)}


def test_the_expected_counts_are_a_success(capsys):
    assert judge(verdicts()) == 0
    assert "247 cases: 244 OK, 3 INFORMATIONAL; closes: 244 OK, 3 INFORMATIONAL" in capsys.readouterr().out


@pytest.mark.parametrize(
    "cases", [verdicts(ok=243), verdicts(ok=243, FAILED=1), verdicts(informational=2, **{"NON-STRICT": 1}), {}]
)
def test_anything_else_is_a_failure(cases):
    assert judge(cases) == 1


def test_a_close_that_is_not_right_fails_and_is_named(capsys):
    cases = verdicts()
    cases["1.1.7"]["behaviorClose"] = "UNCLEAN"
    assert judge(cases) == 1
    assert "1.1.7: OK, close UNCLEAN" in capsys.readouterr().out


def test_counts_are_described_most_first():
    assert describe(Counter({"FAILED": 1, "OK": 2})) == "2 OK, 1 FAILED"


def test_every_file_of_the_suite_is_pinned_by_its_hash():
    lines = [line for line in LOCK.read_text().splitlines() if not line.startswith("#")]
    assert lines
    assert all("==" in line and "--hash=sha256:" in line and "://" not in line for line in lines)
