"""``manage.py import_quiz``."""

import pytest
from django.core.management import CommandError, call_command

from quiz.authoring.models import Quiz

FILE = """Question;Answer 1;Answer 2;Correct
Largest?;Mars;Jupiter;2
Which?;a;b;9
Smallest?;Mercury;Saturn;1
"""


@pytest.fixture
def run(tmp_path, author, capsys):
    def run(content=FILE, *options, name="planets_of-ours.csv", owner="author"):
        file = tmp_path / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        call_command("import_quiz", str(file), "--owner", owner, *options)
        return capsys.readouterr().out.splitlines()

    return run


def test_prints_the_quiz_and_each_line_left_out(run, author):
    out = run()
    quiz = Quiz.objects.get()
    assert out == [
        f"quiz {quiz.pk}: 2 questions",
        "line 3: Left out: “9” names none of the options as the right one.",
    ]
    assert (quiz.title, quiz.owner) == ("planets of ours", author)
    assert [question.text for question in quiz.questions.all()] == ["Largest?", "Smallest?"]


def test_title_language_and_limit_are_options(run):
    assert run(FILE, "--title", "Pianeti", "--language", "it", "--limit", "1") == [
        f"quiz {Quiz.objects.get().pk}: 1 questions",
        "line 3: Left out: “9” names none of the options as the right one.",
        "line 4: Left out: 1 questions were taken; this one and all after it were not.",
    ]
    assert Quiz.objects.values_list("title", "language").get() == ("Pianeti", "it")


@pytest.mark.parametrize(
    ("content", "options", "owner", "words"),
    [
        (FILE, [], "nobody", "no user 'nobody'"),
        (FILE, ["--title", "x" * 121], "author", "1 to 120 characters"),
        (FILE, ["--limit", "0"], "author", "between 1 and 5000"),
        (FILE, ["--limit", "5001"], "author", "between 1 and 5000"),
        ("Dear all", [], "author", "neither GIFT nor OpenTriviaQA"),
        ("{=Galileo ~Newton}", [], "author", "line 1: Left out: A question without text"),
        (b"x" * 1_048_577, [], "author", "larger than 1048576 bytes"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(run, content, options, owner, words):
    with pytest.raises(CommandError, match=words):
        run(content, *options, owner=owner)
    assert not Quiz.objects.exists()


def test_missing_file_is_said(author):
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_quiz", "/nowhere/to/be/found.csv", "--owner", "author")
