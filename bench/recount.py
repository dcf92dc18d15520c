"""A game's final standings, counted again from the rows: SQL and ``bench/scoring.py``, nothing of quiz/."""

import json
import sqlite3
import uuid
from dataclasses import dataclass
from typing import Any

from bench import answers as kinds
from bench import scoring

PLAYERS = "SELECT id FROM play_player WHERE game_id = ? AND kicked_at IS NULL"

OPTIONS = "SELECT options FROM play_game WHERE id = ?"

ALL_POINTS = "SELECT points FROM play_gamequestion WHERE game_id = ?"

QUESTIONS = """
SELECT id, "right", several, time_limit_ms, points, voided, opened_at, kind, settings FROM play_gamequestion
WHERE game_id = ? AND revealed_at IS NOT NULL ORDER BY position
"""

ANSWERS = """
SELECT answer.answer_id, answer.player_id, answer.question_id, answer.choice, answer.received_at, answer.line_ms
FROM play_answer AS answer JOIN play_gamequestion AS question ON question.id = answer.question_id
WHERE question.game_id = ? AND question.revealed_at IS NOT NULL
"""
"""The time is taken from the two moments, so a game that was paused cannot be counted this way."""

Answers = dict[tuple[int, int], tuple[list[str], int, int]]
"""By player and question: the choice, when it came, and the round trip of its line."""


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
    ids, answers, rows = set(), Answers(), 0
    for id, player, question, choice, received_at, line_ms in database.execute(ANSWERS, [game]):
        ids.add(str(uuid.UUID(id)))
        answers[player, question] = json.loads(choice), received_at, line_ms
        rows += 1
    return Count(_standings(database, game, answers), ids, doubled=rows - len(answers))


def _standings(database: sqlite3.Connection, game: int, answers: Answers) -> dict[int, tuple[int, int]]:
    [[stored]] = database.execute(OPTIONS, [game])
    options = {**scoring.DEFAULTS, **json.loads(stored)}
    bonus = scoring.speed_bonus([points for (points,) in database.execute(ALL_POINTS, [game])], options)
    questions = list(database.execute(QUESTIONS, [game]))
    totals = {
        player: scoring.total((_faced(row, answers.get((player, row[0]))) for row in questions), options, bonus)
        for (player,) in database.execute(PLAYERS, [game])
    }
    if options["ties"] == "broken":
        return {player: (own[0], scoring.place_by_right(own, totals.values())) for player, own in totals.items()}
    points = [own[0] for own in totals.values()]
    return {player: (own[0], scoring.place(own[0], points)) for player, own in totals.items()}


def _faced(row: tuple[Any, ...], answer: tuple[list[str], int, int] | None) -> scoring.Question:
    _, right, several, limit_ms, possible, voided, opened_at, kind, settings = row
    choice, received_at, line_ms = answer or (None, opened_at, 0)
    elapsed_ms = received_at - opened_at
    key = json.loads(right)
    near, held = (0, 1), json.loads(settings)
    if kind in kinds.HELD:
        if kind == "number" and choice is not None:
            near = kinds.nearness(choice, key, held)
        choice, key, several = kinds.held(kind, choice, key, held)
    without_effect = bool(voided) or kind in ("poll", "open")
    return scoring.Question(key, bool(several), limit_ms, possible, without_effect, choice, elapsed_ms, line_ms, near)
