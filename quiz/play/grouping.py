"""Who is in which team of a game, and how the teams stand. The rules are in ``teams.py``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from quiz import live
from quiz.play import destinations, messages, teams
from quiz.play.models.answer import Answer
from quiz.play.models.team import Team
from quiz.play.options import Mode, Teaming
from quiz.play.rows import rewrite
from quiz.play.states import GameError, Move, Phase, after

if TYPE_CHECKING:
    from quiz.play.models.game import Game
    from quiz.play.models.player import Player
    from quiz.play.models.question import GameQuestion


def found(game: Game) -> None:
    """Make the teams of a new game, if it is played in teams, with the host's names or those of constellations.

    The names are in the language of whoever opens the game: phones then say what the big screen says.
    """
    options = game.chosen
    if options.mode is not Mode.TEAMS:
        return
    sky = [_("Orion"), _("Lyra"), _("Swan"), _("Dragon"), _("Eagle"), _("Phoenix"), _("Whale"), _("Lion")]
    names = options.named_teams()
    names += [name for name in sky if name not in names][: options.teams - len(names)]
    Team.objects.bulk_create(Team(game=game, number=number, name=name) for number, name in enumerate(names, start=1))


def sizes(game: Game) -> dict[int, int]:
    """How many members each team has, by its number."""
    members = game.players.in_game().exclude(team=None).order_by().values_list("team").annotate(n=Count("pk"))
    return dict.fromkeys(game.teams.values_list("number", flat=True), 0) | dict(members)


def deal(game: Game) -> int:
    """The number of the team that the next newcomer is dealt to; to be asked while the game is held."""
    return teams.smallest(sizes(game))


def choose(player: Player, team: int) -> None:
    """A player's own choice, in the lobby; :class:`GameError` ``not-now``, ``no-such-team``, ``team-full``."""
    game = player.game
    with transaction.atomic():
        game.hold()
        if game.phase != Phase.LOBBY or game.chosen.teaming is not Teaming.CHOSEN:
            raise GameError("not-now")
        player.refresh_from_db(fields=["team"])
        if player.team != team:
            _ask(game, team)
            _put(game, player, team)


def move(game: Game, player_id: int, team: int, seen: int | None = None, now: int | None = None) -> None:
    """The host puts somebody into a team, full or not; the answers go along.

    :class:`GameError` ``not-now``, ``no-such-player``, ``no-such-team``.
    """
    with game.changing(seen, now, messages.REGROUPED):
        after(Phase(game.phase), Move.GROUP)
        player = game.players.in_game().filter(pk=player_id).first()
        if player is None:
            raise GameError("no-such-player")
        if team not in sizes(game):
            raise GameError("no-such-team")
        _put(game, player, team)


def _ask(game: Game, team: int) -> None:
    members = sizes(game)
    if team not in members:
        raise GameError("no-such-team")
    if not teams.fits(members, team):
        raise GameError("team-full")


def _put(game: Game, player: Player, team: int) -> None:
    """The referee tells of it in its next look, with all others who have changed (``Game.regrouped``)."""
    game.regrouped += 1
    game.save(update_fields=["regrouped"])
    player.team, player.regrouped = team, game.regrouped
    player.save(update_fields=["team", "regrouped"])
    live.send(destinations.player(player.pk), messages.GROUPED, messages.grouped(team=team))


def recount(game: Game) -> None:
    """Reckon the teams' points and places anew, from their members' answers."""
    questions = list(game.revealed_questions().filter(voided=False))
    newest_counts = bool(questions) and questions[-1].position == game.position
    rows, here = list(game.teams.all()), sizes(game)
    shares = _shares(game, questions)
    for team in rows:
        totals = teams.totals(teams.means(shares.get(team.number, []), len(questions)))
        team.points = totals[-1] if totals else 0
        team.gained = team.points - ([0, *totals][-2] if newest_counts else team.points)
    manned = [team for team in rows if here[team.number]]
    places = teams.places({team.number: team.points for team in manned})
    before = teams.places({team.number: team.points - team.gained for team in manned}) if game.revealed > 1 else {}
    for team in rows:
        team.place = places.get(team.number) if game.revealed else None
        team.before = before.get(team.number)
    rewrite(rows, ["points", "gained", "place", "before"])


def _shares(game: Game, questions: Sequence[GameQuestion]) -> dict[int, list[list[int | None]]]:
    """What each member brings to each question, by team."""
    given = Answer.objects.filter(question__in=questions).values_list("player", "question", "points")
    points = {(player, question): own or 0 for player, question, own in given}
    result: dict[int, list[list[int | None]]] = {}
    for player in game.players.in_game().filter(team__isnull=False):
        own = [points.get((player.pk, question.pk)) for question in questions]
        result.setdefault(player.team or 0, []).append(teams.shares(own, _since(player, questions)))
    return result


def _since(player: Player, questions: Sequence[GameQuestion]) -> int:
    """The index of the first question that the player was there for from its opening."""
    there = (index for index, question in enumerate(questions) if player.joined_at <= (question.opened_at or 0))
    return next(there, len(questions))


def lines(game: Game) -> list[messages.Data]:
    """The game's teams as everybody sees them: best first, before the first reveal by their number."""
    members = sizes(game)
    ranked = sorted(game.teams.all(), key=lambda team: (team.place or len(members) + 1, team.number))
    return [
        messages.team(
            team=team.number,
            name=team.name,
            members=members[team.number],
            points=team.points,
            gained=team.gained,
            place=team.place,
            before=team.before,
        )
        for team in ranked
    ]
