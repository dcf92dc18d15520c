"""Subscribers for the tests of hub and rounds: they take as many bytes at once as they have room for."""

from stomp_broker.frames import Version
from stomp_broker.messages import Message, Shape
from tests.stomp_broker.clients import frames_in

SHAPE = Shape("0", Version.V12, False)
OTHER_SHAPE = Shape("1", Version.V12, False)


def message(destination="/a", body=b"hi"):
    return Message({"destination": destination, "message-id": "T1", "sender": "service:web"}, body)


class Reader:
    """Keeps the very objects that it was handed. ``room`` is how many bytes it takes before it is slow."""

    def __init__(self, hub, room=1 << 30):
        self.frames = []
        self.waiting = []
        self.room = room
        self.is_slow = False
        self._hub = hub

    @property
    def send(self):
        return self._refuse if self.is_slow else self._take

    def keep(self, data):
        if not self.is_slow:
            self.is_slow = True
            self._hub.rewire(self)
        self.waiting.append(data)

    def say(self, data):
        """Something that does not come by the hub, and must not overtake what did."""
        self._hub.settle(self)
        if self.is_slow or self._take(data) < len(data):
            self.keep(data)

    def drain(self, room=1 << 30):
        """Read what waited, and go on."""
        self.room = room
        self.is_slow = False
        self._hub.rewire(self)
        self.frames += self.waiting
        self.waiting = []

    def bodies(self):
        """The bodies of all that came."""
        return [frame.body for frame in frames_in(b"".join(self.frames))]

    def _take(self, data):
        taken = min(self.room, len(data))
        self.room -= taken
        if taken:
            self.frames.append(data if taken == len(data) else data[:taken])
        return taken

    def _refuse(self, data):
        return 0


def run(hub):
    """As many turns as the hub asks for, and how many these were."""
    hub.wake = lambda: None
    turns = 0
    while hub._rounds:
        hub.run()
        turns += 1
    return turns
