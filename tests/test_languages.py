"""Another language is a folder with translations, and nothing else."""

import io
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from django.conf import settings as current
from django.core.management import call_command
from django.test import Client

from quiz import languages
from quiz.authoring.models import Quiz
from quiz.authoring.rules import ChoiceDraft, QuestionDraft
from quiz.play.models import Game


def translate(folder: Path, locale: str, domain: str, texts: dict[str, str]) -> None:
    place = folder / locale / "LC_MESSAGES"
    place.mkdir(parents=True, exist_ok=True)
    catalogue = Catalog(locale=locale)
    for text, translation in texts.items():
        catalogue.add(text, translation)
    with (place / f"{domain}.mo").open("wb") as file:
        write_mo(file, catalogue)


@pytest.fixture
def esperanto(tmp_path: Path, settings: Any) -> None:
    """Zamenhof's made-up language, in a folder of the operator's."""
    translate(tmp_path, "eo", "django", {"Join a quiz": "Aliĝi al kvizo", "True": "Vera", "False": "Malvera"})
    translate(tmp_path, "eo", "djangojs", {"Time is up. The result comes in a moment.": "La tempo pasis."})
    settings.LOCALE_PATHS = [tmp_path, *current.LOCALE_PATHS]
    settings.LANGUAGES = languages.offered(settings.LOCALE_PATHS)


def test_the_languages_are_those_of_the_folders() -> None:
    assert languages.offered(current.LOCALE_PATHS) == [("en", "English"), ("it", "Italiano")]
    assert languages.offered(current.LOCALE_PATHS) == current.LANGUAGES


def test_names_are_the_speakers_own_or_else_the_code(tmp_path: Path) -> None:
    for locale in ("pt_BR", "de", "zh_CN", "tlh"):
        place = tmp_path / locale / "LC_MESSAGES"
        place.mkdir(parents=True)
        (place / "django.mo").touch()
    names = dict(languages.offered([tmp_path]))
    assert names == {
        "en": "English",
        "de": "Deutsch",
        "pt-br": "Português brasileiro",
        "tlh": "Tlh",
        "zh-cn": "简体中文",
    }


@pytest.mark.django_db
def test_another_language_is_offered_and_spoken_by_pages_and_scripts(esperanto: None) -> None:
    browser = Client(headers={"accept-language": "eo"})
    page = browser.get("/").content.decode()
    assert '<html lang="eo"' in page
    assert "Aliĝi al kvizo" in page
    assert 'value="eo" lang="eo" aria-current="true">Esperanto</button>' in page
    assert "La tempo pasis." in browser.get("/jsi18n/").content.decode()


@pytest.mark.django_db
def test_what_is_not_translated_is_english(esperanto: None) -> None:
    page = Client(headers={"accept-language": "eo"}).get("/").content.decode()
    assert "Game PIN" in page


@pytest.mark.django_db
def test_a_language_is_chosen_by_its_button(esperanto: None) -> None:
    browser = Client(headers={"accept-language": "it"})
    assert '<html lang="it"' in browser.get("/").content.decode()
    browser.post("/i18n/setlang/", {"language": "eo", "next": "/"})
    assert '<html lang="eo"' in browser.get("/").content.decode()


def drafted(quiz: Quiz) -> list[QuestionDraft]:
    return [question.draft for question in quiz.questions.all()]


@pytest.mark.django_db
def test_a_quiz_is_written_imported_and_played_in_another_language(
    esperanto: None, host: Client, author: Any, tmp_path: Path
) -> None:
    form = host.get("/quizzes/new/", headers={"accept-language": "eo"}).content.decode()
    assert '<option value="eo" selected>Esperanto</option>' in form
    host.post("/quizzes/new/", {"title": "Ĉielo", "language": "eo"})
    written = Quiz.objects.get(title="Ĉielo")
    host.post(
        f"/quizzes/{written.pk}/questions/new/?kind=truefalse",
        {"text": "La Suno estas stelo.", "is_true": "true", "time_limit_s": 20, "points": 1000},
    )
    file = tmp_path / "luno.gift"
    file.write_text("La Luno estas stelo. {F}\n\nKiam? {#1969:0.5}")
    call_command("import_quiz", str(file), owner="author", language="eo", stdout=io.StringIO())
    imported = Quiz.objects.get(title="luno")

    (sun,), (moon, landing) = drafted(written), drafted(imported)
    assert sun.choices == (ChoiceDraft("Vera", True), ChoiceDraft("Malvera", False))
    assert moon.choices == (ChoiceDraft("Vera", False), ChoiceDraft("Malvera", True))
    assert landing.data["decimal"] == ","
    assert "Esperanto" in host.get("/quizzes/").content.decode()
    game = Game.open_lobby(imported)
    assert 'lang="eo" data-ref="text"' in host.get(f"/games/{game.pk}/").content.decode()


@pytest.mark.django_db
def test_another_language_needs_no_migration(esperanto: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, stdout=io.StringIO())
