import pytest

from bench import stomp
from stomp_broker.frames import Frame, FrameDecoder, Version, encode


def from_broker(command: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    return encode(Frame(command, headers, body), Version.V12)


def test_connect_gives_the_ticket_as_passcode_unescaped() -> None:
    lines = stomp.connect("localhost", "a.b:c").split(b"\n")
    assert lines[0] == b"CONNECT"
    assert b"passcode:a.b:c" in lines


def test_the_last_subscription_asks_for_the_receipt() -> None:
    decoder = FrameDecoder(Version.V12)
    decoder.receive_data(stomp.subscribe({"status": "/games/7/status", "own": "/players/5"}))
    first, last = decoder.next_frame(), decoder.next_frame()
    assert first == Frame("SUBSCRIBE", {"id": "status", "destination": "/games/7/status"})
    assert last == Frame("SUBSCRIBE", {"id": "own", "destination": "/players/5", "receipt": stomp.SUBSCRIBED})


def test_frames_come_out_of_pieces_and_beats_do_not() -> None:
    incoming = stomp.Incoming()
    data = b"\n" + from_broker("MESSAGE", {"destination": "/games/7/status"}, b"{}") + b"\n"
    frames = [frame for n in range(len(data)) for frame in incoming.frames(data[n : n + 1])]
    assert [(frame.command, frame.body) for frame in frames] == [("MESSAGE", b"{}")]


def test_a_piece_that_ends_with_a_line_is_no_whole_frame() -> None:
    incoming = stomp.Incoming()
    data = from_broker("MESSAGE", {"destination": "/games/7/status"}, b"{}")
    cut = data.index(b"\n") + 1
    assert [*incoming.frames(b"\n"), *incoming.frames(data[:cut])] == []
    assert [frame.body for frame in incoming.frames(data[cut:] + data)] == [b"{}", b"{}"]


def test_what_is_sent_asks_for_a_receipt() -> None:
    decoder = FrameDecoder(Version.V12)
    decoder.receive_data(stomp.send("/games/7/answers", b"{}", "r"))
    headers = {"destination": "/games/7/answers", "content-type": "application/json", "receipt": "r"}
    assert decoder.next_frame() == Frame("SEND", headers | {"content-length": "2"}, b"{}")


def test_an_error_is_raised_with_its_code() -> None:
    with pytest.raises(stomp.StompRefused, match="access-refused"):
        stomp.Incoming().frames(from_broker("ERROR", {"message": "access-refused"}))
