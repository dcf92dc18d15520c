"""``manage.py referee``: close questions at their deadline, drain the outbox, take in answers; as many as one likes."""

import logging
import signal
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import close_old_connections, connection

from quiz import live
from quiz.live.clock import now_ms
from quiz.live.inbox import Inbox
from quiz.play import intake
from quiz.play.health import Health, serve_health
from quiz.play.presence import Signs
from quiz.play.referee import LOOK_SECONDS, Referee
from quiz.processes.stop import Stop

log = logging.getLogger(__name__)

DRAIN_SECONDS = 0.5
"""Between two looks at the outbox."""

RETRY_SECONDS = 1.0
"""Before the next try when one failed: the database is away, most likely."""


class Command(BaseCommand):
    """Three threads, so that a broker that is slow to answer delays no deadline."""

    help = "Close questions at their deadline, tell counts, drain the outbox, take in answers sent over STOMP."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401
        stop = Stop(signal.SIGINT, signal.SIGTERM)
        health = serve_health(settings.REFEREE_PORT)
        signs = Signs()
        inbox = Inbox(intake.queues, partial(intake.handle, signs=signs))
        threads = [
            threading.Thread(target=repeat, args=(live.drain, DRAIN_SECONDS, stop, Health()), name="outbox"),
            threading.Thread(target=repeat, args=(lambda: inbox.run(stop), 0, stop, Health()), name="inbox"),
        ]
        for thread in threads:
            thread.start()
        log.info("referee is looking every %d ms", LOOK_SECONDS * 1000)
        repeat(Referee(now_ms, signs, inbox.is_behind).look, LOOK_SECONDS, stop, health)
        for thread in threads:
            thread.join()
        log.info("referee stops")


def repeat(task: Callable[[], object], seconds: float, stop: threading.Event, health: Health) -> None:
    """Do it again and again until told to stop; say what went wrong, and wait a moment before the next try."""
    while not stop.is_set():
        close_old_connections()
        try:
            task()
            health.well = True
        except Exception:  # A thread that ended here would leave a process that looks alive and does nothing.
            log.exception("%s failed", threading.current_thread().name)
            connection.close()
            health.well = False
        stop.wait(seconds if health.well else RETRY_SECONDS)
    connection.close()
