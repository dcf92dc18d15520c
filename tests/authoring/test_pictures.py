"""Pictures from the form to the address: who may upload, what is kept for how long, and who gets it."""

import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import RestrictedError
from django.test import Client
from django.utils import timezone
from PIL import Image

from quiz.authoring import pictures
from quiz.authoring.models import Choice, Question, Quiz
from quiz.authoring.picturefile import BadPicture
from quiz.authoring.pictures import UNUSED_LIFETIME, Picture
from quiz.authoring.views import questions


def file(colour: str = "red", size: tuple[int, int] = (60, 40), format: str = "PNG", name: str = "a.png") -> Any:
    content = io.BytesIO()
    Image.new("RGB", size, colour).save(content, format)
    return SimpleUploadedFile(name, content.getvalue())


def fields(**more: Any) -> dict[str, Any]:
    base = {"text": "Which is red?", "time_limit_s": 20, "points": 1000, "explanation": ""}
    return {**base, "choice_1": "This", "right_1": "on", "choice_2": "That", **more}


@pytest.fixture
def address(quiz: Quiz) -> str:
    return f"/quizzes/{quiz.pk}/questions/new/"


@pytest.fixture
def newest(quiz: Quiz) -> Any:
    return lambda: Question.objects.filter(quiz=quiz).last()


def test_question_and_options_get_their_pictures(host: Client, address: str, newest: Any, author: Any) -> None:
    posted = fields(
        picture_file=file("red", (3_000, 1_500)),
        picture_alt="A red field",
        picture_1_file=file("blue", (1_600, 1_600)),
        picture_1_alt="A blue square",
        choice_1="",
    )
    assert host.post(address, posted).status_code == 302
    question = newest()
    assert (question.picture.owner, question.picture_alt) == (author, "A red field")
    assert (question.picture.width, question.picture.height) == (1_600, 800)
    first, second = question.choices.all()
    assert (first.text, first.picture.width, first.picture_alt, first.right) == ("", 800, "A blue square", True)
    assert second.picture is None


def test_a_picture_is_served_to_everybody_who_has_its_address_and_kept_by_caches(
    host: Client, stranger: Client, author: Any
) -> None:
    picture = Picture.objects.keep(author, file().read(), 800)
    for browser in (Client(), host, stranger):
        answer = browser.get(picture.get_absolute_url())
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert "Set-Cookie" not in answer
        assert "Cookie" not in answer.get("Vary", "")
        assert Image.open(io.BytesIO(answer.content)).size == (60, 40)
    assert Client().get(f"/pictures/{uuid4()}.webp").status_code == 404
    assert Client().post(picture.get_absolute_url()).status_code == 405


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (SimpleUploadedFile("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "This is no picture"),
        (SimpleUploadedFile("a.png", b"<!doctype html><script>alert(1)</script>"), "This is no picture"),
        (SimpleUploadedFile("a.png", file().read()[:-30]), "The file is damaged"),
        (SimpleUploadedFile("a.png", b"x" * (5 * 2**20 + 1)), "larger than 5 MiB"),
        (file(size=(900, 100)), "more than 8 times"),
    ],
)
def test_what_is_no_picture_is_refused_with_a_sentence_and_changes_nothing(
    host: Client, address: str, quiz: Quiz, upload: Any, sentence: str
) -> None:
    before = quiz.questions.count()
    upload.seek(0)
    answer = host.post(address, fields(picture_2_file=upload))
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert (quiz.questions.count(), Picture.objects.count()) == (before, 0)


def test_a_picture_survives_a_mistake_elsewhere_in_the_form(host: Client, address: str, newest: Any) -> None:
    answer = host.post(address, fields(text="", picture_file=file()))
    assert answer.status_code == 400
    picture = Picture.objects.get()
    assert picture.get_absolute_url() in answer.content.decode()
    host.post(address, fields(picture_kept=str(picture.pk), picture_alt="Red"))
    assert newest().picture == picture


def test_an_option_that_is_only_a_picture_needs_words(host: Client, address: str, newest: Any) -> None:
    posted = fields(choice_1="", picture_1_file=file())
    answer = host.post(address, posted)
    assert "some players do not see pictures" in str(answer.context["form"].errors["choice_1"])
    kept = str(Picture.objects.get().pk)
    assert host.post(address, fields(choice_1="", picture_1_kept=kept, picture_1_alt="Red")).status_code == 302


def test_two_options_may_differ_by_their_pictures_alone(host: Client, address: str, quiz: Quiz) -> None:
    both = {"choice_1": "", "choice_2": "", "picture_1_alt": "One", "picture_2_alt": "Two"}
    posted = fields(**both, picture_1_file=file("red"), picture_2_file=file("blue"))
    assert host.post(address, posted).status_code == 302


def test_another_authors_picture_is_as_none(host: Client, stranger: Client, address: str, newest: Any) -> None:
    host.post(address, fields(picture_file=file()))
    kept = str(newest().picture.pk)
    theirs = Quiz.objects.create(owner_id=stranger.session["_auth_user_id"], title="Theirs")
    there = f"/quizzes/{theirs.pk}/questions/new/"
    for id in (kept, "no-id", "../../etc/passwd"):
        assert stranger.post(there, fields(picture_kept=id)).status_code == 302
    assert not Question.objects.filter(quiz=theirs, picture__isnull=False).exists()


@pytest.mark.parametrize("who", ["stranger", "player"])
def test_others_upload_nothing_to_an_authors_quiz(request: pytest.FixtureRequest, address: str, who: str) -> None:
    answer = request.getfixturevalue(who).post(address, fields(picture_file=file()))
    assert answer.status_code in (302, 404)
    assert not Picture.objects.exists()


def test_a_picture_is_kept_taken_away_and_replaced(host: Client, address: str, newest: Any, quiz: Quiz) -> None:
    host.post(address, fields(picture_file=file("red"), picture_alt="Red"))
    question = newest()
    there, first = f"/quizzes/{quiz.pk}/questions/{question.pk}/", question.picture
    shown = host.get(there).content.decode()
    assert first.get_absolute_url() in shown
    assert 'value="Red"' in shown
    host.post(there, fields(picture_kept=str(first.pk), picture_alt="Still red"))
    assert (newest().picture, newest().picture_alt) == (first, "Still red")
    host.post(there, fields(picture_kept=str(first.pk), picture_file=file("blue")))
    assert newest().picture not in (first, None)
    host.post(there, fields(picture_kept=str(newest().picture.pk), picture_removed="on"))
    assert newest().picture is None


def test_a_body_beyond_all_measure_is_refused_unread(
    host: Client, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Picture.objects, "keep", lambda *_: pytest.fail("was read"))
    answer = host.post(address, fields(picture_file=file()), CONTENT_LENGTH=str(questions.MAX_BODY_BYTES + 1))
    assert (answer.status_code, answer["Location"]) == (302, address)
    assert "more than 15 MiB together" in host.get(address).content.decode()


def test_an_author_has_so_much_room_and_no_more(author: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Picture.objects.keep(author, file().read(), 800)
    monkeypatch.setattr(pictures, "MAX_OWNED_BYTES", 2 * first.size)
    Picture.objects.keep(author, file().read(), 800)
    with pytest.raises(BadPicture, match="pictures-full"):
        Picture.objects.keep(author, file().read(), 800)
    assert Picture.objects.count() == 2


def test_what_nobody_uses_is_forgotten_after_a_day(author: Any, quiz: Quiz) -> None:
    of_question, of_option, fresh, _unused = (Picture.objects.keep(author, file().read(), 800) for _ in range(4))
    Picture.objects.exclude(pk=fresh.pk).update(created_at=timezone.now() - UNUSED_LIFETIME - timedelta(seconds=1))
    Question.objects.filter(pk=quiz.questions.first().pk).update(picture=of_question)
    Choice.objects.filter(pk=quiz.questions.first().choices.first().pk).update(picture=of_option)
    assert Picture.objects.forget_unused(timezone.now()) == 1
    assert set(Picture.objects.all()) == {of_question, of_option, fresh}
    with pytest.raises(RestrictedError):
        of_question.delete()


def test_the_pictures_of_an_author_who_leaves_stay_until_nobody_uses_them(author: Any) -> None:
    picture = Picture.objects.keep(author, file().read(), 800)
    author.delete()
    picture.refresh_from_db()
    assert picture.owner is None


def test_lists_of_pictures_do_not_read_their_bytes(author: Any, django_assert_num_queries: Any) -> None:
    Picture.objects.keep(author, file().read(), 800)
    assert "content" in Picture.objects.get().get_deferred_fields()
