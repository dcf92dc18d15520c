from hypothesis import given
from hypothesis import strategies as st

from orbited.rate import Bucket


def test_burst_passes_at_once_and_no_more():
    bucket = Bucket(20, 50, 0)
    assert [bucket.take(1, 0) for _ in range(51)] == [True] * 50 + [False]


def test_rest_comes_back_with_time():
    bucket = Bucket(20, 50, 0)
    for _ in range(50):
        bucket.take(1, 0)
    assert not bucket.take(1, 0.04)
    assert bucket.take(1, 0.05)
    assert not bucket.take(1, 0.05)


def test_batch_larger_than_the_burst_passes_once_and_is_owed():
    bucket = Bucket(10, 5, 0)
    assert bucket.take(25, 0)
    assert not bucket.take(1, 2)
    assert bucket.take(1, 2.1)


@given(st.lists(st.floats(0, 0.2), max_size=200))
def test_no_more_than_burst_and_rate_ever_pass(pauses):
    bucket, now, passed = Bucket(20, 50, 0), 0.0, 0
    for pause in pauses:
        now += pause
        passed += bucket.take(1, now)
        assert passed <= 50 + 20 * now + 1e-6
