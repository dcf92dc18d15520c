"""Whatever clients, networks and power supplies do to queues: what was receipted is kept, once, in order, or consumed.

A model that knows only what receipts say is held against a whole broker that is spoken to in bytes, with its queues in
memory and with its queues in a file, where it is also stopped and crashes.
"""

import shutil
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stomp_broker.clients import SERVICE_PASSCODE, Quiz

QUEUE = "/queue/a"
MOST_MEMBERS = 4
VERSIONS = ["1.1", "1.2"]
MODES = ["client", "client-individual"]


class Member:
    """A client and what it knows: what it may still acknowledge, in order, and what it waits to hear a receipt for."""

    def __init__(self, quiz, version, mode):
        self.client = quiz.connect(SERVICE_PASSCODE, version, login="web")
        self.version = version
        self.mode = mode
        self.unacknowledged = {}
        self.awaited = {}
        self.transaction = None

    def subscribe(self):
        self.client.send("SUBSCRIBE", {"id": "0", "destination": QUEUE, "ack": self.mode})

    def covered(self, body):
        """What an acknowledgement of this message is one of."""
        if body not in self.unacknowledged:
            return []
        bodies = list(self.unacknowledged)
        return [body] if self.mode == "client-individual" else bodies[: bodies.index(body) + 1]

    def named(self, body):
        """How a frame names the message."""
        ack = self.unacknowledged[body]
        return {"id": ack} if self.version == "1.2" else {"subscription": "0", "message-id": ack}


class Transaction:
    """What a client has said since BEGIN."""

    def __init__(self):
        self.sent = []
        self.acknowledged = []


class MemoryModel:
    """The queue of a broker that keeps it in memory."""

    def __init__(self):
        self.quiz = self.make_quiz()
        self.members = []
        self.made = 0
        # All that was sent, in the order in which the broker got it, and by transaction.
        self.order = []
        self.groups = []
        # What receipts vouch for: these are kept, and those are gone.
        self.kept = set()
        self.consumed = set()
        # What was acknowledged, with or without a receipt, so that it may be gone; and what anybody has seen.
        self.acknowledged = set()
        self.delivered = set()

    def make_quiz(self):
        return Quiz()

    # What clients do. None of them can do nothing: it makes what it needs first.

    def arrive(self, choice, which):
        if len(self.members) >= MOST_MEMBERS:
            return
        member = Member(self.quiz, VERSIONS[choice % 2], MODES[which % 2])
        self.members.append(member)
        member.subscribe()

    def send(self, choice, which):
        member = self.one(choice)
        for _ in range(which % 3 + 1):
            body = self.new_body()
            self.order.append(body)
            self.say(member, "SEND", {"destination": QUEUE}, [body], [], body)

    def acknowledge(self, choice, which):
        member = self.one(choice)
        if body := self.chosen(member, which):
            covered, named = member.covered(body), member.named(body)
            self.take(member, covered)
            self.acknowledged |= {*covered}
            self.say(member, "ACK", named, [], covered)

    def refuse(self, choice, which):
        member = self.one(choice)
        if body := self.chosen(member, which):
            covered, named = member.covered(body), member.named(body)
            self.take(member, covered)
            self.say(member, "NACK", named, [], [])

    def begin(self, choice, which):
        member = self.one(choice)
        if member.transaction is None:
            member.transaction = Transaction()
            self.say(member, "BEGIN", {"transaction": "t"}, [], [])

    def send_in_transaction(self, choice, which):
        self.begin(choice, which)
        member = self.one(choice)
        if member.transaction:
            body = self.new_body()
            member.transaction.sent.append(body)
            self.say(member, "SEND", {"destination": QUEUE, "transaction": "t"}, [], [], body)

    def acknowledge_in_transaction(self, choice, which):
        self.begin(choice, which)
        member = self.one(choice)
        body = self.chosen(member, which)
        if member.transaction and body:
            member.transaction.acknowledged.append(body)
            self.say(member, "ACK", member.named(body) | {"transaction": "t"}, [], [])

    def commit(self, choice, which):
        member = self.one(choice)
        transaction, member.transaction = member.transaction, None
        if transaction:
            self.hear(member)  # A message that it gave back, and that has come again, is acknowledged all the same.
            covered = []
            for body in transaction.acknowledged:
                covered += member.covered(body)
                self.take(member, member.covered(body))
            self.order += transaction.sent
            self.acknowledged |= {*covered}
            self.groups.append({*transaction.sent})
            self.say(member, "COMMIT", {"transaction": "t"}, transaction.sent, covered)

    def abort(self, choice, which):
        member = self.one(choice)
        if member.transaction:
            member.transaction = None
            self.say(member, "ABORT", {"transaction": "t"}, [], [])

    # What happens to them.

    def turn(self, choice=0, which=0):
        """All that is on its way arrives."""
        self.quiz.clock.advance(0)
        self.hear_all()

    def leave(self, choice, which):
        member = self.one(choice)
        self.hear(member)
        self.members.remove(member)
        if which % 2:
            member.client.send("DISCONNECT")
        else:
            member.client.drop()

    def end(self):
        """An heir gets all that was not consumed, once, in order, whole transactions, marked where it was delivered."""
        self.turn()
        for member in self.members:
            member.client.drop()
        self.members = [heir] = [Member(self.quiz, "1.2", "client-individual")]
        heir.subscribe()
        self.turn()
        left = list(heir.unacknowledged)
        assert left == [body for body in self.order if body in heir.unacknowledged]
        assert self.kept - self.acknowledged <= {*left} <= {*self.order} - self.consumed
        assert all(group.isdisjoint(left) or group - {*left} <= self.acknowledged for group in self.groups)
        self.quiz.factory.stopFactory()

    # What the model knows.

    def one(self, choice):
        if not self.members:
            self.arrive(1, 0)
        return self.members[choice % len(self.members)]

    def chosen(self, member, which):
        """A message that the client may acknowledge, the oldest for 0; None when it has none."""
        bodies = list(member.unacknowledged)
        return bodies[which % len(bodies)] if bodies else None

    def new_body(self):
        self.made += 1
        return b"%d" % self.made

    def take(self, member, bodies):
        for body in bodies:
            member.unacknowledged.pop(body, None)

    def say(self, member, command, headers, sent, consumed, body=b""):
        """Have a client send a frame; its receipt says that these are kept and those consumed."""
        receipt = f"{command} {self.made} {len(member.awaited)} {len(self.order)}"
        member.awaited[receipt] = (sent, consumed)
        member.client.send(command, headers | {"receipt": receipt}, body)
        self.hear_all()

    def hear_all(self):
        for member in self.members:
            self.hear(member)

    def hear(self, member):
        for frame in member.client.read():
            if frame.command == "RECEIPT":
                sent, consumed = member.awaited.pop(frame.headers["receipt-id"])
                self.kept |= {*sent}
                self.consumed |= {*consumed}
            else:
                assert frame.command == "MESSAGE", frame
                self.hear_message(member, frame)

    def hear_message(self, member, frame):
        assert frame.body in self.order
        assert frame.body not in self.consumed
        assert not any(frame.body in each.unacknowledged for each in self.members)
        if frame.body in self.delivered:
            assert frame.headers.get("redelivered") == "true"
        self.delivered.add(frame.body)
        self.acknowledged.discard(frame.body)  # It was not heard.
        member.unacknowledged[frame.body] = frame.headers.get("ack", frame.headers["message-id"])


class FileModel(MemoryModel):
    """The queue of a broker that keeps it in a file, is stopped, and crashes."""

    def __init__(self, folder):
        self.folder = folder
        self.files = 0
        super().__init__()

    def make_quiz(self):
        return Quiz(store_file=self.folder / f"queues{self.files}")

    def crash(self, choice, which):
        """At any moment: what is on the disk then is what there is."""
        self.lose_everybody()
        old = self.folder / f"queues{self.files}"
        self.files += 1
        for suffix in ("", "-wal"):
            shutil.copy(f"{old}{suffix}", self.folder / f"queues{self.files}{suffix}")
        self.quiz.factory.broker.queues.store._file.close()
        self.quiz = self.make_quiz()

    def stop_and_start(self, choice, which):
        self.turn()
        self.lose_everybody()
        self.quiz.factory.stopFactory()
        self.quiz = self.make_quiz()

    def lose_everybody(self):
        self.hear_all()
        self.members.clear()


COMMON = [
    "arrive",
    "send",
    "acknowledge",
    "refuse",
    "begin",
    "send_in_transaction",
    "acknowledge_in_transaction",
    "commit",
    "abort",
    "turn",
    "leave",
]


def steps(*names):
    return st.lists(
        st.tuples(st.sampled_from(names), st.integers(0, 100), st.integers(0, 100)), min_size=20, max_size=60
    )


def play(model, moves):
    for name, choice, which in moves:
        getattr(model, name)(choice, which)
    model.end()


@given(steps(*COMMON))
@settings(deadline=None)
def test_in_memory_what_was_receipted_is_kept_once_and_in_order_until_it_is_consumed(moves):
    play(MemoryModel(), moves)


@given(steps(*COMMON, "stop_and_start", "crash"))
@settings(deadline=None)
def test_in_a_file_it_is_also_through_crashes_at_any_moment(moves):
    with tempfile.TemporaryDirectory() as folder:
        play(FileModel(Path(folder)), moves)
