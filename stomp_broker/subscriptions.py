"""The subscriptions of one connection: which there are, and by what name each is known.

Since STOMP 1.1 that is the id. In 1.0 ("SUBSCRIBE", "UNSUBSCRIBE") it may be left out: the subscription is then known
by its destination, and a subscription that has an id may be ended by its destination too.
"""

from stomp_broker.errors import Code, RemoteError
from stomp_broker.events import Subscription

# Subscriptions of one connection. A page has five.
MAX_SUBSCRIPTIONS = 50
# The same for services: a process that takes in answers reads a queue for each game that runs.
MAX_SERVICE_SUBSCRIPTIONS = 10_000


class Subscriptions:
    """Subscriptions by name, in the order in which they were made. Errors are :class:`RemoteError`.

    ``most`` is how many there may be.
    """

    __slots__ = ("_by_name", "most")

    def __init__(self) -> None:
        self.most = MAX_SUBSCRIPTIONS
        self._by_name: dict[tuple[str | None, str | None], Subscription] = {}

    def has_room_for(self, subscription: Subscription) -> bool:
        """Say whether its name is free, and there may be one more."""
        return _name(subscription) not in self._by_name and len(self._by_name) < self.most

    def add(self, subscription: Subscription) -> None:
        """Remember a subscription. Its name may be taken (duplicate-id), or there are too many (subscription-limit)."""
        name = _name(subscription)
        if name in self._by_name:
            raise RemoteError(Code.DUPLICATE_ID)
        if len(self._by_name) >= self.most:
            raise RemoteError(Code.SUBSCRIPTION_LIMIT)
        self._by_name[name] = subscription

    def change(self, asked: Subscription, given: Subscription) -> None:
        """Put what was given in the place of what was asked for."""
        self._by_name[_name(asked)] = given

    def has(self, subscription_id: str) -> bool:
        """Say whether one has this id."""
        return (subscription_id, None) in self._by_name

    def end(self, subscription_id: str) -> Subscription:
        """Forget the subscription with this id (unknown-id)."""
        return self._take((subscription_id, None))

    def end_any_to(self, destination: str) -> Subscription:
        """Forget one to this destination (unknown-id): that without an id, else the oldest."""
        names = [name for name, each in self._by_name.items() if each.destination == destination]
        nameless = (None, destination)
        return self._take(nameless if nameless in self._by_name or not names else names[0])

    def end_all_to(self, destination: str) -> list[Subscription]:
        """Forget all to this destination."""
        names = [name for name, each in self._by_name.items() if each.destination == destination]
        return [self._by_name.pop(name) for name in names]

    def _take(self, name: tuple[str | None, str | None]) -> Subscription:
        subscription = self._by_name.pop(name, None)
        if subscription is None:
            raise RemoteError(Code.UNKNOWN_ID)
        return subscription


def _name(subscription: Subscription) -> tuple[str | None, str | None]:
    return (subscription.id, subscription.destination if subscription.id is None else None)
