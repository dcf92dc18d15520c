"""What the members of a game are told when it has changed: how it stands, their own results, how a first vote went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quiz import live
from quiz.play import destinations, messages, modes
from quiz.play.judging import tell_results
from quiz.play.phonetext import for_phones
from quiz.play.snapshot import shared

if TYPE_CHECKING:
    from quiz.play.models.game import Game


def tell_change(game: Game, type: str, now: int, *, revealed: bool) -> None:
    """Tell of a change that is stored, after the commit: the status event of that ``type``, and what follows from it.

    ``revealed`` says whether the change revealed a question.
    """
    _publish(game, type, now)
    corrected = type in messages.CORRECTIONS
    if (revealed or corrected) and not game.is_self_paced:
        tell_results(game, game.questions.get(position=game.position), corrected=corrected)
    elif game.discussing:
        live.send(destinations.host(game.pk), messages.VOTES, modes.vote(game, game.question()) or {})


def _publish(game: Game, type: str, now: int) -> None:
    whole = shared(game.counted(now), game.question())
    live.publish(destinations.status(game.pk), type, for_phones(whole, game.chosen.phones_show))
    if game.hides_texts:
        live.publish(game.wall, type, whole)
