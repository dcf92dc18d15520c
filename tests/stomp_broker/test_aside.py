"""Questions to others' code: in threads of their own, some at once, and one that hangs stops nobody."""

import threading

import pytest
from twisted.internet.interfaces import IReactorThreads
from twisted.internet.task import Clock
from zope.interface import implementer

from stomp_broker.aside import MAX_ASKED_AT_ONCE, MAX_WAITING_QUESTIONS, BusyError, Questions

PATIENCE = 120


@implementer(IReactorThreads)
class Threads(Clock):
    """What threads have called, until the test lets it happen."""

    def __init__(self):
        super().__init__()
        self.calls = []
        self.called = threading.Semaphore(0)

    def callFromThread(self, function, *arguments):
        self.calls.append((function, arguments))
        self.called.release()

    def turn(self):
        """Wait for one call, and make it."""
        assert self.called.acquire(timeout=PATIENCE)
        function, arguments = self.calls.pop(0)
        function(*arguments)


@pytest.fixture
def reactor():
    return Threads()


def heard(deferred):
    said = []
    deferred.addBoth(said.append)
    return said


def test_the_answer_comes_from_a_thread_that_no_end_waits_for(reactor):
    said = heard(Questions(reactor).ask(threading.current_thread))
    assert not said
    reactor.turn()
    assert said[0] is not threading.current_thread()
    assert said[0].daemon


def test_what_is_raised_goes_to_who_has_asked(reactor):
    said = heard(Questions(reactor).ask(lambda: 1 / 0))
    reactor.turn()
    assert said[0].check(ZeroDivisionError)


def test_without_threads_the_answer_is_there_at_once():
    assert heard(Questions(Clock()).ask(lambda: True)) == [True]
    [failure] = heard(Questions(Clock()).ask(lambda: 1 / 0))
    assert failure.check(ZeroDivisionError)


class TestMany:
    @pytest.fixture
    def gate(self):
        gate = threading.Event()
        yield gate
        gate.set()

    def test_only_so_many_are_asked_at_once_and_the_others_in_their_order(self, reactor, gate):
        begun = []

        def question(number):
            begun.append(number)
            gate.wait(PATIENCE)
            return number

        questions = Questions(reactor)
        said = [heard(questions.ask(lambda number=number: question(number))) for number in range(MAX_ASKED_AT_ONCE + 2)]
        assert len(begun) <= MAX_ASKED_AT_ONCE
        gate.set()
        for _ in said:
            reactor.turn()
        assert said == [[number] for number in range(MAX_ASKED_AT_ONCE + 2)]
        assert sorted(begun) == [*range(MAX_ASKED_AT_ONCE + 2)]

    def test_one_whose_asker_has_given_up_is_not_asked_and_its_late_answer_is_nobodys(self, reactor, gate):
        asked = []
        questions = Questions(reactor)
        hanging = [questions.ask(lambda: gate.wait(PATIENCE)) for _ in range(MAX_ASKED_AT_ONCE)]
        waiting = questions.ask(lambda: asked.append("waiting"))
        last = heard(questions.ask(lambda: "last"))
        for given_up in (*hanging, waiting):
            given_up.addErrback(lambda failure: None)
            given_up.cancel()
        gate.set()
        for _ in range(MAX_ASKED_AT_ONCE + 1):
            reactor.turn()
        assert (asked, last) == ([], ["last"])

    def test_too_many_that_wait_fail(self, reactor, gate):
        questions = Questions(reactor)
        for _ in range(MAX_ASKED_AT_ONCE + MAX_WAITING_QUESTIONS):
            questions.ask(lambda: gate.wait(PATIENCE))
        [failure] = heard(questions.ask(lambda: True))
        assert failure.check(BusyError)
