"""The kinds of question by name, our own and those of other apps."""

from quiz.kinds.kind import Kind

_KINDS: dict[str, Kind] = {}


class UnknownKind(LookupError):
    """A question is of a kind that nobody has registered: its app was switched off while its questions stayed."""

    def __init__(self, name: str) -> None:
        super().__init__(f"No kind of question is called {name!r} here: name its app in QUESTION_KINDS.")
        self.name = name


def register(kind: Kind) -> None:
    """Make a kind known; ``ValueError`` for a second one of the same name."""
    if _KINDS.setdefault(kind.name, kind) is not kind:
        raise ValueError(f"two kinds of question are called {kind.name!r}")


def named(name: str) -> Kind:
    """The kind of that name; :class:`UnknownKind`."""
    try:
        return _KINDS[name]
    except KeyError:
        raise UnknownKind(name) from None


def names() -> list[str]:
    """All that are known, in the order in which they were registered."""
    return list(_KINDS)
