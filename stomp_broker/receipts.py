"""What another broker has been asked for and has not confirmed: what clients are told of it waits here.

::

    number = receipts.note()                  # something was asked of the other broker
    receipts.answer(number)                   # it has done that; answer(number, error): it has not
    receipts.when_saved(number, told)         # told(None) when all up to that number was confirmed, told(error) if not

Answers count in the order of the questions, whatever the order in which they come.
"""

from collections import deque

from stomp_broker.saving import Told
from stomp_broker.stores.sqlite import StoreError


class Receipts:
    """See :class:`stomp_broker.saving.Promises`: so many were ``noted``, and up to ``settled`` all are answered."""

    def __init__(self) -> None:
        self.noted = 0
        self.settled = 0
        # Answers that have come before their turn, by number.
        self._answered: dict[int, StoreError | None] = {}
        self._waiting: deque[tuple[int, Told]] = deque()

    def note(self) -> int:
        """Hear of one more question. Gives its number."""
        self.noted += 1
        return self.noted

    def answer(self, number: int, error: StoreError | None = None) -> None:
        """Note that a question was answered, and tell who waits for it."""
        self._answered[number] = error
        while self.settled + 1 in self._answered:
            self.settled += 1
            self._tell(self.settled, self._answered.pop(self.settled))

    def when_saved(self, number: int, told: Told) -> None:
        """Call ``told`` when this question was answered."""
        self._waiting.append((number, told))

    def finish(self) -> None:
        """Do nothing at the end: only the other broker can say what it has done."""

    def _tell(self, number: int, error: StoreError | None) -> None:
        waiting, self._waiting = self._waiting, deque()
        for each in waiting:
            if each[0] == number:
                each[1](error)
            else:
                self._waiting.append(each)
