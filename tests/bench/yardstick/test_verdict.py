import pytest

from bench.yardstick.verdict import Demand, growth, judge


def demand(measured: float, at_least: bool = False) -> Demand:
    return Demand("memory", measured, 6, "KB", at_least)


def test_a_figure_may_reach_its_limit_and_not_pass_it() -> None:
    assert demand(6).met
    assert not demand(6.01).met


def test_where_more_is_better_the_limit_is_the_least() -> None:
    assert demand(6, at_least=True).met
    assert not demand(5.99, at_least=True).met


def test_the_line_says_what_was_measured_what_is_demanded_and_whether_they_agree() -> None:
    assert str(demand(4.5)) == "met     memory: 4.5 KB (demand: at most 6 KB)"
    assert str(demand(4.5, at_least=True)) == "MISSED  memory: 4.5 KB (demand: at least 6 KB)"


def test_one_missed_demand_is_the_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert judge([demand(5), demand(6)]) == 0
    assert judge([demand(7), demand(5)]) == 1
    assert capsys.readouterr().out.count("MISSED") == 1


def test_what_stays_as_it_is_does_not_grow() -> None:
    assert growth([50, 50, 50]) == 0
    assert growth([50]) == 0


def test_growth_is_a_share_of_the_mean_from_first_to_last() -> None:
    assert growth([90, 100, 110]) == pytest.approx(0.2)
    assert growth([110, 100, 90]) == pytest.approx(-0.2)


def test_one_outlier_in_the_middle_is_no_growth() -> None:
    assert growth([100, 100, 190, 100, 100]) == pytest.approx(0)
