"""A whole game in Chromium with a real RabbitMQ in the broker's place."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, WebSocket

from bench.recount import recount
from tests.browser.pages import IN_HAND, Party, Phone, Question, Screen
from tests.browser.test_game import both_answer, play
from tests.rabbitmq import stack_on_rabbitmq
from tests.stack import Stack


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with stack_on_rabbitmq(tmp_path_factory.mktemp("stack")) as stack:
        yield stack


def topics_heard(screen: Screen) -> set[bytes]:
    """The destinations of the messages that the page's line brings, from now on, as RabbitMQ spells them."""
    topics: set[bytes] = set()

    def listen(line: WebSocket) -> None:
        line.on("framereceived", lambda data: topics.update(re.findall(rb"destination:(\S+)", as_bytes(data))))

    screen.page.on("websocket", listen)
    return topics


def as_bytes(data: str | bytes) -> bytes:
    return data.encode() if isinstance(data, str) else data


def test_three_players_play_a_whole_game(browser: Browser, stack: Stack) -> None:
    with Party(browser, stack) as party:
        cleo = Phone(browser, stack, **IN_HAND)
        party.phones = (*party.phones, cleo)
        party.screens = (*party.screens, cleo)
        heard = [topics_heard(screen) for screen in party.screens]
        party.gather(stack.quiz())
        cleo.join(party.host.state()["pin"], "Cleo")

        def all_answer(party: Party, question: Question) -> None:
            both_answer(party, question)
            cleo.tap(question, question.wrong)

        chapters = dict.fromkeys((question.number for question in party.host.questions()), all_answer)
        play(party, chapters, looking=False)
        with stack.database() as rows:
            count = recount(rows, party.host.game)
        assert len(count.standings) == len(party.phones)
        for phone in party.phones:
            phone.shows("podium")
            me = phone.state()["me"]
            assert (me["points"], me["place"]) == count.standings[me["player"]]
            assert phone.points == me["points"]
        assert all(screen.transports == {"websocket"} for screen in party.screens)
        status = f"/topic/games.{party.host.game}.status".encode()
        assert all(status in topics for topics in heard)
