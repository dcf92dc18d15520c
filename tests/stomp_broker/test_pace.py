"""How fast a page may send: buckets by themselves, in a session, and in the whole broker."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.logger import formatEvent

from stomp_broker.events import TooFast
from stomp_broker.pace import BYTES_PER_SECOND, FRAMES_PER_SECOND, MAX_BURST_BYTES, MAX_BURST_FRAMES, Pace
from tests.stomp_broker.clients import Quiz, SessionClient

ANSWER = b"SEND\ndestination:/games/1/answers\n\n{}\0"


def count(pace, frames):
    for _ in range(frames):
        pace.count()


class TestPace:
    def test_a_burst_is_in_order_one_frame_more_is_warned_of_once(self):
        pace = Pace(0)
        count(pace, MAX_BURST_FRAMES)
        assert not pace.take_warning()
        count(pace, 1)
        assert [pace.take_warning(), pace.take_warning()] == [True, False]
        assert not pace.is_over

    def test_a_second_burst_is_put_up_with_and_one_frame_more_is_not(self):
        pace = Pace(0)
        count(pace, 2 * MAX_BURST_FRAMES)
        assert not pace.is_over
        count(pace, 1)
        assert pace.is_over

    def test_bytes_are_judged_as_frames_are(self):
        pace = Pace(0)
        pace.hear(MAX_BURST_BYTES, 0)
        assert not pace.take_warning()
        pace.hear(MAX_BURST_BYTES, 0)
        assert pace.take_warning()
        assert not pace.is_over
        pace.hear(1, 0)
        assert pace.is_over

    def test_what_is_owed_is_forgiven_with_time_and_no_more_is_saved_up_than_a_burst(self):
        pace = Pace(0)
        count(pace, MAX_BURST_FRAMES)
        pace.hear(0, 3600)
        count(pace, 2 * MAX_BURST_FRAMES)
        assert not pace.is_over
        pace.hear(0, 3601)
        count(pace, FRAMES_PER_SECOND)
        assert not pace.is_over

    @given(st.lists(st.floats(0, 10), max_size=50))
    def test_who_keeps_to_the_rates_is_never_warned(self, pauses):
        pace, now = Pace(0), 0.0
        for pause in pauses:
            now += pause
            frames, size = int(pause * FRAMES_PER_SECOND), int(pause * BYTES_PER_SECOND)
            pace.hear(min(size, MAX_BURST_BYTES), now)
            count(pace, min(frames, MAX_BURST_FRAMES))
            assert not pace.take_warning()


class TestSession:
    def test_the_warning_is_an_event_and_the_error_names_the_frame_that_was_too_many(self):
        client = SessionClient(is_paced=True)
        for number in range(2 * MAX_BURST_FRAMES):
            client.send("SEND", {"destination": "/a", "receipt": str(number)})
        assert [type(event) for event in client.events].count(TooFast) == 1
        assert [frame.command for frame in client.frames] == ["RECEIPT"] * 2 * MAX_BURST_FRAMES
        client.frames.clear()
        client.send("SEND", {"destination": "/a", "receipt": "last"})
        assert client.frames[0].headers["receipt-id"] == "last"
        assert client.take_error() == "rate-limit"

    def test_a_connect_is_no_part_of_the_burst(self):
        client = SessionClient(is_paced=True)
        for _ in range(MAX_BURST_FRAMES):
            client.send("SEND", {"destination": "/a"})
        assert TooFast() not in client.events

    def test_who_has_not_been_let_in_is_held_to_the_bytes(self):
        stranger = SessionClient(connect=False)
        stranger.send_bytes(b"\n" * (2 * MAX_BURST_BYTES + 1))
        assert stranger.take_error() == "rate-limit"


class TestBroker:
    @pytest.fixture
    def quiz(self):
        return Quiz()

    def test_a_page_may_send_for_ever_at_its_rate(self, quiz):
        player = quiz.player()
        for _ in range(60):
            player.send_bytes(ANSWER * FRAMES_PER_SECOND)
            quiz.clock.advance(1)
        assert not player.is_closed

    def test_one_that_floods_is_logged_cut_and_what_it_sent_until_then_has_come(self, quiz, logged):
        referee, player = quiz.service(), quiz.player()
        referee.subscribe("/games/1/answers")
        player.send_bytes(ANSWER * 1000)
        assert player.take("ERROR").headers["message"] == "rate-limit"
        assert player.is_closed
        assert len(referee.bodies()) == 2 * MAX_BURST_FRAMES
        texts = [formatEvent(event) for event in logged]
        assert texts.count("sends too fast connection=2 subject=player:1") == 1
        assert texts.count("ended connection=2 subject=player:1 code=rate-limit why=frames") == 1

    def test_many_that_flood_are_one_line_a_second(self, quiz, logged):
        for number in range(10):
            quiz.player(number).send_bytes(ANSWER * (MAX_BURST_FRAMES + 2))
        texts = [formatEvent(event) for event in logged]
        assert sum(text.startswith("sends too fast") for text in texts) == 1
        quiz.clock.advance(1)
        quiz.player(99).send_bytes(ANSWER * (MAX_BURST_FRAMES + 2))
        assert any(
            text.startswith("sends too fast") and text.endswith("withheld=9") for text in map(formatEvent, logged)
        )

    def test_services_send_as_fast_as_they_can(self, quiz):
        service = quiz.service()
        service.send_bytes(ANSWER * 1000)
        service.send_bytes(b"\n" * (4 * MAX_BURST_BYTES))
        assert not service.is_closed
