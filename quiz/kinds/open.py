"""Open questions: what people think in their own words, as a list of texts or as a cloud of words; nothing is right."""

import json
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from quiz.characters import can_be_seen, has_tricks, key
from quiz.kinds.draft import Problem, QuestionDraft
from quiz.kinds.kind import Asked, BadChoice, BadSolution, Json, Kind, Line, Partial, Told

TEXT, CLOUD = "text", "cloud"
"""The two forms: one text, or up to so many words or short phrases."""

MAX_ENTRIES = 3  # of one player: the first things that come to mind
MAX_CHARS = {TEXT: 120, CLOUD: 40}  # of an entry: what is read at a glance in a list, and what is still a phrase
MAX_RAW_CHARS = 480  # of what was sent, looked at before anything else: NFKC makes less of it, or refuses it

MAX_TOLD = 60  # entries of a reveal: a cloud that fits on a wall, or a few pages of texts
MAX_TOLD_BYTES = {TEXT: 10_240, CLOUD: 1_024}
"""Of their JSON. Texts are three times in a message at most, which with all else stays under a frame of 64 KiB; more
letters of a cloud are not to be read on a wall."""


class Open(Kind):
    """``data``: the ``form``, and how many ``entries`` a player of a cloud has.

    The settings of a frozen question also have the ``hidden`` entries, each as its ``key``.
    """

    name = "open"
    look = "open"
    judged = False
    moderated = True

    def problems(self, draft: QuestionDraft) -> Iterator[Problem]:
        form, entries = draft.data.get("form"), draft.data.get("entries", 1)
        if form not in MAX_CHARS:
            yield Problem("no-such-form", "form")
        if type(entries) is not int or not 1 <= entries <= MAX_ENTRIES:
            yield Problem("entries-out-of-range", "entries", values={"minimum": 1, "maximum": MAX_ENTRIES})

    def freeze(self, draft: QuestionDraft) -> Asked:
        form = draft.data["form"]
        entries = draft.data.get("entries", 1) if form == CLOUD else 1
        return Asked([], [], settings={"form": form, "entries": entries, "hidden": []})

    def shown(self, asked: Asked) -> Json:
        form, entries = asked.settings["form"], asked.settings["entries"]
        return {"form": form, "entries": entries, "max_chars": MAX_CHARS[form]}

    def read(self, value: Json, asked: Asked) -> list[str]:
        """The entries (a text, or a list of them), each in NFKC and in one line; those that say the same are one."""
        given = value if isinstance(value, list) else [value]
        if not 0 < len(given) <= asked.settings["entries"]:
            raise BadChoice
        by_key: dict[str, str] = {}
        for raw in given:
            text = _entry(raw, MAX_CHARS[asked.settings["form"]])
            by_key.setdefault(key(text), text)
        return list(by_key.values())

    def credit(self, choice: Json, asked: Asked, partial: Partial) -> Fraction:
        return Fraction(0)

    def counts(self, choices: Iterable[Json], asked: Asked) -> dict[str, int]:
        """All entries as most people spelled them: of a cloud the frequent ones first, of texts the newest."""
        groups: dict[str, _Group] = {}
        for place, choice in enumerate(choices):
            for text in choice:
                groups.setdefault(key(text), _Group()).add(text, place)
        order = _frequent if asked.settings["form"] == CLOUD else _new
        return {group.text: group.count for group in sorted(groups.values(), key=order)}

    def told(self, counts: Mapping[str, int], asked: Asked, is_unwanted: Callable[[str], bool]) -> Told:
        """As many entries as fit into a message, in this ``order``; so many ``more`` there are."""
        hidden = set(asked.settings["hidden"])
        room = MAX_TOLD_BYTES[asked.settings["form"]]
        order, more = _fitting([text for text in counts if key(text) not in hidden], room, is_unwanted)
        return Told({text: counts[text] for text in order}, {"order": order, "more": more})

    def lines(self, counts: Mapping[str, int], asked: Asked) -> list[Line]:
        hidden = set(asked.settings["hidden"])
        return [
            Line(text, text, right=False, count=count, hidden=key(text) in hidden) for text, count in counts.items()
        ]

    def hiding(self, entry: str, hidden: bool, counts: Mapping[str, int], asked: Asked) -> dict[str, Any]:
        wanted = key(entry)
        if wanted not in map(key, counts):
            raise LookupError(entry)
        others = [other for other in asked.settings["hidden"] if other != wanted]
        return {**asked.settings, "hidden": [*others, wanted] if hidden else others}

    def spelled(self, choice: Json, asked: Asked) -> list[str]:
        return list(choice)

    def regrade(self, value: Json, asked: Asked) -> list[str]:
        raise BadSolution


@dataclass(slots=True)
class _Group:
    """Entries that say the same: how often each spelling came, and the place of the newest."""

    ways: Counter[str] = field(default_factory=Counter)
    newest: int = 0

    def add(self, text: str, place: int) -> None:
        self.ways[text] += 1
        self.newest = place

    @property
    def count(self) -> int:
        return self.ways.total()

    @property
    def text(self) -> str:
        """The most frequent spelling; of equally frequent ones always the same."""
        return min(self.ways, key=lambda way: (-self.ways[way], way))


def _frequent(group: _Group) -> tuple[int, str]:
    return -group.count, group.text


def _new(group: _Group) -> int:
    return -group.newest


def _entry(raw: Json, maximum: int) -> str:
    if not isinstance(raw, str) or len(raw) > MAX_RAW_CHARS:
        raise BadChoice
    text = " ".join(unicodedata.normalize("NFKC", raw).split())
    if len(text) > maximum or has_tricks(text) or not can_be_seen(text):
        raise BadChoice
    return text


def _fitting(texts: Sequence[str], room: int, is_unwanted: Callable[[str], bool]) -> tuple[list[str], int]:
    """The first of them that may be read and have ``room`` (bytes of JSON), and how many come after those."""
    fitting: list[str] = []
    for place, text in enumerate(texts):
        if is_unwanted(text):
            continue
        room -= len(json.dumps(text, ensure_ascii=False).encode())
        if room < 0 or len(fitting) == MAX_TOLD:
            return fitting, len(texts) - place
        fitting.append(text)
    return fitting, 0
