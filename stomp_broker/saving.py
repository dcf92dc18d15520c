"""Saving what queues have noted: everything of one turn of the reactor at once, in a thread, and receipts after it.

::

    saver.note()                        # the store has changed: it will be saved
    saver.when_saved(saver.noted, told) # told(None) when everything noted until now is on the disk, told(error) if not

While one save is on its way, what comes meanwhile waits for the next.
"""

from collections import deque
from collections.abc import Callable
from typing import Protocol

from stomp_broker.logs import Log
from stomp_broker.stores.sqlite import Changes, StoreError

Told = Callable[[StoreError | None], None]

log = Log()


class Store(Protocol):
    """What of a store is saved. See :class:`stomp_broker.stores.sqlite.SqliteQueue`."""

    def changes(self) -> Changes:
        """Give what was noted since the last time."""

    def write(self, changes: Changes) -> None:
        """Have it on the disk, or raise :class:`StoreError`."""


class Promises(Protocol):
    """What answers may have to wait for: a store's saves, or what another broker confirms (``receipts.py``).

    What is waited for is numbered: so many were ``noted``, and up to ``settled`` all are done, or will never be.
    """

    @property
    def noted(self) -> int:
        """The last number given."""

    @property
    def settled(self) -> int:
        """The last number that nobody has to wait for."""

    def note(self) -> object:
        """Hear that there is more to wait for."""

    def when_saved(self, number: int, told: Told) -> None:
        """Call ``told`` when what has this number is done, or with the error. Numbers of one caller rise."""

    def finish(self) -> None:
        """Leave nothing undone: the end is near. Raises :class:`StoreError`."""


class Saver:
    """Saves one store.

    ``later`` calls a function in another turn; ``aside(work, then)`` calls ``work`` where it may block, and ``then``
    with the :class:`StoreError` that it raised, or None, in a turn of its own. ``lost`` is given what could not be
    saved.
    """

    def __init__(
        self,
        store: Store,
        later: Callable[[Callable[[], None]], object],
        aside: Callable[[Callable[[], None], Told], None],
        lost: Callable[[Changes], None],
    ) -> None:
        # Changes are numbered: how many there were, and up to which of them everything has been saved, or given up.
        self.noted = 0
        self.settled = 0
        self.is_failing = False
        self._store = store
        self._later = later
        self._aside = aside
        self._lost = lost
        self._is_busy = False
        self._writing = Changes()
        self._waiting: deque[tuple[int, Told]] = deque()

    def note(self) -> None:
        """Hear that the store has changed."""
        self.noted += 1
        if not self._is_busy:
            self._is_busy = True
            self._later(self._save)

    def when_saved(self, number: int, told: Told) -> None:
        """Call ``told`` when the change of this number is on the disk, or cannot be. Numbers of one caller rise."""
        self._waiting.append((number, told))

    def finish(self) -> None:
        """Have what is on its way on the disk when this returns: the end is near. Raises :class:`StoreError`."""
        self._store.write(self._writing)

    def _save(self) -> None:
        changes, number = self._store.changes(), self.noted
        self._writing = changes
        self._aside(lambda: self._store.write(changes), lambda error: self._saved(changes, number, error))

    def _saved(self, changes: Changes, number: int, error: StoreError | None) -> None:
        self._say(error)
        if error:
            self._lost(changes)
        self.settled = number
        self._is_busy = self.noted > number
        if self._is_busy:
            self._later(self._save)
        self._tell(number, error)

    def _tell(self, number: int, error: StoreError | None) -> None:
        waiting, self._waiting = self._waiting, deque()
        for each in waiting:
            if each[0] <= number:
                each[1](error)
            else:
                self._waiting.append(each)

    def _say(self, error: StoreError | None) -> None:
        if error and not self.is_failing:
            log.error("queues cannot be saved, and take no messages until they can", why=error)
        elif self.is_failing and not error:
            log.info("queues are saved again")
        self.is_failing = error is not None


class Answers:
    """What one connection says, held back where it vouches for what is not saved yet, and always in order.

    ``failed`` is called when that could not be saved: what vouched for it is not said.
    """

    __slots__ = ("_end", "_failed", "_held", "_number", "_saver", "_write")

    def __init__(self, saver: Promises, write: Callable[[bytes], None], failed: Callable[[StoreError], None]) -> None:
        self._saver = saver
        self._write = write
        self._failed = failed
        # The last change that the connection has made, and what it said since the first that is not saved.
        self._number = 0
        self._held: deque[tuple[int, bytes]] = deque()
        self._end: Callable[[], None] | None = None

    def depend(self) -> None:
        """Hear that the connection has changed the queues: what it says from now on vouches for that."""
        self._number = self._saver.noted

    def say(self, data: bytes) -> None:
        """Write this, now or when what it vouches for is saved."""
        if not self._held and self._number <= self._saver.settled:
            self._write(data)
            return
        self._held.append((self._number, data))
        if len(self._held) == 1:
            self._saver.when_saved(self._number, self._saved)

    def end(self, call: Callable[[], None]) -> None:
        """Call this after all that was said."""
        if self._held:
            self._end = call
        else:
            call()

    def _saved(self, error: StoreError | None) -> None:
        if error:
            self._held.clear()
            self._number = 0
            self._failed(error)
        while self._held and self._held[0][0] <= self._saver.settled:
            self._write(self._held.popleft()[1])
        if self._held:
            self._saver.when_saved(self._held[0][0], self._saved)
        elif self._end:
            end, self._end = self._end, None
            end()
