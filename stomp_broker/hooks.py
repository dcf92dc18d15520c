"""Hooks: an operator's own code that may refuse or change what clients ask for.

A hook is an object with some of these methods; ``hooks = shop.rules.Rules`` in the section ``[broker]`` of the
configuration file names what makes it::

    class Rules:
        def on_connect(self, client, connect): ...        # before login and passcode are judged
        def on_subscribe(self, client, subscription): ...
        def on_send(self, client, send): ...              # for a transaction, at its COMMIT
        def on_unsubscribe(self, client, subscription): ...
        def on_disconnect(self, client): ...

They get the values of ``events.py`` and give None to leave one as it is, or another in its place, or a Deferred of
either; or raise :class:`Refusal`. Rights are judged afterwards, and of what the last hook gave: a hook can take a right
away, and never give one. While a client's hook takes its time, nothing more of that client is read. The last two are
only told, and nothing waits for them.
"""

from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from twisted.internet.defer import Deferred, inlineCallbacks, maybeDeferred
from twisted.python.failure import Failure

from stomp_broker.errors import Refused
from stomp_broker.events import Closed, Commit, Connect, Event, Send, Subscribe, Subscription, Unsubscribe
from stomp_broker.logs import Log, Samples

# Seconds that all hooks together may take for one event. Then it is refused.
MOST_SECONDS = 5.0

# What is asked for which event. A hook sees what is in it, not the event itself.
METHODS: Mapping[type, str] = {
    Connect: "on_connect",
    Subscribe: "on_subscribe",
    Send: "on_send",
    Commit: "on_send",
    Unsubscribe: "on_unsubscribe",
    Closed: "on_disconnect",
}

log = Log()


class Refusal(Exception):
    """Raised by a hook: the client may not do that. Its text is for the log; the client hears the usual words."""


@dataclass(slots=True)
class Client:
    """Who asks: the connection's number, as in the log, and its subject, None before it is let in."""

    connection: int
    subject: str | None
    # Subscriptions to be made (True) and ended (False) by destination, once the broker has done what was asked.
    wishes: list[tuple[str, bool]] = field(default_factory=list, compare=False, repr=False)

    def subscribe(self, destination: str) -> None:
        """Subscribe the client, if its login may; the subscription's id is the destination."""
        self.wishes.append((destination, True))

    def unsubscribe(self, destination: str) -> None:
        """End what the client has subscribed to there."""
        self.wishes.append((destination, False))

    @property
    def names(self) -> dict[str, object]:
        """What a log line says of the client."""
        return {"connection": self.connection, "subject": self.subject}


class Hooks:
    """All hooks of a broker, asked in their order. ``clock`` is the reactor's."""

    def __init__(self, hooks: Iterable[object], clock: Any) -> None:  # noqa: ANN401
        self._clock = clock
        self._samples = Samples()
        hooks = list(hooks)
        self._asked: dict[type, list[Callable[..., Any]]] = {
            event: methods
            for event, name in METHODS.items()
            if (methods := [getattr(hook, name) for hook in hooks if hasattr(hook, name)])
        }

    def concern(self, event: Event) -> bool:
        """Say whether any hook wants to see such an event."""
        return type(event) in self._asked

    def ask(self, event: Event, client: Client) -> "Deferred[Event]":
        """Give the event as it is to be handled, or fail with :class:`Refused`."""
        verdict = self._ask_all(event, client)
        verdict.addTimeout(MOST_SECONDS, self._clock)
        return verdict.addErrback(lambda failure: self._refuse(failure, client))

    def tell(self, event: Event, client: Client) -> "Deferred[None]":
        """Say what has happened. Fires, and never fails, when all hooks know."""
        told = self._tell_all([client, event.subscription] if isinstance(event, Unsubscribe) else [client], event)
        told.addTimeout(MOST_SECONDS, self._clock)
        return told.addErrback(lambda failure: self._report("a hook failed", failure, client))

    @inlineCallbacks
    def _tell_all(self, said: list[Any], event: Event) -> Generator[Any, Any, None]:
        for method in self._asked[type(event)]:
            yield maybeDeferred(method, *said)

    @inlineCallbacks
    def _ask_all(self, event: Event, client: Client) -> Generator[Any, Any, Event]:
        if isinstance(event, Commit):
            actions = []
            for action in event.actions:
                actions.append((yield self._ask_each(action, client)) if isinstance(action, Send) else action)
            return Commit(tuple(actions))
        if isinstance(event, Subscribe):
            return replace(event, subscription=(yield self._ask_each(event.subscription, client, Subscribe)))
        changed: Event = yield self._ask_each(event, client)
        return changed

    @inlineCallbacks
    def _ask_each(self, asked: Any, client: Client, kind: type | None = None) -> Generator[Any, Any, Any]:  # noqa: ANN401
        for method in self._asked[kind or type(asked)]:
            changed = yield maybeDeferred(method, client, asked)
            asked = asked if changed is None else _judged(asked, changed)
        return asked

    def _refuse(self, failure: Failure, client: Client) -> Failure:
        """Fail closed: a hook that goes wrong has not agreed."""
        if failure.check(Refusal):
            return Failure(Refused(f"hook: {failure.getErrorMessage()}"))
        self._report("a hook failed, and what it was asked is refused", failure, client)
        return Failure(Refused("hook failed"))

    def _report(self, sentence: str, failure: Failure, client: Client) -> None:
        """Write a traceback, one a second at most: whoever may not even log in could fill the disk with them."""
        withheld = self._samples.take(sentence, self._clock.seconds())
        if withheld is not None:
            log.failure(sentence, failure, **client.names, withheld=withheld or None)


def _judged(asked: Any, changed: Any) -> Any:  # noqa: ANN401
    """Give what a hook gave, if it can stand where the other stood."""
    if type(changed) is not type(asked):
        raise TypeError(f"a hook gave {type(changed).__name__} for {type(asked).__name__}")
    if isinstance(asked, Subscription) and changed.id != asked.id:
        raise TypeError("a hook changed the id of a subscription, by which its client knows it")
    return changed
