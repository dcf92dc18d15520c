"""A queue store that a crash takes nothing from: SQLite with a write-ahead log (https://sqlite.org/wal.html).

The messages that wait are in memory too, where they are bounded (``queues.py``); the file is written, and read when the
broker starts. What is done is noted, and written in one transaction::

    store.enqueue("/queue/a", frame)
    frame = store.take("/queue/a")      # out of the queue, and still in the file
    store.settle(frame)                 # it may go from the file
    changes = store.changes()           # what was noted since the last time
    store.write(changes)                # all of it, or none, is on the disk when this returns; in any thread

To CoilMQ it is a store like any other: ``dequeue`` takes and settles in one.
"""

import json
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coilmq.config import config
from coilmq.store import QueueStore
from coilmq.util.frames import Frame as StoredFrame

from stomp_broker.errors import ConfigError

# PRAGMA application_id and user_version: what makes a file one of ours, and of this form.
APPLICATION_ID = 0x0B17_0501
FORM = 1

_PREPARE = """
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;  -- The disk has it, not the system alone: a loss of power takes nothing either.
"""
# `running` has a row while a broker runs, and after a crash.
_CREATE = f"""
BEGIN;
CREATE TABLE message (
    number INTEGER PRIMARY KEY, destination TEXT NOT NULL, came_at REAL NOT NULL, headers TEXT NOT NULL,
    body BLOB NOT NULL, delivered INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE running (since REAL NOT NULL);
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {FORM};
COMMIT;
"""
# Files of an earlier release have none.
_CREATE_CUT = "CREATE TABLE IF NOT EXISTS cut (subject TEXT PRIMARY KEY, at REAL NOT NULL)"
_CUT = "INSERT OR REPLACE INTO cut (subject, at) VALUES (?, ?)"
_FORGET_CUTS = "DELETE FROM cut WHERE subject NOT IN (SELECT subject FROM cut ORDER BY at DESC LIMIT ?)"
_INSERT = "INSERT INTO message (number, destination, came_at, headers, body) VALUES (?, ?, ?, ?, ?)"
_DELETE = "DELETE FROM message WHERE number = ?"
_READ = "SELECT number, destination, came_at, headers, body, delivered FROM message ORDER BY number"

Row = tuple[int, str, float, str, bytes]


class StoreError(Exception):
    """The file cannot be written: a full disk, above all. Nothing of the changes is in it."""


@dataclass(slots=True)
class Changes:
    """What is to be written: the messages that came, the numbers of those that may go, and when whom was cut."""

    came: dict[int, Row] = field(default_factory=dict)
    gone: list[int] = field(default_factory=list)
    cuts: dict[str, float] = field(default_factory=dict)
    is_written: bool = False


class SqliteQueue(QueueStore):  # type: ignore[misc]  # CoilMQ has no types.
    """Queues in a file, which no other process can use meanwhile.

    After a crash every message that is still there is marked ``redelivered``, for it may have been delivered; after
    :meth:`close` those are that were. ``epoch`` gives seconds since 1970. Raises :class:`ConfigError` for a file that
    cannot be used.
    """

    def __init__(self, path: Path | str, epoch: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._epoch = epoch
        self._queues: dict[str, deque[Any]] = {}
        self._changes = Changes()
        self._next = 1
        self._writing = threading.Lock()
        try:
            self._file = _open(Path(path))
            self._begin()
        except (sqlite3.Error, OSError) as error:
            raise ConfigError(f"{path}: {error}. It must be a file of queues that no other broker uses.") from None

    # CoilMQ's interface.

    def enqueue(self, destination: str, frame: Any) -> None:  # noqa: ANN401
        """Put a message at the end of a queue."""
        frame.number, frame.came_at = self._next, self._epoch()
        self._next += 1
        body = frame.body if isinstance(frame.body, bytes) else frame.body.encode()
        headers = json.dumps(frame.headers, ensure_ascii=False)
        self._changes.came[frame.number] = (frame.number, destination, frame.came_at, headers, body)
        self._queues.setdefault(destination, deque()).append(frame)

    def dequeue(self, destination: str) -> Any | None:  # noqa: ANN401
        """Take the first message of a queue, for good."""
        frame = self.take(destination)
        if frame is not None:
            self.settle(frame)
        return frame

    def size(self, destination: str) -> int:
        """Give the number of messages that wait in a queue."""
        return len(self._queues.get(destination, ()))

    def destinations(self) -> set[str]:
        """Give the queues in which something waits."""
        return set(self._queues)

    def close(self) -> None:
        """Write what is left to be written, and that this was an end in order."""
        self.write(self.changes())
        with self._writing, self._file:
            self._file.execute("DELETE FROM running")
        self._file.close()

    # What it can do beside.

    def take(self, destination: str) -> Any | None:  # noqa: ANN401
        """Take the first message of a queue. It stays in the file until it is settled."""
        queue = self._queues.get(destination)
        if queue is None:
            return None
        frame = queue.popleft()
        if not queue:
            del self._queues[destination]
        return frame

    def settle(self, frame: Any) -> None:  # noqa: ANN401
        """Let a message go that was taken."""
        if self._changes.came.pop(frame.number, None) is None:
            self._changes.gone.append(frame.number)

    def waiting(self, destination: str) -> Iterable[Any]:
        """Give the messages that wait in a queue, the oldest first. Each has ``came_at``, in seconds since 1970."""
        return self._queues.get(destination, ())

    def changes(self) -> Changes:
        """Give what was noted since the last time. Whoever takes it must :meth:`write` it, or say :meth:`unwritten`."""
        changes, self._changes = self._changes, Changes()
        return changes

    def write(self, changes: Changes) -> None:
        """Have changes on the disk. What is there already is not written again. Raises :class:`StoreError`."""
        with self._writing:
            if changes.is_written:
                return
            try:
                with self._file:
                    self._file.executemany(_INSERT, changes.came.values())
                    self._file.executemany(_DELETE, zip(changes.gone, strict=True))
                    self._file.executemany(_CUT, changes.cuts.items())
            except sqlite3.Error as error:
                raise StoreError(str(error)) from error
            changes.is_written = True

    def unwritten(self, changes: Changes) -> list[tuple[str, Any]]:
        """Give up what came and could not be written: each message that waits no more, with its queue.

        What may go is noted again.
        """
        self._changes.gone += changes.gone
        self._changes.cuts = changes.cuts | self._changes.cuts
        queues = {row[1] for row in changes.came.values()}
        return [(destination, frame) for destination in queues for frame in self._drop(destination, changes.came)]

    def mark_delivered(self, frames: Iterable[Any]) -> None:
        """Have these marked when they come again: to be called right before :meth:`close`."""
        self.write(self.changes())
        with self._writing, self._file:
            self._file.executemany(
                "UPDATE message SET delivered = 1 WHERE number = ?", [(each.number,) for each in frames]
            )

    def cut(self, subject: str, at: float) -> None:
        """Remember when a subject was cut, in seconds since 1970."""
        self._changes.cuts[subject] = at

    def take_cuts(self, most: int) -> dict[str, float]:
        """Give the latest cuts of earlier runs, in their order, and forget those before them."""
        with self._writing, self._file:
            self._file.execute(_FORGET_CUTS, (most,))
            return dict(self._file.execute("SELECT subject, at FROM cut ORDER BY at"))

    def _drop(self, destination: str, numbers: Container[int]) -> list[Any]:
        queue = self._queues.pop(destination, deque())
        kept = deque(frame for frame in queue if frame.number not in numbers)
        if kept:
            self._queues[destination] = kept
        return [frame for frame in queue if frame.number in numbers]

    def _begin(self) -> None:
        """Read what an earlier run has left, and note that this one has begun."""
        with self._file:
            if self._file.execute("SELECT 1 FROM running").fetchone():
                self._file.execute("UPDATE message SET delivered = 1")
            self._file.execute("DELETE FROM running")
            self._file.execute("INSERT INTO running VALUES (?)", (self._epoch(),))
            self._file.execute(_CREATE_CUT)
        for destination, frame in _read(self._file):
            self._queues.setdefault(destination, deque()).append(frame)
            self._next = frame.number + 1


def _open(path: Path) -> sqlite3.Connection:
    """Open a file, or make one. Others cannot read it: queues hold what players said."""
    path.touch(mode=0o600)
    file = sqlite3.connect(path, timeout=0, check_same_thread=False)
    if file.execute("SELECT 1 FROM sqlite_schema").fetchone() is None:
        file.executescript(_PREPARE + _CREATE)
    file.executescript(_PREPARE)
    found = [file.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
    if found != [APPLICATION_ID, FORM]:
        raise sqlite3.DatabaseError("not a file of this broker's queues, or of another release")
    return file


def _read(file: sqlite3.Connection) -> Iterator[tuple[str, Any]]:
    for number, destination, came_at, headers, body, delivered in file.execute(_READ):
        frame = StoredFrame("MESSAGE", json.loads(headers), body)
        frame.number, frame.came_at = number, came_at
        if delivered:
            frame.headers["redelivered"] = "true"
        yield destination, frame


def make() -> SqliteQueue:
    """Make the store of CoilMQ's configuration: ``qstore.sqlite.path`` names the file."""
    return SqliteQueue(config.get("coilmq", "qstore.sqlite.path"))
