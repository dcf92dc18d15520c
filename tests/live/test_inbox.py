"""Queues read from the real broker: each message once, and again when whoever had it did not finish."""

import threading
import time
from contextlib import contextmanager

import pytest
from django.db import OperationalError

from quiz.live import inbox
from quiz.live.inbox import Inbox
from tests.live.realbroker import PATIENCE, Subscriber

pytestmark = pytest.mark.django_db(transaction=True)

ANSWERS = "/games/7/answers"


@pytest.fixture(autouse=True)
def without_pauses(monkeypatch):
    monkeypatch.setattr(inbox, "PAUSE_S", 0.05)
    monkeypatch.setattr(inbox, "REFRESH_S", 0.05)


@contextmanager
def reading(handle, wanted=lambda: {ANSWERS}):
    stop = threading.Event()
    thread = threading.Thread(target=Inbox(wanted, handle).run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(PATIENCE)
    assert not thread.is_alive()


def until(condition):
    end = time.monotonic() + PATIENCE
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    assert condition()


def player(real, number=5):
    return Subscriber(real.port, f"player:{number}", f"/players/{number}", write=[ANSWERS])


def test_a_message_comes_with_who_sent_it_and_is_handled_once(real):
    handled = []
    with reading(handled.extend):
        player(real).send(ANSWERS, '{"n": 1}')
        until(lambda: handled)
    with reading(handled.extend):
        player(real).send(ANSWERS, '{"n": 2}')
        until(lambda: len(handled) == 2)
    assert [(one.destination, one.sender, one.body) for one in handled] == [
        (ANSWERS, "player:5", '{"n": 1}'),
        (ANSWERS, "player:5", '{"n": 2}'),
    ]


def test_what_was_sent_while_nobody_read_waits(real):
    handled = []
    player(real).send(ANSWERS, "1")
    with reading(handled.extend):
        until(lambda: handled)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_was_not_finished_goes_to_another(real):
    def die(batch):
        dead.extend(delivery.body for delivery in batch)
        raise SystemExit

    dead, handled = [], []
    player(real).send(ANSWERS, "1")
    with reading(die):
        until(lambda: dead)
    with reading(handled.extend):
        until(lambda: handled)
    assert handled[0].body == "1"


def test_a_message_that_cannot_be_handled_holds_up_no_other(real, caplog):
    def stumble(batch):
        bodies = [delivery.body for delivery in batch]
        if "poison" in bodies:
            raise ValueError(bodies)
        handled.extend(bodies)

    handled = []
    with reading(stumble):
        player(real).send(ANSWERS, "poison")
        player(real).send(ANSWERS, "1")
        until(lambda: handled)
    assert "dropped a message of 'player:5'" in caplog.text
    with reading(handled.extend):
        player(real).send(ANSWERS, "2")
        until(lambda: len(handled) == 2)
    assert [getattr(one, "body", one) for one in handled] == ["1", "2"]


def test_it_is_behind_until_all_that_came_is_handled(real):
    def handle(batch):
        behind.append([box.is_behind(at) for at in (batch[0].received_at - 1, batch[0].received_at)])

    behind, stop = [], threading.Event()
    box = Inbox(lambda: {ANSWERS}, handle)
    player(real).send(ANSWERS, "1")
    thread = threading.Thread(target=box.run, args=(stop,))
    thread.start()
    until(lambda: behind and not box.is_behind(2**62))
    stop.set()
    thread.join(PATIENCE)
    assert behind == [[False, True]]


def test_many_that_have_come_are_handled_together(real):
    handled = []
    ada = player(real)
    for number in range(5):
        ada.send(ANSWERS, str(number))

    def handle(batch):
        handled.append([delivery.body for delivery in batch])
        time.sleep(0.3)  # Others come meanwhile.

    with reading(handle):
        until(lambda: sum(map(len, handled)) == 5)
    assert len(handled) < 5
    assert [body for batch in handled for body in batch] == ["0", "1", "2", "3", "4"]


def test_a_message_waits_for_a_database_that_is_away(real):
    def fail(batch):
        failed.extend(delivery.body for delivery in batch)
        raise OperationalError

    failed, handled = [], []
    player(real).send(ANSWERS, "1")
    stopped = threading.Event()
    with pytest.raises(OperationalError):
        Inbox(lambda: {ANSWERS}, fail).run(stopped)
    with reading(handled.extend):
        until(lambda: handled)
    assert (failed, handled[0].body) == (["1"], "1")


def test_a_queue_is_read_from_when_it_is_wanted_until_it_is_not(real):
    handled, wanted, looks = [], set(), []

    def look():
        looks.append(1)
        return set(wanted)

    with reading(handled.append, look):
        player(real).send(ANSWERS, "1")
        assert handled == []
        wanted.add(ANSWERS)
        until(lambda: handled)
        wanted.clear()
        seen = len(looks)
        until(lambda: len(looks) > seen + 2)  # After the first of them it has told the broker.
        player(real).send(ANSWERS, "2")
        time.sleep(0.3)
        assert len(handled) == 1


def test_what_a_queue_brought_that_is_read_no_more_goes_back(real):
    """An acknowledgement of it would cost us the connection."""
    handled, wanted, lost = [], {ANSWERS}, []

    def handle(batch):
        handled.extend(delivery.body for delivery in batch)
        if handled == ["1"]:
            wanted.clear()
            time.sleep(0.2)  # The other message comes, and its turn only after the next look at what is wanted.

    player(real).send(ANSWERS, "1")
    player(real).send(ANSWERS, "2")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inbox, "_noted", lost.append)
        patch.setattr(inbox, "MAX_BATCH", 1)
        with reading(handle, lambda: set(wanted)):
            until(lambda: handled)
            time.sleep(0.5)
            assert (handled, lost) == (["1"], [])
    with reading(lambda batch: handled.extend(delivery.body for delivery in batch)):
        until(lambda: len(handled) == 2)
    assert handled == ["1", "2"]


def test_a_broker_that_was_away_is_found_again(real):
    handled = []
    with reading(handled.extend):
        real.stop()
        real.start()
        player(real).send(ANSWERS, "1")
        until(lambda: handled)
