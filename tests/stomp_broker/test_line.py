"""The way to the other broker: what is under way there, and what becomes of it when the way is lost."""

import pytest

from stomp_broker.errors import Code, RemoteError
from stomp_broker.frames import FrameDecoder, Version
from stomp_broker.line import MAX_UNANSWERED_BYTES, QUESTION_BYTES, Line
from stomp_broker.upstream import Upstream

CONNECTED = b"CONNECTED\nversion:1.2\n\n\0"


class Rig:
    """A line that is open, and the other broker's side of it by hand."""

    def __init__(self):
        self.upstream = Upstream("web", "sesame", "other", 0)
        self.upstream.receive_data(CONNECTED, 0)
        assert self.upstream.next_event()
        self.upstream.data_to_send()
        self.line = Line()
        self.line.open(self.upstream)
        self.told = []
        self.relieved = []
        self.line.relieved = lambda: self.relieved.append(1)

    def sent(self):
        decoder = FrameDecoder(Version.V12, 2 * MAX_UNANSWERED_BYTES)
        decoder.receive_data(self.upstream.data_to_send())
        return [
            (frame.command, frame.headers.get("transaction"), frame.body) for frame in iter(decoder.next_frame, None)
        ]

    def wait(self):
        self.line.receipts.when_saved(self.line.receipts.noted, lambda error: self.told.append(error and str(error)))

    def say(self, command, receipt, message=""):
        self.upstream.receive_data(f"{command}\nreceipt-id:{receipt}\nmessage:{message}\n\n\0".encode(), 0)
        assert self.upstream.next_event() is None


@pytest.fixture
def rig():
    return Rig()


@pytest.fixture
def line(rig):
    return rig.line


def test_without_a_way_questions_are_refused_and_the_rest_is_forgotten():
    line = Line()
    line.tell("UNSUBSCRIBE", {"id": "1"})
    with pytest.raises(RemoteError) as caught:
        line.ask("SEND", {})
    assert caught.value.code is Code.UPSTREAM_AWAY
    assert line.receipts.noted == 0


def test_a_way_that_has_just_ended_is_none(rig, line):
    rig.upstream.end("lost")
    line.tell("UNSUBSCRIBE", {"id": "1"})
    with pytest.raises(RemoteError):
        line.ask("SEND", {})


def test_what_nobody_waits_for_may_be_refused(rig, line):
    line.tell("UNSUBSCRIBE", {"id": "1"})
    rig.say("ERROR", 1, "No subscription matched.")
    line.send({"destination": "/queue/a"}, b"1")


def test_closed_it_tells_all_who_wait(rig, line):
    line.send({"destination": "/queue/a"}, b"1")
    rig.wait()
    line.close("lost")
    line.close("again")
    assert rig.told == ["lost"]
    assert not line.is_full


def test_it_is_full_while_too_much_is_unanswered(rig, line):
    size = (MAX_UNANSWERED_BYTES - 2 * QUESTION_BYTES) // 2
    for _ in range(2):
        line.send({"destination": "/queue/a"}, b"x" * size)
    assert not line.is_full
    line.send({"destination": "/queue/a"}, b"x")
    assert line.is_full
    rig.say("RECEIPT", 1)
    assert not line.is_full
    assert rig.relieved == []
    rig.say("RECEIPT", 2)
    assert rig.relieved == [1]


class TestTransactions:
    def test_all_is_sent_between_begin_and_commit_and_answered_as_one(self, rig, line):
        with line.transaction():
            line.send({"destination": "/queue/a"}, b"1")
            line.send({"destination": "/queue/a"}, b"2")
        rig.wait()
        assert rig.sent() == [
            ("BEGIN", "t1", b""),
            ("SEND", "t1", b"1"),
            ("SEND", "t1", b"2"),
            ("COMMIT", "t1", b""),
        ]
        for receipt in (1, 2, 3):
            rig.say("RECEIPT", receipt)
        assert rig.told == []
        rig.say("RECEIPT", 4)
        assert rig.told == [None]

    def test_one_refusal_is_that_of_all(self, rig, line):
        with line.transaction():
            line.send({"destination": "/queue/a"}, b"1")
        rig.wait()
        rig.say("ERROR", 2, "full")
        rig.say("RECEIPT", 3)
        assert rig.told == ["full"]

    def test_an_error_of_ours_takes_back_what_was_sent(self, rig, line):
        def fail():
            with line.transaction():
                line.send({"destination": "/queue/a"}, b"1")
                raise RemoteError(Code.BAD_DESTINATION)

        with pytest.raises(RemoteError):
            fail()
        assert [command for command, *_ in rig.sent()] == ["BEGIN", "SEND", "ABORT"]
        rig.say("RECEIPT", 2)
        assert line.receipts.settled == line.receipts.noted
        line.send({"destination": "/queue/a"}, b"2")
        assert rig.sent() == [("SEND", None, b"2")]
