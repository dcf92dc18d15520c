"""What holds for every kind of question: a new one passes :func:`check` with drafts and answers of its own."""

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from quiz.kinds import BadChoice, Kind, Partial, QuestionDraft

NEVER = [None, True, 7.5, {}, {"a": 1}, [], [[]], [None], "", " ", "\x00", "\ud800", "x" * 10_000, ["x"] * 10_000]
"""JSON that strangers send; a kind may take some of it, and never fails over any."""


def check(kind: Kind, draft: QuestionDraft, given: Sequence[Any]) -> None:
    """Ask ``draft``, which has no problems, and take ``given``: answers as pages send them, of the frozen question."""
    assert list(kind.problems(draft)) == []
    asked = kind.freeze(draft)
    plain = json.dumps([asked.choices, asked.solution, asked.settings, kind.shown(asked)])
    assert json.loads(plain) == [asked.choices, asked.solution, asked.settings, kind.shown(asked)]
    choices = [kind.read(value, asked) for value in given]
    for value in NEVER:
        _is_read_or_refused(kind, value, asked)
    for choice in choices:
        assert json.loads(json.dumps(choice)) == choice
        assert kind.read(choice, asked) == choice
        credits = [kind.credit(choice, asked, partial) for partial in Partial]
        assert all(isinstance(credit, Fraction) and 0 <= credit <= 1 for credit in credits)
        assert kind.is_right(choice, asked) == (kind.judged and credits[0] == 1)
        assert all(isinstance(word, str) for word in kind.spelled(choice, asked))
    counts = kind.counts(choices, asked)
    assert all(isinstance(key, str) and isinstance(count, int) for key, count in counts.items())
    assert kind.counts(reversed(choices), asked).keys() == counts.keys()
    assert all(line.key and line.count <= len(choices) for line in kind.lines(counts, asked))
    assert bool(kind.solved(asked)) == kind.judged


def _is_read_or_refused(kind: Kind, value: Any, asked: Any) -> None:
    try:
        choice = kind.read(value, asked)
    except BadChoice:
        return
    assert kind.read(choice, asked) == choice
