from quiz.play.models import Game
from quiz.play.selfpaced import progress
from quiz.play.selfpaced.openings import open_question
from tests.play.selfpaced.alone import CLOSES, LIMIT_MS, T0, enter, give


def test_it_says_who_is_how_far(game: Game) -> None:
    ada, bob = enter(game, "Ada"), enter(game, "Bob")
    enter(game, "Cleo")
    for number in (1, 2, 3):
        give(ada, number, T0)
    open_question(bob, 1, T0)
    now = progress.of_game(game, T0 + LIMIT_MS)
    assert (now["players"], now["waiting"], now["under_way"], now["through"]) == (3, 1, 1, 1)
    assert (now["closes_at"], now["total"]) == (CLOSES, 3)
    assert [(line["nickname"], line["opened"], line["done"], line["points"]) for line in now["lines"]] == [
        ("Ada", 3, 3, 3000),
        ("Bob", 1, 0, 0),
        ("Cleo", 0, 0, 0),
    ]
    assert progress.of_game(game, T0 + LIMIT_MS + 1)["lines"][1]["done"] == 1


def test_a_long_list_is_cut_and_counted(game: Game) -> None:
    many = [
        game.players.model(
            game=game, nickname=f"P{n}", nickname_key=f"p{n}", skeleton=f"p{n}", resume_hash=f"{n}", joined_at=T0
        )
        for n in range(progress.LINES + 1)
    ]
    game.players.bulk_create(many)
    now = progress.of_game(game, T0)
    assert (len(now["lines"]), now["players"]) == (progress.LINES, progress.LINES + 1)


def test_who_was_removed_is_in_nobodys_way(game: Game) -> None:
    give(enter(game, "Ada"), 1, T0)
    game.kick(game.players.get().pk)
    now = progress.of_game(game, T0)
    assert (now["players"], now["waiting"], now["under_way"], now["lines"]) == (0, 0, 0, [])
