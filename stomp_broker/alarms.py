"""Alarms: something runs out, and who publishes has to wait until there is enough again.

Readers go on: what they take is what makes room. A publisher is stopped at its next SEND, and nothing that comes after
it is read, so that its own system makes it wait. STOMP has no word for that; statistics, metrics and the log do.
"""

from collections.abc import Callable, Hashable

from stomp_broker.logs import Log

# What an alarm may be about.
MEMORY, DESCRIPTORS, STORE = "memory", "descriptors", "store"

# Whether something is scarce now; asked about once a second. Its text says what, for the log.
Watch = Callable[[], bool]

log = Log()


class Alarms:
    """What is watched, what is scarce now, and who waits for its end."""

    def __init__(self) -> None:
        self.raised: list[str] = []
        self._watches: dict[str, tuple[Watch, object]] = {}
        self._waiting: dict[Hashable, Callable[[], None]] = {}

    @property
    def names(self) -> list[str]:
        """All that is watched."""
        return list(self._watches)

    @property
    def blocked(self) -> int:
        """How many publishers wait."""
        return len(self._waiting)

    def watch(self, name: str, is_scarce: Watch, about: object = "") -> None:
        """Ask ``is_scarce`` at every look; ``about`` says in the log what is scarce. The same name again: instead."""
        self._watches[name] = (is_scarce, about)

    def look(self) -> None:
        """Raise the alarms that are due, end those that are over, and let publishers go on after the last of them."""
        for name, (is_scarce, about) in self._watches.items():
            self._set(name, is_scarce(), about)
        if not self.raised:
            self._release()

    def block(self, publisher: Hashable, resume: Callable[[], None]) -> None:
        """Have a publisher wait: call ``resume`` when all alarms are over."""
        self._waiting[publisher] = resume

    def forget(self, publisher: Hashable) -> None:
        """A publisher is gone, and waits no more."""
        self._waiting.pop(publisher, None)

    def _set(self, name: str, scarce: bool, about: object) -> None:
        if scarce and name not in self.raised:
            self.raised.append(name)
            log.error("publishers wait, readers go on", alarm=name, why=about)
        elif not scarce and name in self.raised:
            self.raised.remove(name)
            log.info("publishers go on", alarm=name, why=about)

    def _release(self) -> None:
        waiting, self._waiting = self._waiting, {}
        for resume in waiting.values():
            resume()
