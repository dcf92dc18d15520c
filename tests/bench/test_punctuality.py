from bench.punctuality import late


def test_what_ended_at_its_deadline_is_measured_from_it() -> None:
    assert late([(0, 3_000), (3_080, 6_080), (6_100, None)]) == [80, 20]


def test_what_the_host_ended_early_or_had_no_deadline_does_not_count() -> None:
    assert late([(0, 3_000), (1_000, None), (9_000, None)]) == []
