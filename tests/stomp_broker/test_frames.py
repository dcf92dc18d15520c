"""The codec: vectors shared with the JavaScript tests, limits, and what holds for any bytes in any pieces."""

import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stomp_broker.errors import Code, FrameError, LocalError
from stomp_broker.frames import (
    COMMANDS,
    COMMANDS_WITH_BODY,
    MAX_BROWSER_FRAME_BYTES,
    MAX_HEADER_LINE_BYTES,
    MAX_HEADERS,
    MAX_SERVICE_FRAME_BYTES,
    UNESCAPED_COMMANDS,
    Frame,
    FrameDecoder,
    Version,
    can_carry,
    encode,
)
from tests.stomp_broker.pieces import cut

VECTORS = Path(__file__).parent.parent / "vectors" / "stomp"
GOOD = json.loads((VECTORS / "frames.json").read_text())["frames"]
BAD = json.loads((VECTORS / "errors.json").read_text())["errors"]

versions = st.sampled_from(Version)


def to_bytes(text):
    return text.encode("latin-1")


def decode(pieces, version=Version.V12, limit=MAX_BROWSER_FRAME_BYTES):
    """Frames as comparable values; a FrameError ends them as its code."""
    decoder = FrameDecoder(version, limit)
    results = []
    try:
        for piece in pieces:
            decoder.receive_data(piece)
            while frame := decoder.next_frame():
                results.append((frame.command, dict(frame.headers), frame.body))
    except FrameError as error:
        results.append((error.code, error.receipt))
    return results


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case["name"])
class TestVectors:
    def expected(self, case):
        return case["command"], case["headers"], to_bytes(case["body"])

    def without_length(self, results):
        return [
            (command, {k: v for k, v in headers.items() if k != "content-length"}, body)
            for command, headers, body in results
        ]

    def test_bytes_give_the_frame(self, case):
        results = decode([to_bytes(case["wire"])], Version(case["version"]))
        assert self.without_length(results) == [self.expected(case)]

    def test_bytes_one_by_one_give_the_frame(self, case):
        wire = to_bytes(case["wire"])
        results = decode([wire[i : i + 1] for i in range(len(wire))], Version(case["version"]))
        assert self.without_length(results) == [self.expected(case)]

    def test_bytes_with_a_tail_give_the_frame_and_the_tail(self, case):
        results = decode([to_bytes(case["wire"]) + b"\n\nDISCONNECT\n\n\0"], Version(case["version"]))
        assert self.without_length(results) == [self.expected(case), ("DISCONNECT", {}, b"")]

    def test_the_frame_gives_the_canonical_bytes(self, case):
        if case["canonical"]:
            frame = Frame(*self.expected(case))
            assert encode(frame, Version(case["version"])) == to_bytes(case["wire"])


@pytest.mark.parametrize("case", BAD, ids=lambda case: f"{case['case']}: {case['name']}")
class TestBadVectors:
    def version(self, case):
        return case["version"] and Version(case["version"])

    def test_bytes_are_refused_with_the_code(self, case):
        assert decode([to_bytes(case["wire"])], self.version(case)) == [(case["code"], case["receipt"])]

    def test_frames_before_the_bad_one_are_given(self, case):
        results = decode([b"DISCONNECT\n\n\0" + to_bytes(case["wire"])], self.version(case))
        assert results == [("DISCONNECT", {}, b""), (case["code"], case["receipt"])]

    def test_nothing_comes_after_the_bad_one(self, case):
        decoder = FrameDecoder(self.version(case))
        decoder.receive_data(to_bytes(case["wire"]) + b"\nDISCONNECT\n\n\0")
        with pytest.raises(FrameError):
            decoder.next_frame()
        decoder.receive_data(b"DISCONNECT\n\n\0")
        assert decoder.next_frame() is None


class TestLimits:
    def test_c12_a_header_line_at_the_limit_is_read_and_one_byte_more_is_not(self):
        line = b"x:" + b"y" * (MAX_HEADER_LINE_BYTES - 2)
        assert decode([b"SEND\n" + line + b"\n\n\0"]) == [("SEND", {"x": "y" * (MAX_HEADER_LINE_BYTES - 2)}, b"")]
        assert decode([b"SEND\n" + line + b"y\n\n\0"]) == [(Code.HEADER_LIMIT, None)]

    def test_c12_a_header_line_without_end_is_refused_before_it_ends(self):
        assert decode([b"SEND\nreceipt:7\n" + b"x" * (MAX_HEADER_LINE_BYTES + 1)]) == [(Code.HEADER_LIMIT, "7")]

    def test_c12_one_header_too_many_is_refused_though_it_is_repeated(self):
        lines = b"x:y\n" * MAX_HEADERS
        assert decode([b"SEND\n" + lines + b"\n\0"]) == [("SEND", {"x": "y"}, b"")]
        assert decode([b"SEND\n" + lines + b"x:y\n\n\0"]) == [(Code.HEADER_LIMIT, None)]

    @pytest.mark.parametrize("limit", [MAX_BROWSER_FRAME_BYTES, MAX_SERVICE_FRAME_BYTES])
    def test_c12_a_frame_at_the_limit_is_read_and_one_byte_more_is_not(self, limit):
        head = b"SEND\ncontent-length:%07d\n\n"
        room = limit - len(head % 0) - 1
        [(_command, _headers, body)] = decode([head % room + b"x" * room + b"\0"], limit=limit)
        assert body == b"x" * room
        assert decode([head % (room + 1)], limit=limit) == [(Code.FRAME_TOO_LARGE, None)]

    def test_c12_a_body_without_length_is_refused_as_soon_as_it_is_too_long(self):
        room = MAX_BROWSER_FRAME_BYTES - len(b"SEND\n\n") - 1
        assert decode([b"SEND\n\n" + b"x" * room + b"\0"]) == [("SEND", {}, b"x" * room)]
        assert decode([b"SEND\n\n" + b"x" * (room + 1)]) == [(Code.FRAME_TOO_LARGE, None)]

    def test_c12_a_head_larger_than_a_frame_is_refused(self):
        line = b"x:" + b"y" * (MAX_HEADER_LINE_BYTES - 2) + b"\n"
        assert decode([b"SEND\n" + line * 8]) == [(Code.FRAME_TOO_LARGE, None)]

    def test_line_ends_between_frames_are_not_kept(self):
        decoder = FrameDecoder(Version.V12)
        for _ in range(100):
            decoder.receive_data(b"\n" * 10_000)
            assert decoder.next_frame() is None
        assert not decoder._buffer


class TestWhatCannotBeSent:
    def test_1_0_cannot_be_told_a_line_end_or_a_name_with_a_colon(self):
        assert not can_carry("x", "a\nb", Version.V10)
        assert not can_carry("x:y", "a", Version.V10)
        assert can_carry("x", "a:b", Version.V10)

    @pytest.mark.parametrize("name", [" ", " x", "x\t", "\rx"])
    def test_nor_a_name_whose_blanks_it_would_cut_off(self, name):
        assert not can_carry(name, "a", Version.V10)
        assert can_carry(name, "a", Version.V12)

    @pytest.mark.parametrize(("name", "value"), [("", "a"), ("x", "a\0b"), ("x\0", "a")])
    @pytest.mark.parametrize("version", Version)
    def test_no_version_can_be_told_nul_or_no_name(self, version, name, value):
        with pytest.raises(LocalError):
            encode(Frame("SEND", {name: value}), version)

    def test_a_line_end_is_not_smuggled_into_connected(self):
        with pytest.raises(LocalError):
            encode(Frame("CONNECTED", {"server": "a\nb:c"}), Version.V12)

    def test_a_body_goes_only_where_one_may_be(self):
        with pytest.raises(LocalError):
            encode(Frame("RECEIPT", {"receipt-id": "1"}, b"x"), Version.V12)


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@st.composite
def carried_frames(draw):
    """A version and a frame that it can carry unchanged."""
    version, command = draw(versions), draw(st.sampled_from(sorted(COMMANDS)))
    dialect = Version.V10 if command in UNESCAPED_COMMANDS else version
    headers = draw(st.dictionaries(texts.filter(bool), texts, max_size=10))
    headers = {n: v for n, v in headers.items() if n != "content-length" and can_carry(n, v, dialect)}
    if version is Version.V10:
        headers = {n.strip(): v.strip() for n, v in headers.items() if n.strip()}
    elif version is Version.V12 and dialect is Version.V10:
        headers = {n: v for n, v in headers.items() if not v.endswith("\r")}
    return version, Frame(command, headers, draw(st.binary()) if command in COMMANDS_WITH_BODY else b"")


@given(carried_frames())
def test_what_is_encoded_is_decoded(carried):
    version, frame = carried
    [(command, headers, body)] = decode([encode(frame, version)], version)
    assert headers.pop("content-length", "0") == str(len(body))
    assert (command, headers, body) == (frame.command, frame.headers, frame.body)


tokens = [b"\n", b"\n\n", b"\r\n", b"\0", b":", b"\\", b"\\n", b"\\c", b"3", b"abc", b"destination:/a", b"receipt:1\n"]
tokens += [b"content-length:", b"content-length:3\n\nabc\0", *(command.encode() for command in sorted(COMMANDS))]
pieces_of_stomp = st.one_of(
    st.sampled_from(tokens),
    st.binary(max_size=8),
    st.builds(lambda carried: encode(carried[1], carried[0]), carried_frames()),
)
streams = st.lists(pieces_of_stomp, max_size=30).map(b"".join)


@given(streams, st.lists(st.integers(0, 2000), max_size=20), st.one_of(st.none(), versions))
@example(b"SEND\nx:" + b"y" * 9_000 + b"\0\n\n\0", [8_300], Version.V12)
@example(b"SEND\nx:" + b"y" * 8_000 + b"\0" + b"y" * 9_000 + b"\n\n\0", [8_100], Version.V12)
def test_any_split_gives_the_same_frames(data, places, version):
    assert decode(cut(data, places), version) == decode([data], version)


@given(st.one_of(streams, st.binary()), st.one_of(st.none(), versions))
def test_any_bytes_give_frames_or_a_frame_error(data, version):
    for result in decode([data], version):
        assert result[0] in COMMANDS or result[0] in set(Code)


class TestMemory:
    @pytest.mark.parametrize("rest", [b"", b"\n", b"\r\n\n"])
    def test_between_two_frames_a_decoder_holds_nothing(self, rest):
        decoder = FrameDecoder(Version.V12)
        decoder.receive_data(b"SEND\ndestination:/a\n\nhi\0" * 2 + rest)
        while decoder.next_frame():
            pass
        assert decoder._frames is None
        assert not decoder._buffer
        assert not decoder._headers

    def test_after_an_error_it_takes_nothing_in(self):
        decoder = FrameDecoder(Version.V12)
        decoder.receive_data(b"nonsense\n")
        with pytest.raises(FrameError):
            decoder.next_frame()
        decoder.receive_data(b"SEND\n\n\0")
        assert decoder.next_frame() is None
        assert not decoder._buffer
