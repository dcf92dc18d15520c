"""Who is asking: a game's host, one of its players, or a stranger."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse

from quiz.live.tickets import Ticket
from quiz.play.ids import is_id
from quiz.play.models import Game, Knock, Player
from quiz.play.states import Phase
from quiz.play.views.answers import Refusal

SEATS = "seats"
"""The session's key: a mapping of game ids to player ids."""

KNOCKS = "knocks"
"""The session's key: a mapping of game ids to what rows keep of the token with which this browser waits there."""

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
    """Whether the game's owner asks, or a co-host."""
    if not request.user.is_authenticated:
        return False
    return request.user.pk == game.owner_id or game.cohosts.filter(pk=request.user.pk).exists()


def asks_as_host(request: HttpRequest, game: Game) -> bool:
    """Whether a host of the game asks as such. One who also plays, in another tab, says ``?as=player`` there."""
    return is_host(request, game) and request.GET.get("as") != "player"


def hosted_game(request: HttpRequest, game_id: int) -> Game:
    """The game with that id, for its hosts alone; :class:`Refusal` 403 for others."""
    if not request.user.is_authenticated:
        raise Refusal("login-required", 403)
    game = game_with(game_id)
    if not is_host(request, game):
        raise Refusal("not-your-game", 403)
    return game


def player_in(request: HttpRequest, game_id: int) -> Player:
    """Who asks, as a player of that game, by ticket or by session; :class:`Refusal` 403 for others."""
    player = _player(request, game_id) if is_id(game_id) else None
    if player is None:
        raise Refusal("not-a-player", 403)
    if player.kicked_at is not None:
        raise Refusal("removed", 403)
    return player


def acting_player(request: HttpRequest, game_id: int) -> Player:
    """The same, who does something in the game; not who has left the lobby, until they open the game again."""
    player = player_in(request, game_id)
    if player.left_at is not None:
        raise Refusal("not-a-player", 403)
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


def seated_at_old_pin(request: HttpRequest, pin: str) -> Game | None:
    """The game in which this browser plays and that had this PIN before it got another."""
    seats = request.session.get(SEATS, {})
    return Game.objects.running().filter(pk__in=map(int, seats), old_pins__pin=pin).first() if seats else None


def seated_at_the_end(request: HttpRequest, pin: str) -> bool:
    """Whether this browser played the newest game with that PIN, and it is over: its results are what is left."""
    seats = request.session.get(SEATS, {})
    newest = Game.objects.filter(pin=pin).order_by("-id").first() if seats and pin.isdecimal() else None
    return newest is not None and newest.phase in (Phase.PODIUM, Phase.ENDED) and seated(request, newest.pk) is not None


def remember_knock(request: HttpRequest, knock: Knock) -> None:
    """Remember in the session that this browser waits at that game's door."""
    request.session[KNOCKS] = {**request.session.get(KNOCKS, {}), str(knock.door.game_id): knock.resume_hash}


def knocked(request: HttpRequest, game_id: int) -> Player | Knock | None:
    """Who waited at that game's door in this browser: still so, turned away, or a player by now, who is seated."""
    token = request.session.get(KNOCKS, {}).get(str(game_id))
    if token is None:
        return None
    player = Player.objects.in_game().filter(game=game_id, resume_hash=token).select_related("game").first()
    if player is None:
        return Knock.objects.filter(door__game=game_id, resume_hash=token).select_related("door__game").first()
    take_seat(request, player)
    request.session[KNOCKS] = {game: one for game, one in request.session[KNOCKS].items() if game != str(game_id)}
    return player


def _player(request: HttpRequest, game_id: int) -> Player | None:
    id = _player_id(request, game_id) or 0
    return Player.objects.filter(pk=id, game=game_id).select_related("game").first()


def _player_id(request: HttpRequest, game_id: int) -> int | None:
    ticket: Ticket | None = request.ticket  # type: ignore[attr-defined]  # set by TicketMiddleware
    if ticket is None:
        seat: int | None = request.session.get(SEATS, {}).get(str(game_id))
        return seat
    return int(ticket.name) if ticket.kind == "player" and ticket.name.isdecimal() else None
