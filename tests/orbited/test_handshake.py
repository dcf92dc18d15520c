import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orbited.errors import HandshakeError
from orbited.handshake import MAX_HOST_CHARS, Refusal, Target, parse_target


@pytest.mark.parametrize("packet", [b"localhost:61613\n", b"localhost:61613", b"  localhost:61613 \r\n"])
def test_target_is_read(packet):
    assert parse_target(packet) == Target("localhost", 61613)


@pytest.mark.parametrize(
    "packet",
    [b"", b"\n", b"localhost", b":1", b"a:b:1", b"a:", b"a:x", b"a:0", b"a:65536", b"a:-1", b"a: 1", b"\xff:1"],
)
def test_anything_else_is_refused(packet):
    with pytest.raises(HandshakeError):
        parse_target(packet)


def test_no_name_is_longer_than_names_can_be():
    longest = "a" * MAX_HOST_CHARS
    assert parse_target(f"{longest}:1".encode()).host == longest
    with pytest.raises(HandshakeError):
        parse_target(f"{longest}a:1".encode())


@given(st.binary(max_size=100))
def test_any_bytes_give_a_target_or_the_error(packet):
    with contextlib.suppress(HandshakeError):
        assert parse_target(packet).host


def test_refusals_have_three_digits():
    assert [refusal.encode() for refusal in Refusal] == [b"0102", b"0106", b"0108"]
