"""Log lines: one form, nothing forged, and no more than one a second about the same refusal."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.logger import LogLevel, formatEvent

from stomp_broker import logs
from stomp_broker.logs import SAMPLE_SECONDS, Fields, Lines, Log, Samples, line
from tests.stomp_broker.clients import Quiz

KINDS = {"debug": LogLevel.debug, "info": LogLevel.info, "warn": LogLevel.warn, "error": LogLevel.error}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (17, "17"),
        ("player:5", "player:5"),
        ("/games/7/status", "/games/7/status"),
        ("write /games/7/status", '"write /games/7/status"'),
        ('say "hi"', r'"say \"hi\""'),
        ("a=b", '"a=b"'),
        ("x\ncode=forged", r'"x\ncode=forged"'),
        ("\x1b[2J", r'"\u001b[2J"'),
        ("perché", "perché"),
        ("\u2028", r'"\u2028"'),
    ],
)
def test_a_value_is_plain_or_a_json_string(value, text):
    assert str(Fields(why=value)) == f" why={text}"


@given(st.text(min_size=1))
def test_no_value_makes_another_field_or_line(value):
    text = str(Fields(why=value))
    assert "\n" not in text
    assert text.isprintable()
    assert " " not in text[1:] or text.startswith(' why="')


def test_what_is_not_known_is_left_out():
    assert str(Fields(connection=1, subject=None, why="", withheld=0)) == " connection=1 withheld=0"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_line_has_level_logger_sentence_and_fields_which_the_event_has_too(logged, kind):
    getattr(Log("stomp_broker.test"), kind)("it is so", connection=17, why="a b")
    [event] = logged
    assert line(event) == f'{kind.upper()} stomp_broker.test: it is so connection=17 why="a b"\n'
    assert (event["log_level"], event["connection"], event["why"]) == (KINDS[kind], 17, "a b")


def test_a_fault_of_ours_has_its_traceback_without_a_second_line_at_the_margin(logged):
    try:
        raise ValueError("ours\nERROR stomp_broker: forged")
    except ValueError:
        Log().failure("it failed", connection=17)
    [event] = logged
    text = line(event)
    assert text.startswith("CRITICAL stomp_broker: it failed connection=17\n\tTraceback")
    assert all(part.startswith("\t") for part in text.splitlines()[1:])


def test_one_line_a_second_and_code_is_let_through_and_says_how_many_were_not():
    samples = Samples()
    assert samples.take("bad-command", 10.0) == 0
    assert samples.take("bad-command", 10.5) is None
    assert samples.take("bad-command", 10.9) is None
    assert samples.take("bad-header", 10.9) == 0
    assert samples.take("bad-command", 10.0 + SAMPLE_SECONDS) == 2
    assert samples.take("bad-command", 20.0) == 0


def test_refusals_are_counted_one_by_one_and_told_once_a_second(logged):
    quiz = Quiz()

    def refusals():
        for _ in range(100):
            quiz.open().send("SEND", {"destination": "/a"})
        return [text for text in map(formatEvent, logged) if text.startswith("ended")]

    assert refusals() == ["ended connection=1 code=not-connected peer=192.168.1.1:54321"]
    quiz.clock.advance(SAMPLE_SECONDS)
    assert refusals()[1:] == ["ended connection=101 code=not-connected peer=192.168.1.1:54321 withheld=99"]
    assert quiz.factory.broker.tally.closed["not-connected"] == 200


def test_only_services_are_told_at_the_usual_level_when_they_come(logged):
    quiz = Quiz()
    quiz.service()
    quiz.player(5).drop()
    texts = [(event["log_level"], formatEvent(event)) for event in logged if "peer" not in event]
    assert texts == [
        (LogLevel.info, "connected connection=1 subject=service:web"),
        (LogLevel.debug, "connected connection=2 subject=player:5"),
        (LogLevel.debug, 'closed connection=2 subject=player:5 why="connection lost"'),
    ]


class Beginner:
    """Gives the observers to the test instead of the whole process."""

    def beginLoggingTo(self, observers, redirectStandardIO):
        [self.observer] = observers


def test_lines_are_written_from_a_level_on_that_may_change(monkeypatch):
    written, beginner = io.StringIO(), Beginner()
    monkeypatch.setattr(logs, "globalLogBeginner", beginner)
    lines = Lines("warn")
    lines.begin(written)

    def say(level, namespace="stomp_broker"):
        beginner.observer({"log_level": level, "log_namespace": namespace, "log_format": "said", "log_time": 0.0})

    say(LogLevel.info)
    say(LogLevel.warn)
    lines.apply("debug")
    say(LogLevel.debug)
    say(LogLevel.info, "log_legacy")
    assert written.getvalue() == "WARN stomp_broker: said\nDEBUG stomp_broker: said\n"
