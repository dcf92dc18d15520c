"""Who is asking: a game's host, one of its players, or a stranger."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse

from quiz.live.tickets import Ticket
from quiz.play.models import Game, Player
from quiz.play.views.answers import Refusal

SEATS = "seats"
"""The session's key: a mapping of game ids to player ids."""

View = Callable[..., HttpResponse]


def refusing(view: View) -> View:
    """Turn a :class:`Refusal` of the view into its answer."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            return refusal.response()

    return wrapped


def game_with(game_id: int) -> Game:
    """The game with that id; :class:`Refusal` 404."""
    game = Game.objects.filter(pk=game_id).first()
    if game is None:
        raise Refusal("no-such-game", 404)
    return game


def is_host(request: HttpRequest, game: Game) -> bool:
    """Whether the game's author asks."""
    return request.user.is_authenticated and request.user.pk == game.owner_id


def asks_as_host(request: HttpRequest, game: Game) -> bool:
    """Whether the game's author asks as its host. One who also plays, in another tab, says ``?as=player`` there."""
    return is_host(request, game) and request.GET.get("as") != "player"


def hosted_game(request: HttpRequest, game_id: int) -> Game:
    """The game with that id, for its host alone; :class:`Refusal` 403 for others."""
    if not request.user.is_authenticated:
        raise Refusal("login-required", 403)
    game = game_with(game_id)
    if not is_host(request, game):
        raise Refusal("not-your-game", 403)
    return game


def player_in(request: HttpRequest, game_id: int) -> Player:
    """Who asks, as a player of that game, by ticket or by session; :class:`Refusal` 403 for others."""
    id = _player_id(request, game_id) or 0
    player = Player.objects.filter(pk=id, game=game_id).select_related("game").first()
    if player is None:
        raise Refusal("not-a-player", 403)
    if player.kicked_at is not None:
        raise Refusal("removed", 403)
    return player


def seated(request: HttpRequest, game_id: int) -> Player | None:
    """Who plays that game in this browser; None for strangers and for the removed."""
    try:
        return player_in(request, game_id)
    except Refusal:
        return None


def take_seat(request: HttpRequest, player: Player) -> None:
    """Remember in the session that this browser is that player."""
    request.session[SEATS] = {**request.session.get(SEATS, {}), str(player.game_id): player.pk}


def _player_id(request: HttpRequest, game_id: int) -> int | None:
    ticket: Ticket | None = request.ticket  # type: ignore[attr-defined]  # set by TicketMiddleware
    if ticket is None:
        seat: int | None = request.session.get(SEATS, {}).get(str(game_id))
        return seat
    return int(ticket.name) if ticket.kind == "player" and ticket.name.isdecimal() else None
