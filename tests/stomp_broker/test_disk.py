"""The disk of the queues: the watch with room between on and off."""

from pathlib import Path

from stomp_broker.disk import ENOUGH, MIN_FREE_BYTES, DiskWatch, space

LARGE = 100 * MIN_FREE_BYTES


def test_the_alarm_has_room_between_on_and_off():
    free = [0]
    watch = DiskWatch(Path("queues"), lambda path: (free[0], LARGE))
    enough = int(MIN_FREE_BYTES * ENOUGH)
    for free[0], scarce in [
        (MIN_FREE_BYTES, False),
        (MIN_FREE_BYTES - 1, True),
        (enough - 1, True),
        (enough, False),
        (MIN_FREE_BYTES, False),
    ]:
        assert watch.is_scarce() is scarce
    assert str(watch) == f"queues: its disk has {MIN_FREE_BYTES} bytes free"


def test_a_small_disk_is_full_later():
    assert not DiskWatch(Path("queues"), lambda path: (1000, 10_000)).is_scarce()
    assert DiskWatch(Path("queues"), lambda path: (999, 10_000)).is_scarce()


def test_a_disk_that_is_gone_is_full(tmp_path):
    watch = DiskWatch(tmp_path / "none" / "queues")
    assert watch.is_scarce()
    assert "No such file" in str(watch)


def test_a_real_disk_tells(tmp_path):
    free, total = space(tmp_path)
    assert 0 < free <= total
