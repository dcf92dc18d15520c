import re
from dataclasses import fields
from typing import Any

from quiz.play.models import Game
from quiz.play.optionform import GROUPS, controls
from quiz.play.options import Options


def test_every_option_is_offered_once() -> None:
    offered = [name for group in GROUPS.values() for name in group]
    assert sorted(offered) == sorted(option.name for option in fields(Options))


def test_every_word_of_an_option_can_be_chosen() -> None:
    for _, group in controls():
        for control in group:
            if control.kind == "choice":
                assert list(control.wording.values) == list(type(control.value))  # type: ignore[call-overload]


def test_the_quizs_page_offers_them_and_its_defaults_are_the_games(host: Any, quiz: Any) -> None:
    page = host.get(quiz.get_absolute_url()).content.decode()
    shown = page[page.index("<details") : page.index("</details>")]
    form = dict(re.findall(r'<select id="option-(\w+)".*?value="(\w+)" selected', shown, re.DOTALL))
    form |= dict(re.findall(r'type="number" name="(\w+)".*?value="(\d+)"', shown))
    form |= dict(re.findall(r'type="text" name="(\w+)".*?value="(\w*)"', shown))
    form |= dict(re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', shown))
    form |= dict.fromkeys(re.findall(r'type="checkbox" name="(\w+)" value="true" checked', shown), "true")
    assert set(form) == {option.name for option in fields(Options)}
    assert host.post("/games/", {"quiz": quiz.pk, **form}).status_code == 302
    assert Game.objects.get().chosen == Options()


def test_the_list_of_quizzes_starts_without_asking(host: Any, quiz: Any) -> None:
    assert "option-scoring" not in host.get("/quizzes/").content.decode()
