"""The open transactions of one connection: what was said between BEGIN and COMMIT, kept until then."""

from stomp_broker.errors import Code, RemoteError
from stomp_broker.events import Action, Send

# Open at once in one connection. One is usual.
MAX_TRANSACTIONS = 10
# Bytes kept for all open transactions of one connection.
MAX_HELD_BYTES = 4 * 1024 * 1024
# Bytes that an action is counted for beside its body: the size of the objects that hold it.
ACTION_BYTES = 512


class Transactions:
    """Actions by transaction. Every error is a :class:`RemoteError` (bad-transaction)."""

    __slots__ = ("_held_bytes", "_open")

    def __init__(self) -> None:
        self._open: dict[str, list[Action]] = {}
        self._held_bytes = 0

    def begin(self, name: str) -> None:
        """Open a transaction."""
        if name in self._open or len(self._open) >= MAX_TRANSACTIONS:
            raise RemoteError(Code.BAD_TRANSACTION)
        self._open[name] = []

    def add(self, name: str, action: Action) -> None:
        """Keep an action for the commit."""
        self._held_bytes += _size(action)
        if name not in self._open or self._held_bytes > MAX_HELD_BYTES:
            raise RemoteError(Code.BAD_TRANSACTION)
        self._open[name].append(action)

    def end(self, name: str) -> tuple[Action, ...]:
        """Close a transaction and give what was kept, in order."""
        if name not in self._open:
            raise RemoteError(Code.BAD_TRANSACTION)
        actions = tuple(self._open.pop(name))
        self._held_bytes -= sum(map(_size, actions))
        return actions


def _size(action: Action) -> int:
    if not isinstance(action, Send):
        return ACTION_BYTES
    return ACTION_BYTES + len(action.body) + sum(len(name) + len(value) for name, value in action.headers.items())
