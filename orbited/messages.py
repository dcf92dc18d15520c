"""Bytes of a stream as WebSocket messages that hold no half characters.

Pure. Text messages have to be UTF-8 (RFC 6455, section 5.6), each for itself, while a stream may come in pieces that
end anywhere. What ends within a character waits for the rest of it; what is no UTF-8 at all goes as a binary message.
"""

from orbited.frames import SharedFrames, binary_frame, text_frame

# The first byte of a character of several bytes says how many there are (RFC 3629, section 3).
_LEADS = ((0xF0, 4), (0xE0, 3), (0xC0, 2))
_CONTINUATION, _CONTINUATION_MASK = 0x80, 0xC0


def begun(data: bytes) -> int:
    """How many bytes at the end of ``data`` are the beginning of a character whose rest is missing: 0 to 3."""
    for count in range(1, min(3, len(data)) + 1):
        byte = data[-count]
        if byte & _CONTINUATION_MASK != _CONTINUATION:
            return count if count < next((size for lead, size in _LEADS if byte >= lead), 1) else 0
    return 0


class SharedTexts:
    """Text frames for many connections: the same payload object, given again, is not looked at again."""

    __slots__ = ("_frame", "_payload")

    def __init__(self) -> None:
        self._payload: bytes | None = None
        self._frame = b""

    def frame(self, payload: bytes) -> bytes:
        """The frame of ``payload``, text if it can be; the one of the last payload is kept."""
        if payload is not self._payload:
            self._payload, self._frame = payload, _text_or_binary(payload)
        return self._frame


class Outgoing:
    """One connection's stream, in frames of the kind that its client speaks."""

    __slots__ = ("_begun", "_binaries", "_texts", "as_text")

    def __init__(self, texts: SharedTexts, binaries: SharedFrames) -> None:
        self.as_text = False
        self._texts = texts
        self._binaries = binaries
        self._begun = b""  # of a character

    def frame(self, data: bytes) -> bytes:
        """The frame of what can be sent now; empty when that is nothing."""
        if self._begun:
            data, self._begun = self._begun + data, b""
        if not self.as_text:
            return self._binaries.frame(data)
        count = begun(data)
        if count:
            data, self._begun = data[:-count], data[-count:]
        return self._texts.frame(data) if data else b""

    def last_frame(self) -> bytes:
        """The frame of what waits for the rest of its character, which will not come; empty when nothing does."""
        rest, self._begun = self._begun, b""
        return binary_frame(rest) if rest else b""


def _text_or_binary(payload: bytes) -> bytes:
    try:
        return text_frame(payload.decode())
    except UnicodeDecodeError:
        return binary_frame(payload)
