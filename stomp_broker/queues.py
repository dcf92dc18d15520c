"""Queues: each message goes to one of the consumers, and is kept until it is acknowledged.

What waits lies in a CoilMQ ``QueueStore``, as CoilMQ's own ``Frame`` objects, and CoilMQ's schedulers choose who
gets what, so that any store or scheduler made for CoilMQ serves. What CoilMQ's ``QueueManager`` cannot do is done
here: several messages under way to a consumer, cumulative and individual acknowledgement, and giving back in order.

CoilMQ's stores can put a message only at the end. Messages that come back are therefore kept in front of the store,
by their place in the queue, until they are delivered again or :meth:`Queues.close` puts them back.

A store that can do more than CoilMQ's, see :class:`Lasting`, keeps a message until it was acknowledged, so that no
crash loses it. A :class:`stomp_broker.saving.Saver` then says when what was done is on the disk.
"""

import heapq
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol, runtime_checkable

from coilmq.scheduler import QueuePriorityScheduler, SubscriberPriorityScheduler
from coilmq.store import QueueStore
from coilmq.util.frames import Frame as StoredFrame

from stomp_broker.consumers import Consumer, Held, Owner
from stomp_broker.errors import Code, RemoteError
from stomp_broker.events import Subscription
from stomp_broker.messages import Message, Shape
from stomp_broker.saving import Promises, Store
from stomp_broker.stats import QueueState
from stomp_broker.stores.sqlite import Changes
from stomp_broker.tally import Tally

# Bytes that wait in the store for one queue: some forty thousand answers. No player can fill the memory while nobody
# reads. What a store of CoilMQ's brought along from an earlier run is not counted.
MAX_WAITING_BYTES = 32 * 1024 * 1024
# Bytes that a message is counted for beside its headers and body: the size of the objects that hold it.
MESSAGE_BYTES = 512


@runtime_checkable
class Lasting(Store, Protocol):
    """What a store can do beside CoilMQ's interface. See :class:`stomp_broker.stores.sqlite.SqliteQueue`."""

    def take(self, destination: str) -> Any | None:  # noqa: ANN401
        """Take the first message of a queue, and remember it until it is settled."""

    def settle(self, frame: Any) -> None:  # noqa: ANN401
        """Forget a message that was taken."""

    def waiting(self, destination: str) -> Iterable[Any]:
        """Give the messages that wait in a queue, the oldest first. Each has ``came_at``, in seconds since 1970."""

    def unwritten(self, changes: Changes) -> Iterable[tuple[str, Any]]:
        """Give up what could not be saved: each message that waits no more, with its queue."""

    def mark_delivered(self, frames: Iterable[Any]) -> None:
        """Have these marked when they come again after an end in order."""

    def cut(self, subject: str, at: float) -> None:
        """Remember when a subject was cut, in seconds since 1970."""

    def take_cuts(self, most: int) -> dict[str, float]:
        """Give the latest cuts of earlier runs, in their order, and forget those before them."""


class Queues:
    """All queues of a broker, and their consumers."""

    def __init__(
        self,
        store: QueueStore,
        subscriber_scheduler: SubscriberPriorityScheduler,
        queue_scheduler: QueuePriorityScheduler,
    ) -> None:
        self.tally = Tally()
        # None where the store saves as it likes.
        self.saver: Promises | None = None
        self.store = store
        self._lasting = store if isinstance(store, Lasting) else None
        self._subscriber_scheduler = subscriber_scheduler
        self._queue_scheduler = queue_scheduler
        self._places = itertools.count()
        self._waiting_bytes: Counter[str] = Counter()
        # Queues with consumers whose store is known to hold nothing: to ask it costs more than all else here.
        self._drained: set[str] = set()
        # Messages that came back, by queue: a heap.
        self._returned: dict[str, list[Held]] = {}
        self._consumers: dict[str, list[Consumer]] = {}
        self._owned: dict[Owner, list[Consumer]] = {}
        if self._lasting:
            for destination in store.destinations():
                self._waiting_bytes[destination] = sum(map(_size, self._lasting.waiting(destination)))

    def subscribe(self, owner: Owner, subscription: Subscription, shape: Shape) -> None:
        """Add a consumer. What waits in the queue comes to it at once."""
        consumer = Consumer(owner, subscription, shape)
        self._consumers.setdefault(subscription.destination, []).append(consumer)
        self._owned.setdefault(owner, []).append(consumer)
        self._dispatch(subscription.destination)

    def unsubscribe(self, owner: Owner, subscription: Subscription) -> None:
        """Take a consumer away. What it has not acknowledged goes to others."""
        consumer = next(each for each in self._owned[owner] if each.subscription == subscription)
        self._owned[owner].remove(consumer)
        if not self._owned[owner]:
            del self._owned[owner]
        self._end([consumer])

    def forget(self, owner: Owner) -> None:
        """Take away all consumers of a connection that ended."""
        self._end(self._owned.pop(owner, []))

    def send(self, message: Message) -> None:
        """Keep a message; it is in the store when this returns, or with a consumer.

        Raises :class:`RemoteError` (queue-full) when too much waits there already.
        """
        destination = message.destination
        frame = StoredFrame("MESSAGE", dict(message.headers), message.body)
        if self._hand_over(destination, frame):
            return
        self._waiting_bytes[destination] = self._with_room_for(destination, _size(frame))
        self._drained.discard(destination)
        self.store.enqueue(destination, frame)
        self._note()
        self._dispatch(destination)

    def check_room(self, messages: Iterable[Message]) -> None:
        """Raise :class:`RemoteError` (queue-full) unless all of these messages can be kept."""
        sizes: Counter[str] = Counter()
        for message in messages:
            sizes[message.destination] += _size(message)
        for destination, size in sizes.items():
            self._with_room_for(destination, size)

    def _with_room_for(self, destination: str, size: int) -> int:
        waiting = self._waiting_bytes[destination] + size
        if waiting > MAX_WAITING_BYTES:
            raise RemoteError(Code.QUEUE_FULL, destination)
        return waiting

    def awaits(self, owner: Owner, message_id: str, subscription_id: str | None) -> bool:
        """Say whether this message was delivered to the connection and waits to be acknowledged."""
        return self._consumer_of(owner, message_id, subscription_id) is not None

    def ack(self, owner: Owner, message_id: str, subscription_id: str | None) -> None:
        """Forget what was consumed. A message that does not wait any more changes nothing."""
        consumer = self._consumer_of(owner, message_id, subscription_id)
        if consumer:
            for held in consumer.take(message_id):
                self._settle(held)
            self._dispatch(consumer.subscription.destination)

    def nack(self, owner: Owner, message_id: str, subscription_id: str | None) -> None:
        """Give back what was not consumed. A message that does not wait any more changes nothing."""
        consumer = self._consumer_of(owner, message_id, subscription_id)
        if consumer:
            self._give_back(consumer.subscription.destination, consumer.take(message_id))
            self._dispatch(consumer.subscription.destination)

    def resume(self, owner: Owner) -> None:
        """Deliver what waits to a connection that can take more again, in the order of the queue scheduler."""
        waiting = {each.subscription.destination: each for each in self._owned.get(owner, ()) if each.ready}
        while waiting:
            destination = self._queue_scheduler.choice(waiting, owner)
            if destination is None:
                return
            del waiting[destination]
            self._dispatch(destination)

    def states(self) -> Iterator[QueueState]:
        """Give what is in each queue that has messages or consumers."""
        # CoilMQ's store for Redis names them in bytes.
        stored = (name if isinstance(name, str) else name.decode() for name in self.store.destinations())
        for destination in {*stored, *self._returned, *self._consumers}:
            consumers = self._consumers.get(destination, ())
            waiting = self.store.size(destination) + len(self._returned.get(destination, ()))
            unacknowledged = sum(len(each.unacknowledged) for each in consumers)
            if waiting or unacknowledged or consumers:
                yield QueueState(destination, waiting, unacknowledged, len(consumers), self._oldest_at(destination))

    def close(self) -> None:
        """Put what is under way back into the store, in order, and close it.

        Raises what the store raises, such as :class:`stomp_broker.stores.sqlite.StoreError`.
        """
        self._end([consumer for consumers in self._owned.values() for consumer in consumers])
        self._owned.clear()
        if self.saver:
            self.saver.finish()
        if self._lasting:
            self._lasting.mark_delivered([held.frame for returned in self._returned.values() for held in returned])
        else:
            self._put_back()
        self._returned.clear()
        self.store.close()

    def cut(self, subject: str, at: float) -> None:
        """Have the store remember when a subject was cut, if it can: its tickets live longer than this process may."""
        if self._lasting:
            self._lasting.cut(subject, at)
            self._note()

    def take_cuts(self, most: int) -> dict[str, float]:
        """Give the latest cuts that the store remembers, in their order."""
        return self._lasting.take_cuts(most) if self._lasting else {}

    def give_up(self, changes: Changes) -> None:
        """Take messages out of the queues that could not be saved: their senders are told."""
        for destination, frame in self._lasting.unwritten(changes) if self._lasting else ():
            self._waiting_bytes[destination] -= _size(frame)

    def _oldest_at(self, destination: str) -> float | None:
        """When the first that waits came; None where nothing waits, or the store does not tell."""
        if not self._lasting:
            return None
        returned = (held.frame for held in self._returned.get(destination, ())[:1])
        first = next(itertools.chain(returned, self._lasting.waiting(destination)), None)
        return None if first is None else float(first.came_at)

    def _put_back(self) -> None:
        for destination, returned in self._returned.items():
            frames = [held.frame for held in sorted(returned)]
            while frame := self.store.dequeue(destination):
                frames.append(frame)
            for frame in frames:
                self.store.enqueue(destination, frame)

    def _consumer_of(self, owner: Owner, message_id: str, subscription_id: str | None) -> Consumer | None:
        for consumer in self._owned.get(owner, ()):
            if message_id in consumer.unacknowledged and subscription_id in (None, consumer.id):
                return consumer
        return None

    def _end(self, consumers: Sequence[Consumer]) -> None:
        for consumer in consumers:
            destination = consumer.subscription.destination
            self._consumers[destination].remove(consumer)
            if not self._consumers[destination]:
                del self._consumers[destination]
                self._drained.discard(destination)
            self._give_back(destination, list(consumer.unacknowledged.values()))
            consumer.unacknowledged.clear()
        for destination in {consumer.subscription.destination for consumer in consumers}:
            self._dispatch(destination)

    def _give_back(self, destination: str, messages: Sequence[Held]) -> None:
        for held in messages:
            held.frame.headers["redelivered"] = "true"
            heapq.heappush(self._returned.setdefault(destination, []), held)

    def _hand_over(self, destination: str, frame: Any) -> bool:  # noqa: ANN401
        """Give a message to a consumer that waits for one, past a store that could not keep it any better."""
        if self._lasting or destination in self._returned or destination not in self._drained:
            return False
        ready = self._ready(destination)
        if ready:
            self._give(ready, Held(next(self._places), frame))
        return bool(ready)

    def _dispatch(self, destination: str) -> None:
        """Deliver what waits in a queue, as long as there is somebody to take it."""
        if destination in self._drained and destination not in self._returned:
            return
        while ready := self._ready(destination):
            held = self._take(destination)
            if held is None:
                return
            self._give(ready, held)

    def _ready(self, destination: str) -> list[Consumer]:
        return [each for each in self._consumers.get(destination, ()) if each.ready]

    def _give(self, ready: list[Consumer], held: Held) -> None:
        consumer = ready[0] if len(ready) == 1 else self._subscriber_scheduler.choice(ready, held.frame)
        if not consumer.reliable_subscriber:
            self._settle(held)
        consumer.deliver(held)
        self.tally.count(consumer.subscription.destination, came=0, delivered=1, size=len(held.frame.body))

    def _take(self, destination: str) -> Held | None:
        returned = self._returned.get(destination)
        if returned:
            held = heapq.heappop(returned)
            if not returned:
                del self._returned[destination]
            return held
        frame = self._lasting.take(destination) if self._lasting else self.store.dequeue(destination)
        if frame is None:
            self._waiting_bytes.pop(destination, None)
            self._drained.add(destination)
            return None
        self._waiting_bytes[destination] -= _size(frame)
        return Held(next(self._places), frame)

    def _settle(self, held: Held) -> None:
        """Let a message go that was consumed."""
        if self._lasting:
            self._lasting.settle(held.frame)
            self._note()

    def _note(self) -> None:
        if self.saver:
            self.saver.note()


def _size(frame: Any) -> int:  # noqa: ANN401  A message, or one as CoilMQ's stores have it.
    return MESSAGE_BYTES + len(frame.body) + sum(len(name) + len(value) for name, value in frame.headers.items())
