"""An audience before real brokers in processes of their own: ours, and the bare loop."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bench.broker_fanout import audience, gathered
from bench.broker_flood import flood
from bench.broker_stalled import MESSAGES_PER_S, Listeners
from bench.yardstick import brokers
from bench.yardstick.audience import Audience, LostError
from bench.yardstick.brokers import Broker, Starter, send

NUMBER = 20


@pytest.fixture(scope="module", params=[brokers.ours, brokers.loop])
def broker(request: pytest.FixtureRequest) -> Iterator[Broker]:
    start: Starter = request.param
    with start() as running:
        yield running


@contextmanager
def pair() -> Iterator[tuple[Audience, socket.socket, socket.socket]]:
    """An audience of one, what it is sent from, and what its publisher says."""
    (near, far), (publisher, heard) = socket.socketpair(), socket.socketpair()
    with near, far, publisher, heard, Audience([near], publisher) as hall:
        yield hall, far, heard


def test_everybody_hears_what_is_published(broker: Broker) -> None:
    with audience(broker, NUMBER) as hall:
        assert hall.publish(send(b"{}") * 3, 3) > 0


def test_a_flood_delivers_all_that_was_sent(broker: Broker) -> None:
    with audience(broker, NUMBER) as hall:
        assert flood(hall, 4, 0.1) > 0
        hall.publish(send(b"{}"), 1)  # Nothing is left over that would be counted here.


def test_who_hears_more_than_was_sent_is_told() -> None:
    with pair() as (hall, far, _):
        far.sendall(b"MESSAGE\n\n\0" * 2)
        with pytest.raises(LostError, match="1 frames too many"):
            hall.hear(1)


def test_a_broker_that_hangs_up_ends_the_measurement() -> None:
    with pair() as (hall, far, _):
        far.close()
        with pytest.raises(LostError, match="hung up"):
            hall.hear(1)


def test_a_broker_from_which_nothing_comes_ends_the_measurement() -> None:
    with pair() as (hall, _far, _), pytest.raises(LostError, match="nothing has come"):
        hall.turn(0.0)


def test_each_delivery_has_its_time(broker: Broker) -> None:
    with gathered(broker, NUMBER) as (connections, publisher):
        listeners = Listeners(connections, publisher)
        listeners.listen(10 / MESSAGES_PER_S)
        assert sum(listeners.times) >= 9 * NUMBER  # The last message may still be on its way.


def test_percentiles_are_those_of_the_deliveries() -> None:
    with pair() as (_, far, _heard):
        listeners = Listeners([], far)
        listeners.times[9], listeners.times[99] = 99, 1
        assert [listeners.percentile(share) for share in (0.5, 0.99, 1.0)] == pytest.approx([1.0, 1.0, 10.0])
