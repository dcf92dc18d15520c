"""How a game shows what its author wrote: formatted texts as trees beside plain ones, pictures by their address.

A frozen copy has all of it ready, so that a game needs no parser, and neither a changed quiz nor a newer parser changes
what a running game shows.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse

from quiz import kinds
from quiz.authoring.models import Question
from quiz.authoring.richtext import Tree, parse, parse_line, plain
from quiz.kinds.draft import ChoiceDraft, PictureDraft, QuestionDraft

Data = dict[str, Any]
Parser = Callable[[str], Tree]


@dataclass(frozen=True)
class Presented:
    """A question with its texts in plain words, and beside them what a page shows in their place: trees or None."""

    draft: QuestionDraft
    rich: Tree | None
    explanation_rich: Tree | None
    picture: Data | None


def presented(question: Question) -> Presented:
    """An author's question as its game shows it; texts are formatted where the quiz says so."""
    draft, formatted = question.draft, question.quiz.formatted
    text, rich = _read(draft.text, parse if formatted else None)
    explanation, explanation_rich = _read(draft.explanation, parse if formatted else None)
    choices = tuple(_choice(choice, parse_line if formatted else None) for choice in draft.choices)
    data = {**draft.data, **_lists(draft)} if formatted else draft.data
    shown = replace(draft, text=text, explanation=explanation, choices=choices, data=data)
    return Presented(shown, rich, explanation_rich, _picture(draft.picture) if draft.picture else None)


def _choice(choice: ChoiceDraft, parser: Parser | None) -> ChoiceDraft:
    """An option whose text is never empty: where only a picture is to be seen, it says what the picture shows.

    A page can tell by ``alt``, which is the same as the text there and nowhere else.
    """
    text, rich = _read(choice.text, parser)
    more: Data = {"rich": rich} if rich else {}
    if choice.picture:
        more["picture"] = _picture(choice.picture)
        if choice.picture.alt == text:
            more["picture"]["alt"] = ""
        text = text or choice.picture.alt
    return replace(choice, text=text, more=more)


def _lists(draft: QuestionDraft) -> Data:
    """The lists of texts that a kind has formatted: in plain words, and each beside them as trees or None."""
    lists: Data = {}
    for name in kinds.named(draft.kind).formatted:
        read = [_read(text, parse_line) for text in draft.data[name]]
        lists |= {name: [words for words, _ in read], f"{name}_rich": [tree for _, tree in read]}
    return lists


def _picture(picture: PictureDraft) -> Data:
    """Where it is, what it shows, and its size in pixels, so that its place is kept before it is there."""
    address = reverse("picture", args=[picture.id])
    return {"url": address, "width": picture.width, "height": picture.height, "alt": picture.alt}


def _read(text: str, parser: Parser | None) -> tuple[str, Tree | None]:
    """The plain text, and its tree if that shows more than the plain text."""
    if parser is None:
        return text, None
    tree = parser(text)
    words = plain(tree)
    return words, None if tree in ([], [words], [["p", words]]) else tree
