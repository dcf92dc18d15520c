"""docs/calls.md: every address and every error code, held against the code."""

import re
from pathlib import Path

from django.urls import URLPattern

from quiz import urls as site
from quiz.play import urls
from quiz.play.errors import MESSAGES
from quiz.play.views.joining import STATUS

PAGE, _, REFUSALS = (Path(__file__).parents[2] / "docs" / "calls.md").read_text("utf-8").partition("## Refusals")
DOOR = ("home", "join", "resume")


def spans(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def test_the_page_names_each_address() -> None:
    words = {
        word for span in spans(PAGE) for word in span.split() if re.fullmatch(r"/|/?[\w<>/]+(?:/|\.svg|\.csv)", word)
    }
    named = {word if word.startswith("/") else f"/games/<id>/{word}" for word in words}
    door = [one for one in site.urlpatterns if isinstance(one, URLPattern) and one.name in DOOR]
    known = {re.sub(r"<\w+:(?:game_)?(\w+)>", r"<\1>", f"/{one.pattern}") for one in [*door, *urls.urlpatterns]}
    assert named == known


def test_the_page_names_each_code_with_the_status_that_it_gets() -> None:
    rows = {int(status): spans(codes) for status, codes in re.findall(r"^\| (\d+) \| (.*) \|$", REFUSALS, re.MULTILINE)}
    assert {code for codes in rows.values() for code in codes if "-" in code or code in MESSAGES} == set(MESSAGES)
    assert [code for code, status in STATUS.items() if code not in rows[status]] == []
