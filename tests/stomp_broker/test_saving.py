"""Saving in turns, and answers that wait for it."""

import pytest

from stomp_broker.saving import Answers, Saver
from stomp_broker.stores.sqlite import Changes, StoreError


class Store:
    """Says what is written when."""

    def __init__(self):
        self.noted = []
        self.written = []

    def changes(self):
        changes, self.noted = Changes(gone=self.noted), []
        return changes

    def write(self, changes):
        self.written.append(changes.gone)


class Rig:
    def __init__(self):
        self.store = Store()
        self.later, self.aside, self.lost = [], [], []
        self.saver = Saver(
            self.store, self.later.append, lambda work, then: self.aside.append((work, then)), self.lost.append
        )

    def note(self, what):
        self.store.noted.append(what)
        self.saver.note()

    def turn(self):
        """The reactor's next turn."""
        calls, self.later[:] = list(self.later), []
        for call in calls:
            call()

    def save(self, error=None):
        """A save ends."""
        work, then = self.aside.pop(0)
        work()
        then(error)


@pytest.fixture
def rig():
    return Rig()


def test_all_of_one_turn_is_saved_at_once(rig):
    rig.note(1)
    rig.note(2)
    rig.turn()
    rig.save()
    assert rig.store.written == [[1, 2]]
    assert (rig.later, rig.aside) == ([], [])


def test_what_comes_during_a_save_waits_for_the_next(rig):
    rig.note(1)
    rig.turn()
    rig.note(2)
    rig.turn()
    assert len(rig.aside) == 1
    rig.save()
    rig.turn()
    rig.save()
    assert rig.store.written == [[1], [2]]


def test_who_waits_is_told_when_its_own_change_is_saved(rig):
    told = []
    rig.note(1)
    rig.saver.when_saved(rig.saver.noted, lambda error: told.append(1))
    rig.turn()
    rig.note(2)
    rig.saver.when_saved(rig.saver.noted, lambda error: told.append(2))
    assert told == []
    rig.save()
    assert told == [1]
    rig.turn()
    rig.save()
    assert told == [1, 2]


def test_who_waits_is_told_of_a_failure_after_the_messages_are_given_up(rig):
    told = []
    rig.note(1)
    rig.saver.when_saved(1, lambda error: told.append((str(error), len(rig.lost))))
    rig.turn()
    rig.save(StoreError("full"))
    assert told == [("full", 1)]
    assert rig.lost[0].gone == [1]
    assert rig.saver.is_failing
    rig.note(2)
    rig.turn()
    rig.save()
    assert not rig.saver.is_failing


def test_at_the_end_what_is_on_its_way_is_written_before_its_thread_comes_to_it(rig):
    rig.note(1)
    rig.turn()
    rig.saver.finish()
    assert rig.store.written == [[1]]


class TestAnswers:
    @pytest.fixture
    def said(self):
        return []

    @pytest.fixture
    def answers(self, rig, said):
        return Answers(rig.saver, said.append, lambda error: said.append(str(error)))

    def change(self, rig, answers, what=0):
        rig.note(what)
        answers.depend()

    def test_what_vouches_for_nothing_is_said_at_once(self, answers, said, rig):
        rig.note("another connection's")
        answers.say(b"CONNECTED")
        assert said == [b"CONNECTED"]

    def test_what_vouches_for_a_change_waits_until_it_is_saved_and_all_after_it_too(self, answers, said, rig):
        self.change(rig, answers)
        answers.say(b"RECEIPT")
        answers.say(b"beat")
        rig.turn()
        assert said == []
        rig.save()
        assert said == [b"RECEIPT", b"beat"]
        answers.say(b"beat")
        assert said == [b"RECEIPT", b"beat", b"beat"]

    def test_each_answer_waits_for_its_own_change_only(self, answers, said, rig):
        self.change(rig, answers)
        answers.say(b"first")
        rig.turn()
        self.change(rig, answers)
        answers.say(b"second")
        rig.save()
        assert said == [b"first"]
        rig.turn()
        rig.save()
        assert said == [b"first", b"second"]

    def test_what_could_not_be_saved_is_not_vouched_for(self, answers, said, rig):
        self.change(rig, answers)
        answers.say(b"RECEIPT")
        rig.turn()
        rig.save(StoreError("full"))
        assert said == ["full"]
        answers.say(b"ERROR")
        assert said == ["full", b"ERROR"]

    @pytest.mark.parametrize(("error", "before"), [(None, [b"RECEIPT"]), (StoreError("full"), ["full"])])
    def test_the_end_comes_after_all_that_was_said(self, answers, said, rig, error, before):
        self.change(rig, answers)
        answers.say(b"RECEIPT")
        answers.end(lambda: said.append("end"))
        assert said == []
        rig.turn()
        rig.save(error)
        assert said == [*before, "end"]

    def test_the_end_comes_at_once_when_nothing_is_held_back(self, answers, said):
        answers.end(lambda: said.append("end"))
        assert said == ["end"]
