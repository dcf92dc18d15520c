import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orbited.errors import PacketError
from orbited.packets import Packet, decode, encode, encode_all

# From Orbited 0.7's wire: value and bytes.
CASES = [
    (Packet(3, "data", b"1"), b"11,314,data04,MQ=="),
    (Packet(1, "data", b"localhost:61613\n"), b"11,114,data024,bG9jYWxob3N0OjYxNjEzCg=="),
    (Packet(1, "opt", b"pingTimeout,30"), b"11,113,opt014,pingTimeout,30"),
    (Packet(2, "open"), b"11,204,open"),
    (Packet(12, "close", b"timeout"), b"12,1215,close07,timeout"),
]


@pytest.mark.parametrize(("packet", "wire"), CASES)
def test_packets_look_as_in_0_7(packet, wire):
    assert encode(packet) == wire
    assert decode(wire) == [packet]


def test_empty_third_argument_is_no_payload():
    assert decode(b"11,514,ping00,") == [Packet(5, "ping")]
    assert decode(b"11,615,close00,") == [Packet(6, "close")]


def test_empty_body_is_no_packets():
    assert decode(b"") == []


packets = st.builds(
    Packet,
    st.integers(0, 10**9),
    st.sampled_from(["data", "ping", "close", "opt"]),
    st.binary(max_size=300),
)


@given(st.lists(packets, max_size=20))
def test_what_is_encoded_is_decoded(some):
    assert decode(encode_all(some)) == some


@given(st.binary(max_size=200) | st.text("01,34dataopenMQ=", max_size=60).map(str.encode))
def test_any_bytes_give_packets_or_the_error(body):
    with contextlib.suppress(PacketError):
        some = decode(body)
        assert decode(encode_all(some)) == some


@given(st.lists(packets, min_size=1, max_size=5), st.data())
def test_cut_body_is_refused_or_ends_between_packets(some, data):
    wire = encode_all(some)
    cut = data.draw(st.integers(1, len(wire) - 1))
    with contextlib.suppress(PacketError):
        assert decode(wire[:cut]) == some[: len(decode(wire[:cut]))]


@pytest.mark.parametrize(
    "body",
    [
        b"x",
        b"21,1",  # no such flag
        b"1,1",  # no length
        b"1-1,1",
        b"199999999,1",  # a length longer than any body
        b"11,1",  # a packet without name
        b"01,1",
        b"11,104,dat",  # an incomplete argument
        b"11,x04,open",  # a number that is none
        b"11,114,data03,M==",  # no base64
        b"11,114,data11,a01,b",  # four arguments
        b"\xff",
    ],
)
def test_malformed_bodies_are_refused(body):
    with pytest.raises(PacketError):
        decode(body)
