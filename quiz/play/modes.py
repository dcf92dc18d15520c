"""What the ways of playing (``options.Mode``) add to a game that a host leads: newcomers, places, messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from quiz.play import grouping, messages, survival, voting
from quiz.play.options import Mode
from quiz.play.survival import Fate

if TYPE_CHECKING:
    from quiz.play.models.game import Game
    from quiz.play.models.player import Player
    from quiz.play.models.question import GameQuestion
    from quiz.play.options import Options


def start_of_newcomer(game: Game) -> dict[str, Any]:
    """The fields with which somebody comes in now; to be asked while the game is held.

    In a game of teams that is the smallest team; in one for survival, the lives that the questions so far have cost.
    """
    options = game.chosen
    if options.mode is Mode.TEAMS:
        return {"team": grouping.deal(game)}
    if options.mode is not Mode.SURVIVAL:
        return {}
    fate = Fate()
    for question in game.revealed_questions():
        fate = fate.after(question.position, False if question.costs_lives else None, options.lives)
    return {"lost": fate.lost, "out_at": fate.out_at, "out_before": fate.out_at}


def settle(game: Game) -> None:
    """Follow a change of answers' worth, or of who plays: the teams' points, and whether survival is decided."""
    mode = game.chosen.mode
    if mode is Mode.TEAMS:
        grouping.recount(game)
    elif mode is Mode.SURVIVAL:
        _settle_survival(game)


def _settle_survival(game: Game) -> None:
    outs = list(game.players.in_game().values_list("out_at", flat=True))
    game.decided = game.revealed > 0 and survival.is_decided(outs.count(None), len(outs))
    game.players.filter(last_out=True).update(last_out=False)
    if (number := survival.last_out(outs)) is not None:
        game.players.filter(out_at=number).update(last_out=True)


def shared(game: Game) -> messages.Data:
    """What everybody sees of the way of playing, of a counted game; arguments of ``messages.shared``."""
    mode = game.chosen.mode
    return {
        "mode": mode.value,
        "last": game.is_last,
        "discussing": game.discussing,
        "left": game.left_now if mode is Mode.SURVIVAL else None,
        "teams": grouping.lines(game) if mode is Mode.TEAMS else [],
    }


def counts(game: Game) -> messages.Data:
    """What of it changes while people come and go; arguments of ``messages.counts``."""
    mode = game.chosen.mode
    sizes = grouping.sizes(game) if mode is Mode.TEAMS else {}
    return {
        "left": game.left_now if mode is Mode.SURVIVAL else None,
        "members": [sizes[team] for team in sorted(sizes)],
    }


def of_player(player: Player, options: Options, first: Any) -> messages.Data:  # noqa: ANN401  # a choice of any kind
    """What players see of their team, lives and ``first`` vote; arguments of ``messages.me``."""
    return {
        "team": player.team,
        "lives": options.lives - player.lost if options.mode is Mode.SURVIVAL else None,
        "out_at": player.out_at,
        "first": first,
    }


def first_votes(question: GameQuestion | None, **players: Any) -> dict[int, Any]:  # noqa: ANN401  # as filter()
    """The first choices by player, where there is a second vote."""
    if question is None or question.round == voting.FIRST:
        return {}
    return dict(question.answers.filter(round=voting.FIRST, **players).values_list("player", "choice"))


def vote(game: Game, question: GameQuestion | None) -> messages.Data | None:
    """How the first vote went, for the host while the others discuss."""
    if question is None or not game.discussing:
        return None
    told = question.told(question.answers.filter(round=voting.FIRST), game.chosen)
    return messages.vote(question=question.pk, counts=told.counts)


def first_vote(question: GameQuestion, options: Options) -> messages.Data | None:
    """The first of two votes as everybody sees it at the reveal."""
    if question.round == voting.FIRST:
        return None
    swing = voting.swing(_rights(question, voting.FIRST), _rights(question, voting.SECOND))
    told = question.told(question.answers.filter(round=voting.FIRST), options)
    return messages.first_vote(counts=told.counts, to_right=swing.to_right, to_wrong=swing.to_wrong)


def _rights(question: GameQuestion, round: int) -> dict[int, bool]:
    votes = question.answers.filter(round=round, player__kicked_at=None).values_list("player", "right")
    return {player: bool(right) for player, right in votes}
