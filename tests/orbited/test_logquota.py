from orbited.logquota import INTERVAL_S, LogQuota


def test_one_line_of_a_kind_is_written_in_each_interval():
    quota = LogQuota()
    assert [quota.allows("denied", 0), quota.allows("denied", INTERVAL_S / 2)] == [True, False]
    assert [quota.allows("denied", INTERVAL_S), quota.allows("denied", INTERVAL_S)] == [True, False]


def test_kinds_do_not_wait_for_one_another():
    quota = LogQuota()
    assert [quota.allows(kind, 0) for kind in ("denied", "unreachable", "denied")] == [True, True, False]
