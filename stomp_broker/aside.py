"""Work that may block, such as waiting for a disk, beside the reactor."""

from collections import deque
from collections.abc import Callable
from threading import Thread
from typing import Any

from twisted.internet.defer import Deferred, fail, maybeDeferred
from twisted.internet.interfaces import IReactorThreads
from twisted.internet.threads import deferToThreadPool
from twisted.python.failure import Failure

from stomp_broker.logs import Log
from stomp_broker.saving import Told
from stomp_broker.stores.sqlite import StoreError

# Questions under way at once, and those that wait for their turn. More fail.
MAX_ASKED_AT_ONCE = 10
MAX_WAITING_QUESTIONS = 1_000

log = Log()


class BusyError(Exception):
    """Too many questions wait already."""


class Questions:
    """Asks others' code, which may never answer, in threads of its own: it takes none from the store, and no end of
    the process waits for it. Where the reactor has no threads, it is asked at once."""

    def __init__(self, reactor: Any) -> None:  # noqa: ANN401
        self._reactor = reactor
        self._asked = 0
        self._waiting: deque[tuple[Deferred[Any], Callable[[], Any]]] = deque()

    def ask(self, question: Callable[[], Any]) -> Deferred[Any]:
        """Give what the question gives, or fail with what it raises. Cancelled, it is not asked any more."""
        if not IReactorThreads.providedBy(self._reactor):
            return maybeDeferred(question)
        if len(self._waiting) >= MAX_WAITING_QUESTIONS:
            return fail(BusyError("too many questions wait already"))
        answer: Deferred[Any] = Deferred()
        self._waiting.append((answer, question))
        self._go_on()
        return answer

    def _go_on(self) -> None:
        while self._waiting and self._asked < MAX_ASKED_AT_ONCE:
            answer, question = self._waiting.popleft()
            if not answer.called:
                self._asked += 1
                Thread(target=self._ask, args=(answer, question), name="question", daemon=True).start()

    def _ask(self, answer: Deferred[Any], question: Callable[[], Any]) -> None:
        try:
            outcome = question()
        except Exception:  # noqa: BLE001  Whatever it is, it goes to who has asked.
            outcome = Failure()
        self._reactor.callFromThread(self._answered, answer, outcome)

    def _answered(self, answer: Deferred[Any], outcome: object) -> None:
        self._asked -= 1
        if not answer.called:
            answer.callback(outcome)
        self._go_on()


def aside_in(reactor: Any) -> Callable[[Callable[[], None], Told], None]:  # noqa: ANN401
    """Give a way to work in one of the reactor's threads; at once, where it has none."""

    def in_a_thread(work: Callable[[], None], then: Told) -> None:
        done = deferToThreadPool(reactor, reactor.getThreadPool(), work)
        done.addCallbacks(then, lambda failure: then(_store_error(failure)))
        done.addErrback(lambda failure: log.failure("what followed a save failed", failure))

    def at_once(work: Callable[[], None], then: Told) -> None:
        try:
            work()
        except StoreError as error:
            then(error)
        else:
            then(None)

    return in_a_thread if IReactorThreads.providedBy(reactor) else at_once


def _store_error(failure: Failure) -> StoreError:
    if isinstance(failure.value, StoreError):
        return failure.value
    log.failure("saving queues failed", failure)
    return StoreError("a fault of the broker's")
