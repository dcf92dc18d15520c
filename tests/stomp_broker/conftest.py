"""Fixtures of the broker's tests."""

import pytest
from coilmq.config import config as coilmq_config
from twisted.logger import globalLogPublisher


@pytest.fixture
def logged():
    """The text of every log event, with its level."""
    events = []
    observer = events.append
    globalLogPublisher.addObserver(observer)
    yield events
    globalLogPublisher.removeObserver(observer)


@pytest.fixture
def coilmq_settings():
    """CoilMQ's settings are one object for the process: leave it as it was."""
    before = dict(coilmq_config.items("coilmq"))
    yield
    coilmq_config.remove_section("coilmq")
    coilmq_config.read_dict({"coilmq": before})
