"""Topics: who listens to what, and one message to all of them.

A message is encoded once for each :class:`Shape` among its readers, and all of one shape are handed the same
``bytes`` object: a relay can then frame that object once for all its browsers, which give every subscription the same
id. :meth:`Hub.publish` only notes what is to go out. :meth:`Hub.run`, a turn of the reactor later, sends a slice of it
and asks for another turn as long as something is left, so that thousands of readers hold up nobody else.

::

    turn 1   publish A1, A2 to /a, publish B1 to /b
    turn 2   run:  round 1 = A1 A2, joined, to the first 500 of /a
    turn 3   run:  round 1 to the rest of /a, round 2 = B1 to /b

Who reads along several destinations gets everything in the order in which it was published: rounds go out one after
the other, and only neighbours with the same destination are joined. What else a connection has to say to a subscriber
(a RECEIPT, a message of a queue) must not overtake what was published before: :meth:`Hub.settle` hands over first what
is left for this one. No Twisted, no socket: subscribers send as they like.
"""

from collections import deque
from collections.abc import Callable, Hashable, Iterable

from stomp_broker.messages import Message, Shape
from stomp_broker.rounds import Batch, Group, Round, Subscriber

# Deliveries of one turn: about 3 ms, the longest that anybody waits for a fan-out of others.
SLICE = 500
# Bytes of messages that are still going out. Over it, who publishes should not be read from: see Hub.is_full.
MAX_PENDING_BYTES = 1024 * 1024


class Hub:
    """Subscribers by destination and shape. ``wake`` is called when :meth:`run` should be, a turn later."""

    def __init__(self) -> None:
        self.wake: Callable[[], object] = _nobody
        self._topics: dict[str, dict[Shape, Group]] = {}
        self._groups: dict[Subscriber, list[Group]] = {}
        self._rounds: deque[Round] = deque()
        self._numbers = 0
        self._pending_bytes = 0
        # The messages that the next one to the same destination may join.
        self._open: Batch | None = None
        # Groups whose rounds have to end before the turn does.
        self._ragged: set[Group] = set()
        # Who waits for room, and how to tell it.
        self._waiting: dict[Hashable, Callable[[], None]] = {}

    @property
    def is_busy(self) -> bool:
        """Whether anything published has not gone out yet."""
        return bool(self._rounds)

    @property
    def is_full(self) -> bool:
        """Whether more is published than goes out. Nothing is lost; there is only more and more of it."""
        return self._pending_bytes > MAX_PENDING_BYTES

    def has_subscribers(self, destination: str) -> bool:
        """Whether anybody listens there."""
        return destination in self._topics

    def subscribers(self) -> dict[str, int]:
        """Give the number of subscriptions to each topic that has any."""
        return {destination: sum(map(len, groups.values())) for destination, groups in self._topics.items()}

    def wait(self, publisher: Hashable, resume: Callable[[], None]) -> None:
        """Call ``resume`` when half of what is pending has gone out."""
        self._waiting[publisher] = resume

    def subscribe(self, destination: str, subscriber: Subscriber, shape: Shape) -> None:
        """Add a subscriber to a topic, from the next message on."""
        self._open = None
        groups = self._topics.setdefault(destination, {})
        group = groups.get(shape)
        if group is None:
            group = groups[shape] = Group(destination, shape)
        group.add(subscriber)
        self._groups.setdefault(subscriber, []).append(group)

    def unsubscribe(self, destination: str, subscriber: Subscriber, shape: Shape) -> None:
        """Take away what :meth:`subscribe` added. What was published before, arrives before."""
        self.settle(subscriber)
        for group in self._groups.get(subscriber, ()):
            if group.destination == destination and group.shape == shape:
                self._groups[subscriber].remove(group)
                self._leave(group, subscriber)
                return

    def forget(self, subscriber: Subscriber) -> None:
        """Take a subscriber out of all topics. It is sent nothing more, and waits for nothing."""
        self._waiting.pop(subscriber, None)
        for group in self._groups.pop(subscriber, ()):
            self._leave(group, subscriber)

    def publish(self, message: Message) -> int:
        """Note a message for all who are subscribed now. Gives their number."""
        groups = self._topics.get(message.destination)
        if not groups:
            return 0
        if not self._rounds:
            self.wake()
        if self._open is None or not self._open.has_room_for(message):
            self._open = self._plan(message.destination, groups.values())
        self._pending_bytes += self._open.add(message)
        return sum(map(len, groups.values()))

    def run(self) -> None:
        """Make some deliveries, in order, and call ``wake`` when more are left."""
        left = SLICE
        while self._rounds and (left > 0 or self._ragged):
            round = self._rounds[0]
            if round.batch is self._open:
                self._open = None
            left -= round.step(left if left > 0 else SLICE) + 1
            if round.is_over:
                self._end(self._rounds.popleft())
        if self._rounds:
            self.wake()
        if self._waiting and self._pending_bytes <= MAX_PENDING_BYTES // 2:
            self._release()

    def settle(self, subscriber: Subscriber) -> None:
        """Deliver to this one at once what was published to it and has not gone out yet."""
        if not self._rounds:
            return
        due = [(round.number, round) for group in self._groups.get(subscriber, ()) for round in group.rounds]
        for _number, round in sorted(due):
            if round.batch is self._open:
                self._open = None
            round.settle(subscriber)

    def rewire(self, subscriber: Subscriber) -> None:
        """Note that the subscriber sends in another way from now on."""
        for group in self._groups.get(subscriber, ()):
            group.rewire(subscriber)

    def has_acknowledging(self, subscriber: Subscriber) -> bool:
        """Say whether the subscriber acknowledges the messages of a topic. Nothing follows from it, but it may."""
        return any(group.shape.is_acknowledged for group in self._groups.get(subscriber, ()))

    def _plan(self, destination: str, groups: Iterable[Group]) -> Batch:
        batch = Batch(destination)
        for group in groups:
            self._numbers += 1
            self._rounds.append(group.begin_round(batch, self._numbers))
        return batch

    def _end(self, round: Round) -> None:
        round.group.end_round()
        if not round.group.rounds:
            self._ragged.discard(round.group)
        round.batch.rounds -= 1
        if not round.batch.rounds:
            self._pending_bytes -= round.batch.size

    def _release(self) -> None:
        waiting, self._waiting = self._waiting, {}
        for resume in waiting.values():
            resume()

    def _leave(self, group: Group, subscriber: Subscriber) -> None:
        group.remove(subscriber)
        if group.is_ragged:
            self._ragged.add(group)
        if group:
            return
        groups = self._topics[group.destination]
        del groups[group.shape]
        if not groups:
            del self._topics[group.destination]


def _nobody() -> None:
    """Whoever uses a hub by itself calls its ``run``."""
