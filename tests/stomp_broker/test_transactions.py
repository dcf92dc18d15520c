"""Transactions: kept until the end, and never without bound (C20)."""

import pytest

from stomp_broker.errors import Code, RemoteError
from stomp_broker.events import Ack, Send
from stomp_broker.transactions import ACTION_BYTES, MAX_HELD_BYTES, MAX_TRANSACTIONS, Transactions


@pytest.fixture
def transactions():
    return Transactions()


def refused(call, *arguments):
    with pytest.raises(RemoteError) as caught:
        call(*arguments)
    return caught.value.code is Code.BAD_TRANSACTION


def test_actions_come_back_in_order_and_by_transaction(transactions):
    transactions.begin("a")
    transactions.begin("b")
    for name, message in [("a", "1"), ("b", "2"), ("a", "3")]:
        transactions.add(name, Ack(message))
    assert transactions.end("a") == (Ack("1"), Ack("3"))
    assert transactions.end("b") == (Ack("2"),)


def test_an_ended_name_may_be_used_again_and_is_empty(transactions):
    transactions.begin("a")
    transactions.add("a", Ack("1"))
    transactions.end("a")
    transactions.begin("a")
    assert transactions.end("a") == ()


def test_c20_begin_twice_is_refused(transactions):
    transactions.begin("a")
    assert refused(transactions.begin, "a")


def test_c20_an_unknown_transaction_is_refused(transactions):
    assert refused(transactions.end, "a")
    assert refused(transactions.add, "a", Ack("1"))


def test_c20_one_transaction_too_many_is_refused_until_another_ends(transactions):
    for number in range(MAX_TRANSACTIONS):
        transactions.begin(str(number))
    assert refused(transactions.begin, "more")
    transactions.end("0")
    transactions.begin("more")


def test_held_bytes_are_bounded_over_all_transactions_and_freed_at_the_end(transactions):
    half = Send("/a", {}, bytes(MAX_HELD_BYTES // 2 - ACTION_BYTES))
    transactions.begin("a")
    transactions.begin("b")
    transactions.add("a", half)
    transactions.add("b", half)
    transactions.end("a")
    transactions.add("b", half)
    assert refused(transactions.add, "b", Ack("1"))
