import json
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.play.models import Game
from quiz.play.options import Mode, OptionError, Options, Partial, Preset

KNOWN = [each.name for each in fields(Options)]


def refused(data: Any) -> str:
    with pytest.raises(OptionError) as error:
        Options.of(data)
    return error.value.field


def test_nothing_chosen_means_the_defaults() -> None:
    assert Options.of({}) == Options()


def test_each_option_that_is_named_is_taken() -> None:
    data = {"scoring": "calm", "streak": True, "penalty_percent": 50, "partial": "lenient", "ties": "broken"}
    assert Options.of(data).data() == {**Options().data(), **data}


def test_options_survive_json() -> None:
    chosen = Options(scoring=Preset.FLAT, partial=Partial.BALANCED, penalty_percent=100)
    assert Options.of(json.loads(json.dumps(chosen.data()))) == chosen


def test_an_unknown_option_is_named() -> None:
    assert refused({"scoring": "calm", "colour": "red"}) == "colour"


@pytest.mark.parametrize(
    "data",
    [
        {"scoring": "Classic"},
        {"scoring": None},
        {"scoring": ["classic"]},
        {"streak": 1},
        {"streak": "true"},
        {"penalty_percent": True},
        {"penalty_percent": "50"},
        {"penalty_percent": 50.0},
        {"penalty_percent": -1},
        {"penalty_percent": 101},
        {"ties": {}},
        {"mode": "alone"},
        {"teams": 1},
        {"teams": 9},
        {"team_names": None},
        {"team_names": "a\nb"},
        {"team_names": "," * 209},
        {"team_names": "x" * 25},
        {"team_names": "Red, Blue, Red"},
        {"team_names": "a, b, c, d, e"},
        {"lives": 4},
        {"discuss_s": 601},
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_its_name(data: dict[str, Any]) -> None:
    assert refused(data) == next(iter(data))


@pytest.mark.parametrize("data", [{"streak": True}, {"penalty_percent": 1}, {"partial": "balanced"}])
def test_nothing_goes_with_accuracy_that_could_let_fewer_right_answers_win(data: dict[str, Any]) -> None:
    assert Options.of(data)
    assert refused({"scoring": "accuracy", **data}) == next(iter(data))


@given(st.dictionaries(st.sampled_from([*KNOWN, "x"]), st.none() | st.booleans() | st.integers() | st.text()))
def test_whatever_comes_is_either_read_back_the_same_or_refused_by_a_name_in_it(data: dict[str, Any]) -> None:
    try:
        options = Options.of(data)
    except OptionError as error:
        assert error.field in data
    else:
        assert Options.of(options.data()) == options
        assert data.items() <= options.data().items()


def test_teams_have_the_names_that_the_host_wrote() -> None:
    assert Options.of({"team_names": " Red ,, Blue"}).named_teams() == ["Red", "Blue"]
    assert Options().named_teams() == []


def test_a_form_spells_switches_and_numbers_in_words() -> None:
    data = {"streak": "true", "penalty_percent": "50", "scoring": "calm"}
    assert Options.of_form(data) == Options(streak=True, penalty_percent=50, scoring=Preset.CALM)


@pytest.mark.parametrize(
    ("name", "text"), [("streak", "on"), ("penalty_percent", "9" * 5000), ("penalty_percent", "٣")]
)
def test_a_form_with_other_words_is_refused(name: str, text: str) -> None:
    with pytest.raises(OptionError, match=name):
        Options.of_form({name: text})


def test_a_form_that_the_options_wrote_is_read_back() -> None:
    chosen = Options(mode=Mode.TEAMS, team_names="Bears, Élan", streak=True, late_join=False, discuss_s=30)
    assert Options.of_form(chosen.form()) == chosen


@pytest.mark.django_db
class TestOfAGame:
    def test_a_game_keeps_what_was_chosen(self, client: Any, quiz: Any) -> None:
        client.force_login(quiz.owner)
        data = {"quiz": quiz.pk, "scoring": "flat", "streak": True}
        answer = client.post("/games/", data, content_type="application/json")
        assert answer.status_code == 201
        assert Game.objects.get(pk=answer.json()["game"]).chosen == Options(scoring=Preset.FLAT, streak=True)

    def test_a_form_of_an_author_chooses_too(self, client: Any, quiz: Any) -> None:
        client.force_login(quiz.owner)
        answer = client.post("/games/", {"quiz": quiz.pk, "scoring": "calm", "streak": "false"})
        assert answer.status_code == 302
        assert Game.objects.get().chosen == Options(scoring=Preset.CALM)

    def test_a_bad_option_is_named_and_no_game_made(self, client: Any, quiz: Any) -> None:
        client.force_login(quiz.owner)
        answer = client.post("/games/", {"quiz": quiz.pk, "scoring": "x"}, content_type="application/json")
        assert answer.status_code == 400
        assert (answer.json()["error"], answer.json()["field"]) == ("bad-option", "scoring")
        assert not Game.objects.exists()

    def test_a_game_of_before_has_the_defaults(self, game: Game) -> None:
        Game.objects.update(options={})
        game.refresh_from_db()
        assert game.chosen == Options()

    def test_a_form_with_options_that_do_not_go_together_comes_back_with_a_sentence(self, host: Any, quiz: Any) -> None:
        form = {"quiz": quiz.pk, "scoring": "accuracy", "streak": "true"}
        answer = host.post("/games/", form, follow=True)
        assert answer.redirect_chain == [(quiz.get_absolute_url(), 302)]
        assert b"notice--bad" in answer.content
        assert not Game.objects.exists()

    def test_a_refused_form_comes_back_once_with_all_it_had_and_says_where(self, host: Any, quiz: Any) -> None:
        form = {"quiz": quiz.pk, "mode": "teams", "streak": "true", "countdown_s": "7", "team_names": "x" * 25}
        page = host.post("/games/", form, follow=True).content.decode()
        assert 'name="streak" value="true" checked' in page
        assert '<option value="teams" selected>' in page
        assert 'value="7"' in page
        field = page[page.index('id="option-team_names"') :]
        assert f'value="{"x" * 25}" aria-invalid="true"' in field
        assert "none of more than 24 characters" in field[: field.index("</div>")]
        assert "aria-invalid" not in host.get(quiz.get_absolute_url()).content.decode()
