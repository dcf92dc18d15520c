"""Work that may block, such as waiting for a disk, beside the reactor."""

from collections.abc import Callable
from typing import Any

from twisted.internet.interfaces import IReactorThreads
from twisted.internet.threads import deferToThreadPool
from twisted.python.failure import Failure

from stomp_broker.logs import Log
from stomp_broker.saving import Told
from stomp_broker.stores.sqlite import StoreError

log = Log()


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
