"""The store that a crash takes nothing from: as CoilMQ uses one, and as queues do."""

import shutil
import sqlite3
import stat
from uuid import uuid4

import pytest
from coilmq.config import config
from coilmq.util.frames import Frame as StoredFrame

from stomp_broker.errors import ConfigError
from stomp_broker.stores.sqlite import SqliteQueue, StoreError, make


def frame(text, **headers):
    return StoredFrame("MESSAGE", {"message-id": text} | headers, text.encode())


def put(store, *texts, destination="/queue/a"):
    for text in texts:
        store.enqueue(destination, frame(text))


def taken(store, destination="/queue/a"):
    """All that waits in a queue, as CoilMQ takes it."""
    return [each.body.decode() for each in store.frames(destination)]


def save(store):
    store.write(store.changes())


@pytest.fixture
def path(tmp_path):
    return tmp_path / "queues.sqlite3"


@pytest.fixture
def store(path):
    return SqliteQueue(path, lambda: 1_700_000_000.5)


def after_a_crash(path):
    """What a broker finds after a kill -9: the files as they are at this moment."""
    copy = path.with_name(f"{uuid4()}.sqlite3")
    for end in ("", "-wal"):
        if path.with_name(path.name + end).exists():
            shutil.copy(path.with_name(path.name + end), copy.with_name(copy.name + end))
    return SqliteQueue(copy)


class TestAsCoilMQHasIt:
    def test_messages_leave_in_the_order_in_which_they_came(self, store):
        put(store, "1", "2", "3")
        put(store, "x", destination="/queue/b")
        assert store.size("/queue/a") == 3
        assert store.destinations() == {"/queue/a", "/queue/b"}
        assert taken(store) == ["1", "2", "3"]
        assert not store.has_frames("/queue/a")

    def test_an_empty_queue_is_forgotten(self, store):
        put(store, "1")
        assert taken(store) == ["1"]
        assert store.destinations() == set()
        assert store.dequeue("/queue/a") is None

    def test_it_is_made_from_coilmqs_configuration(self, path, monkeypatch):
        monkeypatch.setitem(config["coilmq"], "qstore.sqlite.path", str(path))
        put(store := make(), "1")
        store.close()
        assert taken(SqliteQueue(path)) == ["1"]


class TestOnTheDisk:
    def test_what_was_written_is_there_after_a_crash_with_headers_body_and_time(self, store, path):
        store.enqueue("/queue/a", StoredFrame("MESSAGE", {"message-id": "1", "x": "è:\n\\"}, b"\x00\xff"))
        save(store)
        [found] = after_a_crash(path).waiting("/queue/a")
        assert found.headers == {"message-id": "1", "x": "è:\n\\", "redelivered": "true"}
        assert (found.body, found.came_at) == (b"\x00\xff", 1_700_000_000.5)

    def test_what_was_not_written_is_not(self, store, path):
        put(store, "1")
        save(store)
        put(store, "2")
        assert taken(after_a_crash(path)) == ["1"]

    def test_what_was_taken_is_there_until_it_is_settled(self, store, path):
        put(store, "1", "2")
        save(store)
        first = store.take("/queue/a")
        save(store)
        assert taken(after_a_crash(path)) == ["1", "2"]
        store.settle(first)
        save(store)
        assert taken(after_a_crash(path)) == ["2"]

    def test_what_comes_and_goes_between_two_writings_never_meets_the_disk(self, store):
        put(store, "1")
        store.settle(store.take("/queue/a"))
        changes = store.changes()
        assert (changes.came, changes.gone) == ({}, [])

    def test_after_an_end_in_order_only_what_was_delivered_is_marked(self, store, path):
        put(store, "1", "2")
        store.mark_delivered([store.take("/queue/a")])
        store.close()
        again = SqliteQueue(path)
        assert ["redelivered" in each.headers for each in again.waiting("/queue/a")] == [True, False]

    def test_numbers_go_on_after_a_restart(self, store, path):
        put(store, "1")
        store.close()
        again = SqliteQueue(path)
        put(again, "2")
        again.close()
        assert taken(SqliteQueue(path)) == ["1", "2"]

    def test_others_cannot_read_it(self, store, path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def test_the_same_changes_are_written_once(self, store, path):
        put(store, "1")
        changes = store.changes()
        store.write(changes)
        store.write(changes)
        assert taken(after_a_crash(path)) == ["1"]


class TestAFullDisk:
    @pytest.fixture
    def full(self, store):
        """The store when its file may not grow any more; what it has is one message."""
        put(store, "1")
        save(store)
        store._file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        store._file.execute("PRAGMA max_page_count = 1")
        return store

    def large(self, store):
        store.enqueue("/queue/a", StoredFrame("MESSAGE", {"message-id": "large"}, bytes(1_000_000)))

    def test_nothing_of_the_changes_is_kept(self, full, path):
        first = full.take("/queue/a")
        full.settle(first)
        self.large(full)
        changes = full.changes()
        with pytest.raises(StoreError, match="full"):
            full.write(changes)
        assert taken(after_a_crash(path)) == ["1"]
        [(destination, lost)] = full.unwritten(changes)
        assert (destination, lost.headers["message-id"]) == ("/queue/a", "large")
        assert full.size("/queue/a") == 0

    def test_what_may_go_goes_with_the_next_writing(self, full, path):
        full.settle(full.take("/queue/a"))
        self.large(full)
        changes = full.changes()
        with pytest.raises(StoreError):
            full.write(changes)
        full.unwritten(changes)
        save(full)
        assert taken(after_a_crash(path)) == []


class TestFilesThatCannotBeUsed:
    def test_another_brokers_file(self, store, path):
        with pytest.raises(ConfigError, match=r"queues\.sqlite3: database is locked"):
            SqliteQueue(path)

    def test_a_file_of_something_else(self, path):
        with sqlite3.connect(path) as other:
            other.execute("CREATE TABLE message (number)")
        other.close()
        with pytest.raises(ConfigError, match="not a file of this broker's queues"):
            SqliteQueue(path)

    def test_no_database_at_all(self, path):
        path.write_text("Dear diary, today I have written enough to fill a page of it. " * 20)
        with pytest.raises(ConfigError, match="not a database"):
            SqliteQueue(path)

    def test_a_folder_that_is_not_there(self, tmp_path):
        with pytest.raises(ConfigError, match=r"none/queues"):
            SqliteQueue(tmp_path / "none" / "queues")


class TestCuts:
    """When whom was cut lasts longer than the process, as tickets do."""

    def test_a_cut_is_there_after_a_crash_once_it_was_written(self, store, path):
        store.cut("player:1", 10.0)
        store.cut("player:2", 11.0)
        save(store)
        store.cut("player:3", 12.0)
        assert after_a_crash(path).take_cuts(100) == {"player:1": 10.0, "player:2": 11.0}

    def test_the_last_cut_of_a_subject_counts(self, store, path):
        for at in (10.0, 20.0):
            store.cut("player:1", at)
            save(store)
        assert after_a_crash(path).take_cuts(100) == {"player:1": 20.0}

    def test_only_the_latest_are_kept(self, store, path):
        for number in range(5):
            store.cut(f"player:{number}", float(number))
        save(store)
        again = after_a_crash(path)
        assert [*again.take_cuts(2)] == ["player:3", "player:4"]
        assert [*again.take_cuts(100)] == ["player:3", "player:4"]

    def test_one_that_could_not_be_written_is_written_with_the_next(self, store, path):
        store.cut("player:1", 10.0)
        store.cut("player:2", 10.0)
        failed = store.changes()
        store.cut("player:2", 20.0)
        store.unwritten(failed)
        save(store)
        assert after_a_crash(path).take_cuts(100) == {"player:1": 10.0, "player:2": 20.0}

    def test_a_file_from_before_there_were_any_has_none(self, store, path):
        put(store, "1")
        store.close()
        with sqlite3.connect(path) as file:
            file.execute("DROP TABLE cut")
        file.close()
        again = SqliteQueue(path)
        assert (again.take_cuts(100), taken(again)) == ({}, ["1"])
