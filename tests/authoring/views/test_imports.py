"""From a file to a quiz by way of a preview."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from quiz.authoring import formats
from quiz.authoring.models import UPLOAD_LIFETIME, Question, Quiz, Upload
from quiz.authoring.views import imports

GIFT = b"Which is <b>larger</b>? {=Jupiter ~Mars}\n\nDiscuss.\n\nThe Sun is a star. {T}\n"


def upload(browser, content=GIFT, name="solar_system.gift", language="en"):
    return browser.post("/quizzes/import/", {"file": SimpleUploadedFile(name, content), "language": language})


def test_preview_stores_nothing_and_names_each_line(host):
    answer = upload(host)
    html = host.get(answer["Location"]).content.decode()
    assert "Import these 2 questions" in html
    assert '<td class="table__number">3</td><td>Left out</td><td>Text without answers in braces' in html
    assert "Which is &lt;b&gt;larger&lt;/b&gt;?" in html
    assert 'value="solar system"' in html
    assert not Quiz.objects.exists()


def test_confirmation_imports_what_was_shown(host, author):
    answer = host.post(upload(host)["Location"], {"title": "Our sky"})
    quiz = Quiz.objects.get()
    assert (quiz.owner, quiz.title, quiz.language) == (author, "Our sky", "en")
    assert [question.text for question in quiz.questions.all()] == ["Which is <b>larger</b>?", "The Sun is a star."]
    assert answer["Location"] == quiz.get_absolute_url()
    assert not Upload.objects.exists()


def test_second_click_imports_nothing_more(host):
    preview = upload(host)["Location"]
    host.post(preview, {"title": "Once"})
    assert host.post(preview, {"title": "Twice"})["Location"] == "/quizzes/import/"
    assert Quiz.objects.count() == 1


def test_language_of_the_questions_is_chosen(host):
    host.post(upload(host, language="it")["Location"], {"title": "Cielo"})
    assert Quiz.objects.get().language == "it"
    assert Question.objects.last().choices.first().text == "Vero"


def test_title_is_needed(host):
    preview = upload(host)["Location"]
    for title in ("", "x" * 121):
        answer = host.post(preview, {"title": title})
        assert answer.status_code == 400
        assert "title" in answer.context["form"].errors
    assert not Quiz.objects.exists()


def test_file_without_a_usable_question_offers_no_import(host):
    preview = upload(host, b"Pick one. {~this ~that}\n")["Location"]
    assert "Import these" not in host.get(preview).content.decode()
    assert host.post(preview, {"title": "Nothing"}).status_code == 400
    assert not Quiz.objects.exists()


def test_failure_in_the_middle_leaves_nothing(host, monkeypatch):
    preview = upload(host)["Location"]
    monkeypatch.setattr(Quiz, "touch", lambda quiz: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        host.post(preview, {"title": "Half"})
    assert not Quiz.objects.exists()
    assert not Question.objects.exists()
    assert Upload.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04...", "Save it as CSV"),
        (b"Dear all", "neither GIFT nor OpenTriviaQA"),
        (b"  ", "nothing in the file"),
        (b"\x00\x01", "not a text file"),
        (b'Question,A,B,Correct\n"x,a,b,1\n', "From line 2 on"),
    ],
)
def test_broken_file_is_refused_beside_its_field(host, content, words):
    answer = upload(host, content)
    assert answer.status_code == 400
    assert words in answer.context["form"].errors["file"][0]
    assert not Upload.objects.exists()


@pytest.mark.parametrize("data", [{}, {"file": "no file", "language": "en"}])
def test_file_must_be_there(host, data):
    assert "file" in host.post("/quizzes/import/", data).context["form"].errors


def test_largest_file_is_taken_and_larger_ones_are_not(host):
    start = b"The Sun is a star. {T}\n\n// "
    fits = start + b"x" * (formats.MAX_FILE_BYTES - len(start))
    assert upload(host, fits).status_code == 302
    answer = upload(host, fits + b"x")
    assert answer.status_code == 413
    assert "larger than 1048576 bytes" in answer.context["form"].errors["file"][0]


def test_body_far_too_large_is_refused_unread(host):
    body = Unread()
    answer = host.generic(
        "POST",
        "/quizzes/import/",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(imports.MAX_BODY_BYTES + 1),
        **{"wsgi.input": body},
    )
    assert answer.status_code == 413
    assert "Split it" in answer.content.decode()
    assert not body.was_read


class Unread(io.BytesIO):
    was_read = False

    def read(self, *size):
        self.was_read = True
        return b""


def test_preview_of_another_author_is_not_there(host, stranger):
    preview = upload(host)["Location"]
    for answer in (stranger.get(preview), stranger.post(preview, {"title": "Mine"})):
        assert answer["Location"] == "/quizzes/import/"
    assert not Quiz.objects.exists()
    assert Upload.objects.exists()


def test_preview_expires(host):
    preview = upload(host)["Location"]
    Upload.objects.update(created_at=timezone.now() - UPLOAD_LIFETIME - timedelta(seconds=1))
    assert host.post(preview, {"title": "Late"})["Location"] == "/quizzes/import/"
    assert not Quiz.objects.exists()


def test_token_is_asked_for_although_large_bodies_are_refused_before(author):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(author)
    assert upload(browser).status_code == 403
    assert not Upload.objects.exists()


def test_long_preview_shows_the_first_questions_and_counts_the_rest(host):
    content = "\n\n".join(f"Number {number}? {{T}}" for number in range(imports.QUESTIONS_SHOWN + 3))
    html = host.get(upload(host, content.encode())["Location"]).content.decode()
    assert "Number 19?" in html
    assert "Number 20?" not in html
    assert "… and 3 more." in html
