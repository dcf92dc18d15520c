"""Memory: sizes as people write them, limits of control groups, and the watch with room between on and off."""

import pytest

from stomp_broker import memory
from stomp_broker.errors import ConfigError
from stomp_broker.memory import MemoryWatch, parse_limit, resident, usable


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", 0),
        ("536870912", 536_870_912),
        ("10B", 10),
        ("1KB", 1024),
        ("512MiB", 512 * 1024**2),
        ("2gb", 2 * 1024**3),
        (" 40% ", 400),
        ("100%", 1000),
    ],
)
def test_sizes_are_bytes_units_and_shares(text, size):
    assert parse_limit(text, lambda: 1000) == size


@pytest.mark.parametrize("text", ["", "-1", "40 %", "1.5GiB", "lots", "1TB", "9" * 16, "٣"])
def test_what_is_no_size_is_refused(text):
    with pytest.raises(ConfigError, match="is no size: write"):
        parse_limit(text)


def test_more_than_there_is_is_refused():
    with pytest.raises(ConfigError, match="'101%' is more than there is"):
        parse_limit("101%")


def test_a_share_is_one_of_what_this_process_may_take():
    assert parse_limit("50%") == usable() // 2
    assert 0 < resident() < usable()


@pytest.mark.parametrize(
    ("line", "file", "text", "limits"),
    [
        ("0::/game/broker", "game/broker/memory.max", "1000\n", [1000]),
        ("0::/game/broker", "game/memory.max", "1000\n", [1000]),
        ("0::/game/broker", "game/broker/memory.max", "max\n", []),
        ("0::/elsewhere/outside", "memory.max", "1000\n", [1000]),
        ("4:memory:/docker/17", "memory/docker/17/memory.limit_in_bytes", "1000\n", [1000]),
        ("4:memory:/docker/17", "memory/memory.limit_in_bytes", "1000\n", [1000]),
        ("7:cpu:/docker/17", "cpu/docker/17/memory.limit_in_bytes", "1000\n", []),
    ],
)
def test_limits_of_control_groups_of_both_versions_are_found(tmp_path, line, file, text, limits):
    process, groups = tmp_path / "process", tmp_path / "groups"
    process.mkdir()
    (process / "cgroup").write_text(f"9:name=systemd:/\n{line}\n")
    (groups / file).parent.mkdir(parents=True)
    (groups / file).write_text(text)
    assert list(memory._group_limits(process, groups)) == limits


def test_elsewhere_nothing_is_known_and_nothing_is_scarce(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "_PROCESS", tmp_path)
    assert list(memory._group_limits(tmp_path, tmp_path)) == []
    assert resident() == 0
    assert not MemoryWatch(1).is_scarce()


def test_the_watch_has_room_between_on_and_off_and_gives_back_in_between():
    taken, given_back = [0], []
    watch = MemoryWatch(1000, lambda: taken[0], lambda: given_back.append(taken[0]), lambda: 100)
    for taken[0], scarce in [(999, False), (1000, True), (950, True), (900, True), (899, False), (999, False)]:
        assert watch.is_scarce() is scarce
    assert given_back == [950, 900, 899]
    assert str(watch) == "the process takes 999 bytes of memory, and may take 1000"


def test_what_python_keeps_for_others_is_room_until_it_is_full_again():
    taken, objects = [1000], [100]
    watch = MemoryWatch(1000, lambda: taken[0], lambda: None, lambda: objects[0])
    for taken[0], objects[0], scarce in [
        (1000, 100, True),
        (1000, 76, True),
        (1000, 75, False),
        (1000, 99, False),
        (1000, 100, True),
        (1000, 75, False),
        (1050, 80, False),
        (1051, 80, True),
        (1051, 61, True),
        (1051, 60, False),
        (899, 99, False),
        (1000, 50, True),
    ]:
        assert watch.is_scarce() is scarce


def test_a_limit_of_0_is_none():
    assert not MemoryWatch(0, lambda: 10**12).is_scarce()


def test_free_memory_can_be_given_back():
    memory.give_back()
