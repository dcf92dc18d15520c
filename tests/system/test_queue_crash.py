"""A broker with queues in a file that is killed -9 again and again, in the middle of its work."""

import os
import random
import threading
import time
from contextlib import suppress
from pathlib import Path

from tests.stack import wait_until
from tests.system.broker import Broker, Client

QUEUE = "/queue/crash"
KILLS = 8
# Messages that may be on their way without a receipt: as many as a client sends ahead.
AHEAD = 50
# Messages that one producer sends: what nobody takes must not fill the queue.
MOST = 3_000


class Producer(threading.Thread):
    """Sends numbers with receipts until the broker is gone. ``receipted`` are those that the broker vouched for."""

    def __init__(self, port: int, first: int) -> None:
        super().__init__()
        self.receipted: list[int] = []
        self.sent = first
        self._client = Client(port)

    def run(self) -> None:
        with suppress(OSError, AttributeError):  # The latter: the end came instead of a frame.
            for _ in range(MOST // AHEAD):
                for _ in range(AHEAD):
                    headers = {"destination": QUEUE, "receipt": str(self.sent)}
                    self._client.say("SEND", headers, b"%d" % self.sent)
                    self.sent += 1
                for _ in range(AHEAD):
                    self.receipted.append(int(self._client.hear().headers["receipt-id"]))

    def has_worked(self) -> bool:
        """Whether there is something to lose by now, on a slow machine too."""
        return len(self.receipted) > AHEAD or not self.is_alive()


class Consumer(threading.Thread):
    """Takes messages, and acknowledges each with a receipt. ``done`` are those whose end the broker vouched for."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.got: list[tuple[int, bool]] = []
        self.done: list[int] = []
        self._client = Client(port)
        self._client.say("SUBSCRIBE", {"id": "0", "destination": QUEUE, "ack": "client-individual"})

    def run(self) -> None:
        with suppress(OSError, AttributeError):
            while True:
                frame = self._client.hear()
                if frame.command == "RECEIPT":
                    self.done.append(int(frame.headers["receipt-id"]))
                    continue
                number = int(frame.body)
                self.got.append((number, "redelivered" in frame.headers))
                if number % 3:  # The others are left as they are.
                    self._client.say("ACK", {"id": frame.headers["ack"], "receipt": str(number)})


def test_no_message_with_a_receipt_is_lost_and_none_that_is_done_comes_again(tmp_path: Path) -> None:
    seed = int(os.environ.get("CRASH_SEED") or random.randrange(10_000))
    print(f"CRASH_SEED={seed} has the kills at the same moments")  # noqa: T201  Told when it fails.
    dice = random.Random(seed)
    receipted: list[int] = []
    delivered: set[int] = set()
    done: set[int] = set()
    first = 0
    for _ in range(KILLS):
        with Broker(tmp_path, STOMP_STORE=str(tmp_path / "queues")) as broker:
            producer, consumer = Producer(broker.port, first), Consumer(broker.port)
            producer.start()
            consumer.start()
            time.sleep(dice.uniform(0.05, 0.6))
            wait_until(producer.has_worked)
            broker.process.kill()
            producer.join()
            consumer.join()
        check(consumer.got, delivered, done)
        delivered |= {number for number, _ in consumer.got}
        done |= set(consumer.done)
        receipted += producer.receipted
        first = producer.sent
    assert len(receipted) > KILLS * AHEAD
    rest = what_is_left(tmp_path)
    check(rest, delivered, done)
    assert {number for number, _ in rest} >= set(receipted) - done - acknowledged_without_a_receipt(delivered)


def acknowledged_without_a_receipt(delivered: set[int]) -> set[int]:
    """Whose end may have been saved though nobody could be told."""
    return {number for number in delivered if number % 3}


def check(got: list[tuple[int, bool]], delivered: set[int], done: set[int]) -> None:
    """What came to one consumer: in order, once, nothing that is done, and what had been delivered is marked."""
    numbers = [number for number, _ in got]
    assert numbers == sorted(set(numbers))
    assert done.isdisjoint(numbers)
    assert delivered.isdisjoint(number for number, redelivered in got if not redelivered)


def what_is_left(folder: Path) -> list[tuple[int, bool]]:
    """All messages that a broker still has after the last kill, up to one that is sent to it now."""
    with Broker(folder, STOMP_STORE=str(folder / "queues")) as broker:
        client = broker.service()
        client.say("SEND", {"destination": QUEUE}, b"-1")
        client.say("SUBSCRIBE", {"id": "0", "destination": QUEUE, "ack": "auto"})
        frames = iter(client.hear, None)
        left = []
        while (frame := next(frames)).body != b"-1":
            left.append((int(frame.body), "redelivered" in frame.headers))
        return left
