"""``manage.py referee``: close questions at their deadline, drain the outbox; as many as one likes."""

import logging
import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import close_old_connections, connection
from django.db.utils import DatabaseError

from quiz.play.clock import now_ms
from quiz.play.health import Health, serve_health
from quiz.play.referee import LOOK_SECONDS, Referee

log = logging.getLogger(__name__)

RETRY_SECONDS = 1.0
"""Before the next look when the database did not answer."""


class Command(BaseCommand):
    """Look at the games until told to stop."""

    help = "Close questions at their deadline, tell counts, drain the outbox."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        health = serve_health(settings.REFEREE_PORT)
        referee = Referee(now_ms)
        log.info("referee is looking every %d ms", LOOK_SECONDS * 1000)
        while not stop.wait(self.look(referee, health)):
            pass
        log.info("referee stops")

    def look(self, referee: Referee, health: Health) -> float:
        """One look; seconds until the next. A database that is away is waited for, and said once a second."""
        close_old_connections()
        try:
            referee.look()
        except DatabaseError:
            log.exception("the database did not answer; looking again in %s s", RETRY_SECONDS)
            connection.close()
            health.well = False
            return RETRY_SECONDS
        health.well = True
        return LOOK_SECONDS
