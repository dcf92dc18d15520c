import gc
from collections.abc import Iterator

import pytest

from orbited.garbage import YOUNG_OBJECTS, expect_many_connections


@pytest.fixture
def collector() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


@pytest.mark.usefixtures("collector")
def test_what_the_start_left_is_not_looked_at_again() -> None:
    ours: list[object] = []
    assert any(each is ours for each in gc.get_objects())
    expect_many_connections()
    assert not any(each is ours for each in gc.get_objects())


@pytest.mark.usefixtures("collector")
def test_the_youngest_are_looked_at_more_rarely_and_the_older_in_proportion() -> None:
    _, middle, old = gc.get_threshold()
    expect_many_connections()
    assert gc.get_threshold() == (YOUNG_OBJECTS, middle, old)
