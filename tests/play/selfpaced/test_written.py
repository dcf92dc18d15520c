"""Open questions at everybody's own pace: each sees what was written so far, without what the host has hidden."""

import uuid
from typing import Any

from quiz.play import answering, snapshot
from quiz.play.models import Game, Player
from quiz.play.moderation import hide
from quiz.play.selfpaced.openings import open_question
from tests.play.selfpaced.alone import T0


def write(player: Player, *words: str) -> Any:
    """Answer the player's first question with these words."""
    open_question(player, 1, T0)
    question = player.openings.get().question
    data = {"answer_id": str(uuid.uuid4()), "question": question.pk, "choice": list(words)}
    return answering.take(player, data, T0 + 1_000)


def test_what_the_host_hides_the_next_player_does_not_see(game: Game, ada: Player, bob: Player) -> None:
    cloud = {"form": "cloud", "entries": 3, "hidden": []}
    game.questions.filter(position=1).update(kind="open", choices=[], right=[], points=0, settings=cloud)
    write(ada, "stars", "rude words")
    assert snapshot.for_player(ada)["me"]["own"]["reveal"]["counts"] == {"rude words": 1, "stars": 1}
    hide(game, game.questions.get(position=1).pk, "rude words", now=T0 + 2_000)
    write(bob, "Stars")
    own = snapshot.for_player(bob)["me"]["own"]
    assert (own["reveal"]["counts"], own["reveal"]["view"]) == ({"Stars": 2}, {"order": ["Stars"], "more": 0})
    assert snapshot.for_player(ada)["me"]["answer"]["choice"] == ["stars", "rude words"]
