"""A gate's connection to the other broker: made, kept, and made anew."""

from twisted.internet.defer import Deferred

from stomp_broker.gateway import FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS
from stomp_broker.hub import MAX_PENDING_BYTES
from tests.stomp_broker.gated import ANSWERS, STATUS, GatedQuiz


def open_behind(quiz):
    return quiz.behind.factory.broker.tally.open


def test_it_is_made_when_the_gate_begins_and_ends_with_it():
    quiz = GatedQuiz()
    assert open_behind(quiz) == 1
    quiz.factory.doStop()
    quiz.turn(10)
    assert open_behind(quiz) == 0
    assert quiz.way.tries == 1


def test_a_pause_before_the_next_try_ends_with_the_gate():
    quiz = GatedQuiz(is_started=False)
    quiz.way.is_open = False
    quiz.factory.doStart()
    quiz.factory.doStop()
    quiz.turn(10)
    assert quiz.way.tries == 1


def test_a_try_that_is_under_way_ends_with_the_gate():
    quiz = GatedQuiz(is_started=False)
    attempts = []
    quiz.way.connect = lambda factory: attempts.append(Deferred()) or attempts[-1]
    quiz.factory.doStart()
    quiz.factory.doStop()
    quiz.turn(10)
    assert [attempt.called for attempt in attempts] == [True]


def test_it_is_tried_again_after_longer_and_longer_pauses():
    quiz = GatedQuiz(is_started=False)
    quiz.way.is_open = False
    quiz.factory.doStart()
    pauses = []
    for _ in range(8):
        before, began = quiz.way.tries, quiz.clock.seconds()
        while quiz.way.tries == before:
            quiz.turn(0.05)
        pauses.append(round(quiz.clock.seconds() - began, 1))
    assert pauses[0] == FIRST_PAUSE_SECONDS
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE_SECONDS


def test_a_login_that_is_refused_is_not_tried_all_the_time(logged):
    quiz = GatedQuiz(passcode="wrong")
    for _ in range(100):
        quiz.turn(0.1)
    assert quiz.way.tries < 12
    away = [event for event in logged if "the other broker is away" in str(event)]
    assert len(away) == 1
    assert "access-refused" in str(away[0])


def test_its_end_and_its_return_are_said_once(logged):
    quiz = GatedQuiz()
    quiz.lose()
    quiz.turn(1)
    quiz.return_()
    said = [event["log_format"] for event in logged if "the other broker" in str(event.get("log_format"))]
    assert ["there" in line for line in said] == [True, False, True]


def test_a_broker_that_says_nothing_any_more_is_left():
    quiz = GatedQuiz()
    quiz.way.lines[-1].transport = Spy(quiz.way.lines[-1].transport, arrives=False)
    player = quiz.player()
    player.send("SEND", {"destination": ANSWERS, "receipt": "r"}, b"42")
    for _ in range(12):
        quiz.turn(1)
    assert player.take("ERROR").headers["message"] == "store-failed"
    assert len(quiz.way.lines) == 2


def test_who_does_not_read_at_the_gate_makes_the_other_broker_wait_and_nothing_is_lost():
    quiz = GatedQuiz()
    player = quiz.player()
    player.subscribe(STATUS)
    service = quiz.behind.service()
    run, quiz.gate.hub.run = quiz.gate.hub.run, lambda: None
    quiz.factory.broker.hub.wake = lambda: None
    body = b"x" * 60_000
    for _ in range(30):
        service.send("SEND", {"destination": STATUS}, body)
    quiz.turn()
    assert MAX_PENDING_BYTES < quiz.gate.hub._pending_bytes < MAX_PENDING_BYTES + 3 * len(body)
    quiz.turn(30)  # Its silence says nothing: nobody listens.
    assert len(quiz.way.lines) == 1
    quiz.gate.hub.wake = lambda: quiz.clock.callLater(0, run)
    run()
    assert len(player.bodies()) == 30


def test_sends_of_one_turn_go_out_together():
    quiz = GatedQuiz()
    players = [quiz.player(number) for number in (1, 2)]
    spy = quiz.way.lines[-1].transport = Spy(quiz.way.lines[-1].transport)
    for player in players:
        player.send("SEND", {"destination": ANSWERS}, b"42")
    quiz.turn()
    [data] = spy.written
    assert data.count(b"SEND\n") == 2


class Spy:
    """A transport whose writes are noted, and arrive or not."""

    def __init__(self, transport, *, arrives=True):
        self.written = []
        self._transport = transport
        self._arrives = arrives

    def write(self, data):
        self.written.append(data)
        if self._arrives:
            self._transport.write(data)

    def __getattr__(self, name):
        return getattr(self._transport, name)
