"""Receipts of another broker: answers count in the order of the questions."""

from hypothesis import given
from hypothesis import strategies as st

from stomp_broker.receipts import Receipts
from stomp_broker.saving import Answers
from stomp_broker.stores.sqlite import StoreError


def test_who_waits_hears_of_its_own_answer_alone():
    receipts, told = Receipts(), []
    for number in (receipts.note(), receipts.note()):
        receipts.when_saved(number, lambda error, number=number: told.append((number, error)))
    error = StoreError("full")
    receipts.answer(1, error)
    assert told == [(1, error)]
    receipts.answer(2)
    assert told == [(1, error), (2, None)]


def test_an_answer_before_its_turn_waits():
    receipts, told = Receipts(), []
    receipts.note()
    receipts.when_saved(receipts.note(), told.append)
    receipts.answer(2)
    assert (receipts.settled, told) == (0, [])
    receipts.answer(1)
    assert (receipts.settled, told) == (2, [None])


def test_what_follows_a_refusal_is_not_said():
    receipts, said = Receipts(), []
    answers = Answers(receipts, said.append, lambda error: said.append(str(error)))
    for text in (b"RECEIPT 1", b"RECEIPT 2"):
        receipts.note()
        answers.depend()
        answers.say(text)
    receipts.answer(2, StoreError("full"))
    receipts.answer(1)
    assert said == [b"RECEIPT 1", "full"]


@given(st.lists(st.booleans(), max_size=20), st.data())
def test_a_connection_says_what_was_done_in_order_up_to_the_first_refusal(is_done, data):
    receipts, said = Receipts(), []
    answers = Answers(receipts, lambda text: said.append(int(text)), lambda error: said.append(str(error)))
    for number in range(1, len(is_done) + 1):
        receipts.note()
        answers.depend()
        answers.say(b"%d" % number)
    for number in data.draw(st.permutations(range(1, len(is_done) + 1))):
        receipts.answer(number, None if is_done[number - 1] else StoreError("full"))
    done = is_done.index(False) if False in is_done else len(is_done)
    assert said == [*range(1, done + 1), *(["full"] if False in is_done else [])]
    assert receipts.settled == receipts.noted


def test_the_end_waits_for_nobody():
    receipts = Receipts()
    receipts.note()
    receipts.finish()
    assert receipts.settled == 0
