"""Fan-out: groups of subscribers that get the same bytes, and rounds in which they get them, a slice at a time.

A group is a flat list of functions to call, for in a loop over thousands of sockets every look at anything else costs
as much as a tenth of a delivery. What changes while a round is under way changes that list in one of three ways only::

    somebody joins       at the end, beyond what the round covers
    somebody leaves      its place is skipped, and filled when no round is under way any more
    somebody is slow     its place gets the slow way to the same subscriber

Each round begins elsewhere in the list, so that nobody is always last.
"""

from collections import deque
from collections.abc import Callable, Hashable
from typing import Protocol, cast

from stomp_broker.messages import Message, Shape, encode_message

# Places by which a round begins after the one before: no divisor of usual numbers of subscribers.
STRIDE = 617

# Bytes of messages that are joined. They fit into an idle socket's buffer, and joining more would gain nothing: at this
# size the cost of a delivery is copying.
MAX_JOINED_BYTES = 32 * 1024

# Places of those who left, beyond as many as stay, that a group has at most: they can be filled when it has no round
# under way, and under constant load that would never be.
MAX_HOLES = 1_000

Send = Callable[[bytes], int]


class Subscriber(Hashable, Protocol):
    """Who can be handed bytes."""

    @property
    def send(self) -> Send:
        """The quickest way to it at present. It gives how many of the bytes it took, and calls nobody back."""

    def keep(self, data: bytes) -> None:
        """Take what ``send`` did not, in whatever other way. It never raises and never waits."""


class Batch:
    """Messages to one destination that go out together. ``size`` is in bytes, of their headers and bodies."""

    __slots__ = ("destination", "messages", "rounds", "size")

    def __init__(self, destination: str) -> None:
        self.destination = destination
        self.messages: list[Message] = []
        self.size = 0
        # How many of them are not over: one for each group.
        self.rounds = 0

    def has_room_for(self, message: Message) -> bool:
        """Whether one more may go out with them."""
        return message.destination == self.destination and self.size + _size(message) <= MAX_JOINED_BYTES

    def add(self, message: Message) -> int:
        """Let one more go out with them. Gives its size."""
        size = _size(message)
        self.messages.append(message)
        self.size += size
        return size

    def encoded(self, shape: Shape) -> bytes:
        """Give the frames of all, for subscribers of one shape."""
        return b"".join([encode_message(message, shape) for message in self.messages])


class Group:
    """Subscribers of one destination whose frames are the same."""

    __slots__ = ("_holes", "_places", "_subscribers", "destination", "rounds", "sends", "shape")

    def __init__(self, destination: str, shape: Shape) -> None:
        self.destination = destination
        self.shape = shape
        # Under way, the oldest first.
        self.rounds: deque[Round] | tuple[()] = ()
        # By place: how to send, and to whom. The same place in both.
        self.sends: list[Send] = []
        self._subscribers: list[Subscriber | None] = []
        self._places: dict[Subscriber, int] = {}
        # Places of those who left while rounds were under way.
        self._holes: list[int] = []

    def __len__(self) -> int:
        return len(self._places)

    @property
    def is_ragged(self) -> bool:
        """Whether its rounds should end soon, so that the places of those who left can be filled."""
        return len(self._holes) > MAX_HOLES + len(self)

    def add(self, subscriber: Subscriber) -> None:
        """Let somebody in, for rounds to come."""
        self._places[subscriber] = len(self.sends)
        self.sends.append(subscriber.send)
        self._subscribers.append(subscriber)

    def remove(self, subscriber: Subscriber) -> None:
        """Let somebody go, out of the rounds under way, too."""
        place = self._places.pop(subscriber)
        self._set(place, skip)
        self._subscribers[place] = None
        self._holes.append(place)
        if not self.rounds:
            self._fill_holes()

    def rewire(self, subscriber: Subscriber) -> None:
        """Note that its way of sending has changed."""
        self._set(self._places[subscriber], subscriber.send)

    def begin_round(self, batch: Batch, number: int) -> "Round":
        """Plan to send a batch to all who are here now."""
        batch.rounds += 1
        round = Round(self, batch, number)
        self.rounds = self.rounds or deque()
        self.rounds.append(round)
        return round

    def end_round(self) -> None:
        """Forget the first of the rounds."""
        cast(deque[Round], self.rounds).popleft()
        if not self.rounds:
            self.rounds = ()
            self._fill_holes()

    def place_of(self, subscriber: Subscriber) -> int:
        """Where somebody stands."""
        return self._places[subscriber]

    def at(self, place: int) -> Subscriber | None:
        """Who stands there."""
        return self._subscribers[place]

    def _set(self, place: int, send: Send) -> None:
        self.sends[place] = send
        for round in self.rounds:
            round.replace(place, send)

    def _fill_holes(self) -> None:
        for hole in sorted(self._holes, reverse=True):
            send, last = self.sends.pop(), self._subscribers.pop()
            if last is not None:
                self.sends[hole], self._subscribers[hole], self._places[last] = send, last, hole
        self._holes.clear()


class Round:
    """One batch on its way to one group: to those who were there when it was published."""

    __slots__ = ("_at", "_count", "_data", "_start", "_todo", "batch", "group", "number")

    def __init__(self, group: Group, batch: Batch, number: int) -> None:
        self.batch = batch
        self.number = number
        self.group = group
        self._count = len(group.sends)
        self._start = number * STRIDE % self._count
        # From the beginning on, which is when the batch is encoded: how to send to each, in the round's order, and
        # how many of them have had their turn.
        self._data = b""
        self._todo: list[Send] = []
        self._at = 0

    @property
    def is_over(self) -> bool:
        """Whether all have had their turn."""
        return self._at == self._count

    def step(self, most: int) -> int:
        """Deliver to the next ``most``. Gives to how many it was."""
        self._begin()
        todo, data, size = self._todo, self._data, len(self._data)
        first, end = self._at, min(self._at + most, self._count)
        for at in range(first, end):
            try:
                taken = todo[at](data)
            except Exception:  # noqa: BLE001  Its connection is broken, which keep() notes; the others go on.
                taken = 0
            if taken != size:
                self._at = at + 1
                self._keep(at, taken)
        self._at = end
        return end - first

    def settle(self, subscriber: Subscriber) -> None:
        """Deliver to this one out of turn, unless it has had its turn."""
        place = self.group.place_of(subscriber)
        if place >= self._count:
            return
        self._begin()
        at = self._position(place)
        if at < self._at:
            return
        send, self._todo[at] = self._todo[at], skip
        try:
            taken = send(self._data)
        except Exception:  # noqa: BLE001  As in a step.
            taken = 0
        if taken != len(self._data):
            subscriber.keep(self._data[taken:])

    def replace(self, place: int, send: Send) -> None:
        """Send in this way to who stands there, if it still has to be done."""
        if self._todo and place < self._count:
            at = self._position(place)
            if self._todo[at] is not skip:
                self._todo[at] = send

    def _begin(self) -> None:
        if not self._todo:
            sends = self.group.sends
            self._data = self.batch.encoded(self.group.shape)
            self._todo = sends[self._start : self._count] + sends[: self._start]

    def _position(self, place: int) -> int:
        return (place - self._start) % self._count

    def _keep(self, at: int, taken: int) -> None:
        subscriber = self.group.at((at + self._start) % self._count)
        if subscriber is not None:
            subscriber.keep(self._data[taken:])


def skip(data: bytes) -> int:
    """Send to nobody."""
    return len(data)


def _size(message: Message) -> int:
    return len(message.body) + sum(len(name) + len(value) for name, value in message.headers.items())
