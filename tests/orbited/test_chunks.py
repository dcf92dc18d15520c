import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orbited.chunks import MAX_LINE_BYTES, Chunks
from orbited.heads import MAX_BODY_BYTES, HeadError
from tests.orbited.mutants import pieces


def read(*some):
    """The body and what came behind it, None as long as it is incomplete."""
    chunks = Chunks()
    return b"".join(piece for data in some for piece in chunks.receive_data(data)), chunks.rest


def status(*some):
    with pytest.raises(HeadError) as caught:
        read(*some)
    return caught.value.status


def chunked(parts):
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=6), st.binary(max_size=5), st.integers(0, 1 << 32))
def test_body_is_read_however_it_is_cut(parts, rest, seed):
    whole = b"".join(parts)
    chunks, body = Chunks(), b""
    some = pieces(random.Random(seed), chunked(parts))
    for data in some:
        body += b"".join(chunks.receive_data(data))
    assert (body, chunks.rest) == (whole, b"")
    assert read(chunked(parts) + rest) == (whole, rest)


def test_extensions_are_ignored():
    assert read(b'5;a;b=c;d="e f"\r\nhello\r\n0;last\r\n\r\n') == (b"hello", b"")


def test_sizes_may_have_zeros_before_and_either_case():
    assert read(b"0000000A\r\n0123456789\r\n00\r\n\r\n") == (b"0123456789", b"")


@pytest.mark.parametrize(
    "data",
    [
        b"0x10\r\n",
        b"+5\r\n",
        b"-5\r\n",
        b"5 \r\n",
        b" 5\r\n",
        b"5_0\r\n",
        b"\r\n",
        b"5;a\nb\r\n",
        b"5;a\rb\r\n",
        b"5;\0\r\n",
        b"5\nhello\n0\n\n" + b"x" * MAX_LINE_BYTES,
        b"5\r\nhello!\r\n",
        b"5\r\nhello\n\n0\r\n\r\n",
        b"0\r\ntrailer: 1\r\n\r\n",
        b"%x\r\n" % (MAX_BODY_BYTES + 1),
        b"ffffffff\r\n",
        b"fffffffff\r\n",
        b"1" * (MAX_LINE_BYTES + 1),
    ],
)
def test_a06_what_is_not_chunked_is_refused_at_once(data):
    assert status(data) == 400
    assert status(*(bytes((byte,)) for byte in data)) == 400


def test_a15_body_is_refused_before_what_is_too_much_of_it_comes():
    size = MAX_BODY_BYTES // 2
    chunk = b"%x\r\n" % size + bytes(size) + b"\r\n"
    assert read(chunk * 2)[0] == bytes(MAX_BODY_BYTES)
    assert status(chunk * 2 + b"1\r\n") == 413


@given(st.binary(max_size=60))
def test_any_bytes_are_a_body_or_refused(data):
    try:
        read(data)
    except HeadError as error:
        assert error.status in (400, 413)
