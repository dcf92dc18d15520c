"""What a game freezes of formatted texts and pictures."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from quiz.authoring.models import Question, Quiz
from quiz.authoring.pictures import UNUSED_LIFETIME, Picture
from quiz.authoring.rules import ChoiceDraft, QuestionDraft
from quiz.play import snapshot
from quiz.play.models import Game
from quiz.play.presenting import presented

T0 = 1_800_000_000_000
CHOICES = (ChoiceDraft("*a*", True), ChoiceDraft("b", False))


@pytest.fixture
def picture(author: Any) -> Picture:
    content = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(content, "PNG")
    return Picture.objects.keep(author, content.getvalue(), 800)


def stored(author: Any, draft: QuestionDraft, *, formatted: bool = True) -> Question:
    quiz = Quiz.objects.create(owner=author, title="Sky", formatted=formatted)
    return quiz.append([draft])[0]


def test_a_plain_quiz_keeps_every_sign_of_its_texts(author: Any) -> None:
    draft = QuestionDraft("2 * 3 * 4 is _x_ or $5$?", CHOICES, explanation="**no**")
    shown = presented(stored(author, draft, formatted=False))
    assert (shown.draft.text, shown.draft.explanation) == (draft.text, draft.explanation)
    assert (shown.rich, shown.explanation_rich, shown.picture) == (None, None, None)
    assert [choice.shown("id") for choice in shown.draft.choices] == [
        {"id": "id", "text": "*a*"},
        {"id": "id", "text": "b"},
    ]


def test_formatted_texts_are_plain_words_with_a_tree_where_it_shows_more(author: Any) -> None:
    shown = presented(stored(author, QuestionDraft("Is $x$ **real**?", CHOICES, explanation="Plain.")))
    assert shown.draft.text == "Is x real?"
    assert shown.rich == [["p", "Is ", ["tex", "x"], " ", ["strong", "real"], "?"]]
    assert (shown.draft.explanation, shown.explanation_rich) == ("Plain.", None)
    assert [choice.shown("id") for choice in shown.draft.choices] == [
        {"id": "id", "text": "a", "rich": [["em", "a"]]},
        {"id": "id", "text": "b"},
    ]


def test_partners_of_a_matching_are_formatted_as_its_items_are(author: Any) -> None:
    draft = QuestionDraft("Pair them.", (*CHOICES, CHOICES[0]), kind="match", data={"partners": ["$x$", "b", "*c*"]})
    data = presented(stored(author, draft)).draft.data
    assert data["partners"] == ["x", "b", "c"]
    assert data["partners_rich"] == [[["tex", "x"]], None, [["em", "c"]]]


@pytest.mark.parametrize(
    ("text", "alt", "shown_text", "shown_alt"),
    [
        ("Saturn", "Rings", "Saturn", "Rings"),
        ("", "A star", "A star", "A star"),
        ("A star", "A star", "A star", ""),
        ("A star", "", "A star", ""),
    ],
)
def test_an_option_has_words_and_says_them_once(
    author: Any, picture: Picture, text: str, alt: str, shown_text: str, shown_alt: str
) -> None:
    choices = (ChoiceDraft(text, True, picture.draft(alt)), ChoiceDraft("b", False))
    first, second = presented(stored(author, QuestionDraft("?", choices))).draft.choices
    assert first.shown("id") == {
        "id": "id",
        "text": shown_text,
        "picture": {"url": picture.get_absolute_url(), "width": 60, "height": 40, "alt": shown_alt},
    }
    assert "picture" not in second.shown("id")


@pytest.fixture
def pictured(author: Any, picture: Picture) -> Game:
    choices = (ChoiceDraft("", True, picture.draft("A star")), ChoiceDraft("b", False))
    draft = QuestionDraft("*Which*?", choices, explanation="$x$", picture=picture.draft("The sky"))
    return Game.open_lobby(stored(author, draft).quiz, now=T0)


def test_pictures_of_a_game_outlive_the_question_that_they_were_written_for(pictured: Game, picture: Picture) -> None:
    Picture.objects.update(created_at=timezone.now() - UNUSED_LIFETIME - timedelta(days=1))
    pictured.quiz.delete()
    assert Picture.objects.forget_unused(timezone.now()) == 0
    assert Client().get(picture.get_absolute_url()).status_code == 200
    pictured.delete()
    assert Picture.objects.forget_unused(timezone.now()) == 1


def test_players_see_the_address_of_a_picture_no_sooner_than_what_it_belongs_to(
    author: Any, pictured: Game, picture: Picture
) -> None:
    other = Picture.objects.keep(author, bytes(Picture.objects.defer(None).get().content), 800)
    question = pictured.questions.get()
    question.choices[0]["picture"]["url"] = other.get_absolute_url()
    question.save()

    def seen() -> list[str]:
        state = json.dumps(snapshot.for_host(pictured))
        return [name for name, one in (("question", picture), ("option", other)) if str(one.pk) in state]

    assert seen() == []
    for phase, expected in (("countdown", []), ("reading", ["question"]), ("open", ["question", "option"])):
        Game.objects.filter(pk=pictured.pk).update(phase=phase, position=0 if phase == "countdown" else 1)
        pictured.refresh_from_db()
        assert seen() == expected


def test_the_explanation_is_formatted_at_the_reveal_and_not_before(pictured: Game) -> None:
    for version, (phase, expected) in enumerate((("open", None), ("reveal", [["p", ["tex", "x"]]])), start=1):
        Game.objects.filter(pk=pictured.pk).update(phase=phase, position=1, version=version)
        pictured.refresh_from_db()
        told = snapshot.for_host(pictured)["reveal"]
        assert (told and told["rich"]) == expected
