"""What players of a self-paced game do, and when: it was handed out at T0 and is open for a week."""

import uuid
from typing import Any

from quiz.play import answering, joining
from quiz.play.models import Game, Player
from quiz.play.selfpaced.openings import open_question

T0 = 1_800_000_000_000
WEEK_MS = 7 * 24 * 3600 * 1000
CLOSES = T0 + WEEK_MS
LIMIT_MS = 20_000


def enter(game: Game, name: str) -> Player:
    who, _ = joining.join(game.pin, name)
    assert isinstance(who, Player)
    return who


def give(player: Player, number: int, at: int, *, right: bool = True, after_ms: int = 0) -> Any:
    """Open the player's question of that number at ``at``, and answer it so much later."""
    open_question(player, number, at)
    opening = list(player.openings.all())[number - 1]
    return answering.take(player, answer_to(opening.question, right=right), at + after_ms)


def answer_to(question: Any, *, right: bool = True) -> dict[str, Any]:
    wrong = [id for id in question.choice_ids if id not in question.right]
    choice = question.right if right else wrong[:1]
    return {"answer_id": str(uuid.uuid4()), "question": question.pk, "choice": choice}
