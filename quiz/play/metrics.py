"""Figures of games for Prometheus, read from the rows when asked for; no ids in labels."""

from collections.abc import Iterable

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from quiz.live.clock import now_ms
from quiz.play import guessing
from quiz.play.models import Answer, Game, Player
from quiz.play.rates import ALARMING_MISSES, MINUTE_MS


def game_metrics() -> Iterable[Metric]:
    """Games that run and who is in them, and how many answers are stored."""
    running = Game.objects.running()
    players = Player.objects.in_game().filter(game__in=running)
    yield GaugeMetricFamily("quiz_games_active", "Games that have not ended.", value=running.count())
    yield GaugeMetricFamily("quiz_players_active", "Players of games that have not ended.", value=players.count())
    misses = guessing.misses_since(now_ms() - MINUTE_MS)
    yield GaugeMetricFamily("quiz_wrong_pins_last_minute", "PINs of the last minute that led nowhere.", value=misses)
    yield GaugeMetricFamily(
        "quiz_alarm_pin_guessing", "1 while PINs are being guessed.", value=misses >= ALARMING_MISSES
    )
    yield GaugeMetricFamily("quiz_answers_stored", "Answers in the database.", value=Answer.objects.count())
