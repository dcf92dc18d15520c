"""The author and the quizzes that a fresh installation shows: something to play two minutes after the first start."""

from pathlib import Path
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import transaction

from .. import languages
from ..formats import read
from ..models import Quiz

AUTHOR = "demo"
_FOLDER = Path(__file__).parent


class _Source(NamedTuple):
    file: str
    language: str
    title: str
    description: str


_SOURCES = (
    _Source(
        "space.it.csv",
        "it",
        "Un giro intorno al Sole",
        "Quindici domande dallo spazio alla Terra; per alcune ci sono più risposte giuste.",
    ),
    _Source(
        "space.en.csv",
        "en",
        "Once round the Sun",
        "Fifteen questions from space down to Earth; a few have several right answers.",
    ),
)


@transaction.atomic
def create(password: str) -> list[Quiz]:
    """Create the author and the quizzes. Nothing is done, and nothing returned, where the author is there already."""
    if User.objects.filter(username=AUTHOR).exists():
        return []
    author = User.objects.create_user(AUTHOR, password=password)
    return [_create_quiz(author, source) for source in _SOURCES]


def _create_quiz(author: User, source: _Source) -> Quiz:
    questions = read((_FOLDER / source.file).read_bytes(), languages.described(source.language)).questions
    return Quiz.objects.create_filled(
        author, source.title, questions, language=source.language, description=source.description
    )
