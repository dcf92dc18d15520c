"""Fixtures of the broker's tests."""

import pytest
from twisted.logger import globalLogPublisher


@pytest.fixture
def logged():
    """The text of every log event, with its level."""
    events = []
    observer = events.append
    globalLogPublisher.addObserver(observer)
    yield events
    globalLogPublisher.removeObserver(observer)
