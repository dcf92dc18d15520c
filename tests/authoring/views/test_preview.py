"""What becomes of formatted texts while they are being written."""

from typing import Any

import pytest
from django.test import Client

ADDRESS = "/quizzes/preview/"


def asked(browser: Client, body: Any) -> Any:
    return browser.post(ADDRESS, body, content_type="application/json")


def test_the_trees_of_a_question_and_its_options(host: Client) -> None:
    answer = asked(host, {"text": "*a*\n\n- b", "choices": ["$x$", "- c"]})
    assert answer.json() == {
        "text": [["p", ["em", "a"]], ["ul", ["li", "b"]]],
        "choices": [[["tex", "x"]], ["- c"]],
    }


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{",
        "[" * 60_000,
        {"text": 1, "choices": []},
        {"text": "a"},
        {"text": "a", "choices": [1]},
        {"text": "a", "choices": ["a"] * 7},
    ],
)
def test_what_is_no_question_is_refused(host: Client, body: Any) -> None:
    assert asked(host, body).status_code == 400


def test_only_authors_ask(player: Client) -> None:
    assert asked(player, {"text": "a", "choices": []})["Location"].startswith("/accounts/login/")
    assert Client(enforce_csrf_checks=True).post(ADDRESS).status_code == 403


def test_texts_that_are_too_long_are_cut(host: Client) -> None:
    answer = asked(host, {"text": "a" * 600, "choices": ["b" * 400]}).json()
    assert (len(answer["text"][0][1]), len(answer["choices"][0][0])) == (500, 300)
