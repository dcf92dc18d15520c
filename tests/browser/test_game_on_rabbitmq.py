"""A whole game in Chromium with a real RabbitMQ in the broker's place."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.otherbroker import play_whole_game
from tests.rabbitmq import stack_on_rabbitmq
from tests.stack import Stack


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with stack_on_rabbitmq(tmp_path_factory.mktemp("stack")) as stack:
        yield stack


def test_three_players_play_a_whole_game(browser: Browser, stack: Stack) -> None:
    party = play_whole_game(browser, stack)
    assert all(screen.transports == {"websocket"} for screen in party.screens)
