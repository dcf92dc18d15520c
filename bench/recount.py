"""A game's final standings, counted again from the rows: SQL and ``bench/scoring.py``, nothing of quiz/."""

import json
import sqlite3
import uuid
from collections import Counter
from dataclasses import dataclass

from bench import scoring

PLAYERS = "SELECT id FROM play_player WHERE game_id = ? AND kicked_at IS NULL"

ANSWERS = """
SELECT answer.answer_id, answer.player_id, answer.question_id, answer.choice, answer.received_at - question.opened_at,
       question."right", question.time_limit_ms, question.points, question.voided
FROM play_answer AS answer JOIN play_gamequestion AS question ON question.id = answer.question_id
WHERE question.game_id = ? AND question.revealed_at IS NOT NULL
"""
"""The time is taken from the two moments, so a game that was paused cannot be counted this way."""


@dataclass(frozen=True)
class Count:
    """What the rows say: each player's points and place, and the ids of all answers.

    ``doubled`` is how many answers there are beyond one for each player and question.
    """

    standings: dict[int, tuple[int, int]]
    answer_ids: set[str]
    doubled: int


def recount(database: sqlite3.Connection, game: int) -> Count:
    """Count a game again."""
    points = {player: 0 for (player,) in database.execute(PLAYERS, [game])}
    ids, pairs = set(), Counter[tuple[int, int]]()
    for id, player, question, choice, elapsed_ms, right, limit_ms, possible, voided in database.execute(
        ANSWERS, [game]
    ):
        ids.add(str(uuid.UUID(id)))
        pairs[player, question] += 1
        if player in points and not voided:
            points[player] += scoring.points(json.loads(choice), json.loads(right), elapsed_ms, limit_ms, possible)
    standings = {player: (own, scoring.place(own, points.values())) for player, own in points.items()}
    return Count(standings, ids, doubled=pairs.total() - len(pairs))
