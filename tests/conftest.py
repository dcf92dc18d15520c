"""Settings and fixtures that every test may use."""

import os

import pytest

# Tests never read the machine's .env for secrets: these stand before it.
os.environ.setdefault("SECRET_KEY", "for-tests-only-" + "x" * 40)
os.environ.setdefault("STOMP_PASSCODE", "service-secret-of-the-tests")
os.environ.setdefault("STOMP_TICKET_KEY", "ticket-key-of-the-tests-" + "x" * 32)


@pytest.fixture(autouse=True)
def outbox(settings):
    """What the test publishes, instead of a broker: a list of ``quiz.live.messages.Message``."""
    from quiz.live import memory

    settings.LIVE_BACKEND = "quiz.live.memory.deliver"
    memory.outbox.clear()
    return memory.outbox
