"""A whole game in Chromium with a real ActiveMQ in the broker's place, which dies in it and comes back."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.activemq import stack_on_activemq
from tests.browser.otherbroker import play_whole_game
from tests.stack import Stack
from tools.brokers import DebianBroker


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stack, DebianBroker]]:
    with stack_on_activemq(tmp_path_factory.mktemp("stack")) as both:
        yield both


def test_three_players_play_a_whole_game_and_activemq_restarts_in_it(
    browser: Browser, both: tuple[Stack, DebianBroker]
) -> None:
    stack, activemq = both
    ends = []

    def kill_and_start() -> None:
        activemq.kill()
        activemq.start()
        ends.append(activemq.pid)

    play_whole_game(browser, stack, disturb=kill_and_start)
    assert len(ends) == 1
