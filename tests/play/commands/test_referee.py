import threading

import pytest
from django.db import OperationalError

from quiz.play.health import Health
from quiz.play.management.commands import referee

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_fails_is_said_and_tried_again(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def task() -> None:
        was_well.append(health.well)
        if not errors:
            return stop.set()
        raise errors.pop()

    monkeypatch.setattr(referee, "RETRY_SECONDS", 0)
    errors: list[Exception] = [OperationalError("away"), ValueError("ours")]
    was_well: list[bool] = []
    health, stop = Health(), threading.Event()
    health.well = True
    referee.repeat(task, 0, stop, health)
    assert was_well == [True, False, False]
    assert health.well
    assert [str(record.exc_info[1]) for record in caplog.records if record.exc_info] == ["ours", "away"]
