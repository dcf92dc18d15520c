"""``manage.py import_quiz FILE --owner NAME``: a quiz from a CSV, GIFT or OpenTriviaQA file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from quiz.authoring import languages, wording
from quiz.authoring.formats import MAX_FILE_BYTES, FormatError, Import, Note, read
from quiz.authoring.forms import title_from
from quiz.authoring.models import Quiz
from quiz.authoring.rules import MAX_QUESTIONS, MAX_TITLE_CHARS
from quiz.languages import SOURCE


class Command(BaseCommand):
    help = "Import a file of questions as a new quiz; print its number and a line for each thing left out or changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="CSV, GIFT or OpenTriviaQA; the content tells which")
        parser.add_argument("--owner", required=True, metavar="NAME", help="user name of the author")
        parser.add_argument("--title", metavar="T", help="title of the quiz (default: from the file's name)")
        parser.add_argument("--limit", type=int, default=MAX_QUESTIONS, metavar="N", help="take the first N questions")
        parser.add_argument("--language", choices=[*dict(settings.LANGUAGES)], default=SOURCE, help="of the questions")

    def handle(self, *args: object, **options: Any) -> None:  # noqa: ANN401 - argparse knows the types
        owner = _owner(options["owner"])
        title = _title(options["title"] or title_from(options["file"].name))
        if not 1 <= options["limit"] <= MAX_QUESTIONS:
            raise CommandError(f"--limit is between 1 and {MAX_QUESTIONS}.")
        result = _read(options["file"], options["language"], options["limit"])
        if not result.questions:
            raise CommandError("\n".join(["No question of the file can be used.", *map(_line, result.notes)]))
        quiz = Quiz.objects.create_filled(owner, title, result.questions, language=options["language"])
        self.stdout.write(f"quiz {quiz.pk}: {len(result.questions)} questions")
        for note in result.notes:
            self.stdout.write(_line(note))


def _owner(name: str) -> User:
    try:
        return User.objects.get(username=name)
    except User.DoesNotExist:
        raise CommandError(f"There is no user {name!r}; register first.") from None


def _title(title: str) -> str:
    title = title.strip()
    if not 1 <= len(title) <= MAX_TITLE_CHARS:
        raise CommandError(f"A title has 1 to {MAX_TITLE_CHARS} characters; choose one with --title.")
    return title


def _read(file: Path, language: str, limit: int) -> Import:
    try:
        with file.open("rb") as stream:
            return read(stream.read(MAX_FILE_BYTES + 1), languages.described(language), limit)
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from None
    except FormatError as error:
        raise CommandError(f"{file}: {wording.of_file_error(error)}") from None


def _line(note: Note) -> str:
    line, done, wrong = wording.of_note(note)
    return f"line {line}: {done}: {wrong}"
