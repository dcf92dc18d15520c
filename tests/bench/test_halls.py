import dataclasses
import itertools

from bench.halls import HALLS, Hall, demands
from bench.report import Report

HALL = Hall(3, options_ms=60, ack_ms=(20, 150), result_ms=150, waiting_points=5)


def outcome(**samples: list[float]) -> dict:
    report = Report()
    good = {"options": [10, 60], "ack": [20, 20, 150], "result": [100, 150], "waiting_points": [0, 5]}
    given = {**good, **samples}
    report.samples["waiting_points"] = given.pop("waiting_points")
    report.times.update({name: {31: times} for name, times in given.items()})
    report.counts.finished = 3
    return report.as_dict()


def missed(outcome: dict) -> list[str]:
    return [demand.what for demand in demands(HALL, outcome) if not demand.met]


def test_a_game_at_the_limits_is_good_enough() -> None:
    assert missed(outcome()) == []


def test_each_figure_that_is_worse_is_missed() -> None:
    assert missed(outcome(options=[10, 61])) == ["host's action to the options on the last phone"]
    assert missed(outcome(ack=[20, 21, 21])) == ["answer to acknowledgement, median"]
    assert missed(outcome(ack=[20, 20, 151])) == ["answer to acknowledgement, 99 of 100"]
    assert missed(outcome(result=[151])) == ["reveal to the last result"]
    assert missed(outcome(waiting_points=[6])) == ["what waiting took, 99 of 100"]
    assert missed({**outcome(), "lost": 1}) == missed({**outcome(), "doubled": 1}) == ["answers lost or doubled"]
    assert missed({**outcome(), "finished": 2}) == ["who saw the game to its end"]


def test_larger_halls_may_take_longer_and_lose_nothing() -> None:
    for smaller, larger in itertools.pairwise(HALLS):
        small, large = dataclasses.asdict(smaller), dataclasses.asdict(larger)
        assert all(small[name] <= large[name] for name in small)
