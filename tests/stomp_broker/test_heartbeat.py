"""Heart-beats: what is agreed on, when a beat goes out, when silence is death."""

import pytest

from stomp_broker.errors import Code, RemoteError
from stomp_broker.heartbeat import MIN_INTERVAL_MS, HeartBeat


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("0,0", "0,0"),
        ("10000,0", "0,10000"),
        ("0,10000", "10000,0"),
        ("5000,20000", "20000,5000"),
        ("1,1", f"{MIN_INTERVAL_MS},{MIN_INTERVAL_MS}"),  # C22: the floor.
        ("0,999", f"{MIN_INTERVAL_MS},0"),
    ],
)
def test_both_directions_are_agreed_on_and_never_below_the_floor(asked, answered):
    assert HeartBeat(asked, 0).header == answered


@pytest.mark.parametrize(
    "asked", ["-1,0", "0,-1", "a,b", "1", "1,2,3", "", "1, 2", "+1,0", "1.5,0", "٣,٣", "9" * 11 + ",0", "1,1\n"]
)
def test_c22_anything_but_two_whole_numbers_is_refused(asked):
    with pytest.raises(RemoteError) as caught:
        HeartBeat(asked, 0)
    assert caught.value.code is Code.BAD_HEARTBEAT


def test_a_beat_is_due_at_half_the_interval_and_again_after_it():
    beat = HeartBeat("0,4000", now=100)
    assert beat.deadline() == 102
    assert not beat.take_beat(101.9)
    assert beat.take_beat(102)
    assert not beat.take_beat(102)
    assert beat.deadline() == 104


def test_silence_is_death_after_twice_the_interval():
    beat = HeartBeat("4000,0", now=100)
    assert not beat.is_silent(107.9)
    assert beat.is_silent(108)
    beat.heard(107)
    assert not beat.is_silent(114.9)
    assert beat.deadline() == 115


def test_without_beats_nothing_is_due_and_silence_is_fine():
    beat = HeartBeat("0,0", now=0)
    assert beat.deadline() is None
    assert not beat.is_silent(1e9)
    assert not beat.take_beat(1e9)
