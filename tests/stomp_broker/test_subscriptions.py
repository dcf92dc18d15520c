"""The subscriptions of one connection, by their ids, or by their destinations as STOMP 1.0 has it."""

import pytest

from stomp_broker.errors import RemoteError
from stomp_broker.events import AckMode, Subscription
from stomp_broker.subscriptions import MAX_SUBSCRIPTIONS, Subscriptions

NAMELESS, FIRST, SECOND = Subscription(None, "/a"), Subscription("1", "/a"), Subscription("2", "/a")


def of(*members):
    subscriptions = Subscriptions()
    for member in members:
        subscriptions.add(member)
    return subscriptions


def test_one_ends_by_its_id_and_may_be_made_anew():
    subscriptions = of(FIRST, SECOND)
    assert subscriptions.end("2") == SECOND
    assert not subscriptions.has("2")
    subscriptions.add(SECOND)
    assert subscriptions.has("2")


@pytest.mark.parametrize("member", [NAMELESS, FIRST])
def test_a_name_may_be_used_once_at_a_time(member):
    subscriptions = of(NAMELESS, FIRST)
    assert not subscriptions.has_room_for(member)
    with pytest.raises(RemoteError, match="duplicate-id"):
        subscriptions.add(member)


def test_an_id_is_no_destination():
    subscriptions = of(Subscription("/a", "/b"), NAMELESS)
    assert subscriptions.end("/a").destination == "/b"
    with pytest.raises(RemoteError, match="unknown-id"):
        subscriptions.end("/a")


def test_by_destination_the_nameless_ends_first_and_then_the_oldest():
    subscriptions = of(FIRST, NAMELESS, SECOND)
    assert [subscriptions.end_any_to("/a") for _ in range(3)] == [NAMELESS, FIRST, SECOND]
    with pytest.raises(RemoteError, match="unknown-id"):
        subscriptions.end_any_to("/a")


def test_all_to_a_destination_end_and_no_other():
    other = Subscription("3", "/b")
    subscriptions = of(FIRST, other, NAMELESS)
    assert subscriptions.end_all_to("/a") == [FIRST, NAMELESS]
    assert subscriptions.end("3") == other


def test_a_changed_one_ends_by_the_name_that_its_client_knows():
    subscriptions = of(FIRST, NAMELESS)
    given = Subscription("1", "/c", AckMode.CLIENT)
    subscriptions.change(FIRST, given)
    subscriptions.change(NAMELESS, Subscription(None, "/c"))
    assert subscriptions.end("1") == given
    assert subscriptions.end_any_to("/a") == Subscription(None, "/c")


def test_one_too_many_is_refused_until_another_ends():
    subscriptions = of(*(Subscription(str(number), "/a") for number in range(MAX_SUBSCRIPTIONS)))
    more = Subscription("more", "/a")
    assert not subscriptions.has_room_for(more)
    with pytest.raises(RemoteError, match="subscription-limit"):
        subscriptions.add(more)
    subscriptions.end("0")
    subscriptions.add(more)
