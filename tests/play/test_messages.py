"""docs/messages.md shows one of each message; here it is held against the functions that make them."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from quiz.live.messages import Message
from quiz.play import messages
from quiz.play.models import Game
from quiz.play.states import Phase
from quiz.play.views.joining import admission

PAGE = (Path(__file__).parents[2] / "docs" / "messages.md").read_text("utf-8")
BLOCKS = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]
SHOWN = {block["type"]: block for block in BLOCKS if "type" in block}

STATUS_TYPES = {
    *(type for phase, type in messages.ENTERED.items()),
    messages.RESUMED,
    messages.REPLAYED,
    messages.ASSIGNED,
    messages.EXTENDED,
    messages.LOCKED,
    messages.UNLOCKED,
    *messages.CORRECTIONS,
    messages.MODERATED,
    messages.REMOVED,
    messages.RESTORED,
    messages.RENAMED,
    messages.REGROUPED,
}


def made() -> dict[str, dict[str, Any]]:
    """One of each message, made by the functions from the values that the page shows."""
    status = SHOWN["question.closed"]["data"]
    me = SHOWN["player.result"]["data"]["me"]
    answer = me["answer"]
    acknowledgement = messages.acknowledgement(
        **{key: answer[key] for key in ("answer_id", "question", "round", "choice", "received_at", "elapsed_ms")}
    )
    audit = SHOWN["question.corrected"]["data"]
    me = {key: value for key, value in me.items() if key not in ("role", "answer")}
    return {
        "question.closed": messages.shared(
            **{
                **status,
                "phase": Phase(status["phase"]),
                "question": messages.question(**status["question"]),
                "reveal": messages.reveal(**status["reveal"]),
                "standings": [messages.standing(**line) for line in status["standings"]],
                "teams": [messages.team(**line) for line in status["teams"]],
            }
        ),
        "counts.changed": messages.counts(**SHOWN["counts.changed"]["data"]),
        "roster.changed": messages.roster(
            added=[messages.named(player=6, nickname="Bob", here=True, team=2, allowance=100, asks_for_time=False)],
            removed=[],
            players=2,
        ),
        "presence.changed": messages.presence(**SHOWN["presence.changed"]["data"]),
        "player.result": messages.result(
            me=messages.me(**me, answer=messages.judged(acknowledgement, right=False, points=0)), corrected=False
        ),
        "question.corrected": messages.correction(
            **{
                **audit,
                "before": messages.judgement(**audit["before"]),
                "after": messages.judgement(**audit["after"]),
            }
        ),
        "player.moved": messages.moved(**SHOWN["player.moved"]["data"]),
        "player.kicked": {},
        "player.named": messages.name(**SHOWN["player.named"]["data"]),
        "player.time": messages.time(**SHOWN["player.time"]["data"]),
        "pin.changed": messages.pin(**SHOWN["pin.changed"]["data"]),
        "player.grouped": messages.grouped(**SHOWN["player.grouped"]["data"]),
        "votes.counted": messages.vote(**SHOWN["votes.counted"]["data"]),
        "door.changed": messages.door(
            approve=True, waiting=[messages.knock(knock=3, nickname="Eve")], knocks=1, swept=0
        ),
        "answer.received": acknowledgement,
        "practice.received": messages.practice(**SHOWN["practice.received"]["data"]),
        "preflight.echo": messages.echo(**SHOWN["preflight.echo"]["data"]),
        "answer.refused": messages.refusal(**SHOWN["answer.refused"]["data"]),
    }


@pytest.mark.parametrize("type", sorted(SHOWN))
def test_the_page_shows_what_the_functions_make(type: str) -> None:
    assert made()[type] == SHOWN[type]["data"]


@pytest.mark.parametrize("type", sorted(SHOWN))
def test_the_page_shows_our_envelope(type: str) -> None:
    block = SHOWN[type]
    message = Message("/games/1/status", type, block["data"], block["at"], block["seq"])
    assert json.loads(message.body) == block


def test_the_page_names_every_type() -> None:
    others = {
        messages.COUNTS,
        messages.ROSTER,
        messages.PRESENCE,
        messages.DOOR,
        messages.NAMED,
        messages.GROUPED,
        messages.VOTES,
        messages.RESULT,
        messages.KICKED,
        messages.MOVED,
        messages.RECEIVED,
        messages.REFUSED,
        messages.CORRECTED,
        messages.ECHO,
        messages.PRACTISED,
        messages.TIME,
        messages.RENUMBERED,
    }
    assert others | {"question.closed"} == set(SHOWN)
    assert {type for type in STATUS_TYPES if f"`{type}`" not in PAGE} == set()


def test_the_page_shows_the_hosts_me() -> None:
    host = next(block for block in BLOCKS if block.get("role") == "host")
    roster = [messages.named(**line) for line in host["roster"]]
    waiting = [messages.knock(**line) for line in host["door"]["waiting"]]
    assert (
        messages.host(
            roster=roster,
            door=messages.door(**{**host["door"], "waiting": waiting}),
            hosts=host["hosts"],
            vote=host["vote"],
        )
        == host
    )


@pytest.mark.django_db
def test_the_page_shows_what_a_program_that_joins_gets(game: Game, join: Any) -> None:
    [text] = [block for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL) if '"broker"' in block]
    player = join("Ada")
    for here, there in (("/games/7/", f"/games/{game.pk}/"), ("/players/5", f"/players/{player.pk}")):
        text = text.replace(here, there)
    shown, got = json.loads(text.replace("player:5", player.subject)), admission(player, "resume")
    assert got.keys() == shown.keys()
    assert (got["broker"], got["relay"]) == (shown["broker"], shown["relay"])


def test_a_question_gives_away_nothing_but_ids_and_texts() -> None:
    choices = [{"id": "a", "text": "A", "right": True}]
    question = messages.question(
        id=1,
        number=1,
        text="?",
        several=False,
        points=1,
        time_limit_ms=1,
        voided=False,
        round=1,
        rich=None,
        picture=None,
        choices=choices,
        kind="choice",
        judged=True,
        view={},
    )
    assert question["choices"] == [{"id": "a", "text": "A"}]


def test_the_page_shows_how_far_somebody_is_who_plays_alone() -> None:
    own = next(block for block in BLOCKS if "step" in block)
    assert messages.own(**own) == own
