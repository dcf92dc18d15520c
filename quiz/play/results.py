"""What a host keeps of a game: who came where with what, how each question went, and what was judged otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Sum

from quiz import live
from quiz.play import destinations
from quiz.play.models.answer import Answer
from quiz.play.options import Mode

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from quiz.play.models import Game, GameQuestion

Data = dict[str, Any]
Judged = tuple[Any, bool | None]
"""An answer's choice, and whether it was right; None where nothing is."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a cell that begins so for a formula, and players choose their names."""

FIELDS = ("place", "name", "points", "right", "right_s")


def players(game: Game, rows: Iterable[Any] | None = None) -> list[Data]:
    """Places, best first: of all players, or of these rows of ``ranked()``; times of right answers in ms."""
    right = {
        row["player"]: row
        for row in Answer.objects.filter(question__in=counting(game), right=True, round=F("question__round"))
        .order_by()
        .values("player")
        .annotate(number=Count("pk"), ms=Sum("elapsed_ms"))
    }
    nothing = {"number": 0, "ms": 0}
    return [
        {
            "player": player.pk,
            "nickname": player.nickname,
            "place": player.place,
            "points": player.points,
            "right": right.get(player.pk, nothing)["number"],
            "right_ms": right.get(player.pk, nothing)["ms"],
            "team": player.team,
            "out_at": player.out_at,
        }
        for player in (game.players.ranked() if rows is None else rows)
    ]


def counting(game: Game) -> QuerySet[GameQuestion]:
    """The questions that were revealed and count."""
    return game.revealed_questions().filter(voided=False)


def questions(game: Game) -> list[Data]:
    """How each revealed question went, with what a host needs to judge it otherwise."""
    asked = list(game.revealed_questions())
    given: dict[int, list[Judged]] = {question.pk: [] for question in asked}
    answers = Answer.objects.filter(question__in=given, player__kicked_at=None, round=F("question__round"))
    for question, choice, right in answers.order_by().values_list("question", "choice", "right"):
        given[question].append((choice, right))
    return [_question(question, given[question.pk]) for question in asked]


def _question(question: GameQuestion, given: Sequence[Judged]) -> Data:
    counts = question.logic.counts([choice for choice, _ in given], question.asked)
    lines = question.logic.lines(counts, question.asked)
    return {
        "question": question.pk,
        "number": question.position,
        "text": question.text,
        "rich": question.rich,
        "points": question.points,
        "voided": question.voided,
        "regraded": question.regraded_at is not None,
        "kind": question.kind,
        "judged": question.logic.judged,
        "look": question.logic.look,
        "solution": question.right,
        "options": question.choices,
        "view": question.logic.shown(question.asked),
        "answered": len(given),
        "right": sum(right is True for _, right in given),
        "moderated": question.logic.moderated,
        "choices": [
            {"id": line.key, "text": line.text, "right": line.right, "count": line.count, "hidden": line.hidden}
            for line in lines
        ],
    }


def corrections(game: Game) -> list[Data]:
    """What hosts judged otherwise, oldest first: the audit's lines, with option texts and ``at``."""
    by_id = {question.pk: question for question in game.questions.all()}
    lines = []
    for event in live.events_after(destinations.audit(game.pk), 0):
        line, question = event.payload, by_id[event.payload["question"]]
        named = {when: {**line[when], "right": question.solved(line[when]["right"])} for when in ("before", "after")}
        lines.append({**line, **named, "at": event.at})
    return lines


def table(game: Game) -> Iterator[list[object]]:
    """All players, a row each: place, name, points, right answers and their seconds, then points by question.

    Of questions that are not judged the answers stand there. Before them come the team, and the question in which the
    player went out, in games that have such.
    """
    asked = {question.pk: question for question in game.revealed_questions()}
    numbers = {id: question.position for id, question in asked.items()}
    answers = Answer.objects.filter(question__in=numbers, round=F("question__round"))
    gained = {(answer.player_id, answer.question_id): _cell(answer, asked[answer.question_id]) for answer in answers}
    teams = dict(game.teams.values_list("number", "name"))
    more = [*(["team"] if teams else []), *(["out_at"] if game.chosen.mode is Mode.SURVIVAL else [])]
    yield [*FIELDS, *more, *(f"q{number}" for number in numbers.values())]
    for line in players(game):
        own = [line["place"], line["nickname"], line["points"], line["right"], line["right_ms"] / 1000]
        own += [teams.get(line["team"], "") if name == "team" else line["out_at"] or "" for name in more]
        yield neutral([*own, *(gained.get((line["player"], question), "") for question in numbers)])


def _cell(answer: Answer, question: GameQuestion) -> int | str | None:
    """Points; where there are none to be had, the answer itself."""
    if question.logic.judged:
        return answer.points
    return ", ".join(question.logic.spelled(answer.choice, question.asked))


def neutral(cells: Sequence[object]) -> list[object]:
    """Cells in which no spreadsheet finds a formula: texts that begin like one get an apostrophe before it."""
    return [f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell for cell in cells]
