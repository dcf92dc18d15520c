"""``manage.py forget``: forget past games now, as the referee does little by little every minute."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from quiz.live.clock import now_ms
from quiz.play import retention
from quiz.play.retention import Forgotten


class Command(BaseCommand):
    """Goes on until nothing is due; prints what was removed."""

    help = "Forget events, traces and games that have been kept long enough, or for as many days as you say."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--events", type=int, metavar="DAYS", help="in place of EVENTS_KEPT_DAYS")
        parser.add_argument("--games", type=int, metavar="DAYS", help="in place of GAMES_KEPT_DAYS")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401
        forgotten, now = Forgotten(), now_ms()
        while more := retention.sweep(now, events_days=options["events"], games_days=options["games"]):
            forgotten += more
        self.stdout.write(
            f"forgotten: {forgotten.games} games, {forgotten.events} events of {forgotten.traces} games, "
            f"{forgotten.pictures} pictures"
        )
