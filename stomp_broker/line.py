"""The way to the other broker: what is asked of it on behalf of clients, and how much of that is under way. No Twisted.

There is no way while the other broker is away; what is asked then is refused (upstream-away).
"""

import itertools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from stomp_broker.errors import Code, RemoteError
from stomp_broker.receipts import Receipts
from stomp_broker.stores.sqlite import StoreError
from stomp_broker.upstream import Answered, State, Upstream

# Bytes of questions that the other broker has not answered. Over it, who publishes is not read from.
MAX_UNANSWERED_BYTES = 4 * 1024 * 1024
# Bytes that a question is counted for beside its body: its headers, and the objects that hold it.
QUESTION_BYTES = 1024


class Line:
    """``receipts`` holds what clients wait for; ``relieved`` is called when half of what was under way is answered."""

    def __init__(self) -> None:
        self.receipts = Receipts()
        self.relieved: Callable[[], object] = _nobody
        self._upstream: Upstream | None = None
        self._unanswered_bytes = 0
        self._transactions = itertools.count(1)
        self._bundle: Bundle | None = None

    @property
    def is_full(self) -> bool:
        """Whether more is asked than answered. Nothing is lost; there is only more and more of it."""
        return self._unanswered_bytes > MAX_UNANSWERED_BYTES

    def open(self, upstream: Upstream) -> None:
        """Ask this one from now on."""
        self._upstream = upstream

    def close(self, why: str) -> None:
        """Ask nobody any more: what is not answered never will be."""
        upstream, self._upstream = self._upstream, None
        if upstream:
            upstream.end(why)

    def tell(self, command: str, headers: Mapping[str, str]) -> None:
        """Send what nobody waits for, if there is a way. With a receipt: a refusal that names none ends everything."""
        if self._upstream and self._upstream.state is not State.ENDED:
            self._upstream.ask(command, headers, answered=_nobody)

    def ask(
        self, command: str, headers: Mapping[str, str], body: bytes = b"", answered: Answered | None = None
    ) -> None:
        """Ask for something that a client waits for; ``answered`` is told after it.

        Raises :class:`RemoteError` (upstream-away).
        """
        if self._upstream is None or self._upstream.state is State.ENDED:
            raise RemoteError(Code.UPSTREAM_AWAY)
        size = QUESTION_BYTES + len(body)
        settle = self._bundle.join() if self._bundle else Bundle(self.receipts).join()

        def settled(why: str | None) -> None:
            self._count(-size)
            settle(why)
            if answered:
                answered(why)

        self._count(size)
        self._upstream.ask(command, headers, body, settled)

    def send(self, headers: Mapping[str, str], body: bytes) -> None:
        """Have a message sent, with all others of the transaction that is open. Raises as :meth:`ask` does."""
        transaction = {"transaction": self._bundle.transaction} if self._bundle else {}
        self.ask("SEND", {**headers, **transaction}, body)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Have all that is sent meanwhile done at once, or, when an error ends this, nothing of it."""
        self._bundle = Bundle(self.receipts, f"t{next(self._transactions)}")
        headers = {"transaction": self._bundle.transaction}
        try:
            self.tell("BEGIN", headers)
            yield
            self.ask("COMMIT", headers)
        except RemoteError:
            self.tell("ABORT", headers)
            raise
        finally:
            self._bundle = None

    def _count(self, size: int) -> None:
        self._unanswered_bytes += size
        if size < 0 and self._unanswered_bytes <= MAX_UNANSWERED_BYTES // 2:
            self.relieved()


class Bundle:
    """Questions that are answered together, as one of the receipts: well when all are, else with the first error."""

    def __init__(self, receipts: Receipts, transaction: str = "") -> None:
        self.transaction = transaction
        self._receipts = receipts
        self._number = 0
        self._open = 0
        self._error: StoreError | None = None

    def join(self) -> Answered:
        """Count one more question. Gives what is to be told its answer."""
        self._number = self._number or self._receipts.note()
        self._open += 1
        return self._answer

    def _answer(self, why: str | None) -> None:
        self._open -= 1
        self._error = self._error or (None if why is None else StoreError(why))
        if not self._open:
            self._receipts.answer(self._number, self._error)


def _nobody(*_: object) -> None:
    """Nobody wants to know."""
