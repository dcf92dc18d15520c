"""A whole game in Chromium with a real ActiveMQ in the broker's place, and another that goes on when it dies."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from bench.recount import recount
from tests.activemq import stack_on_activemq
from tests.browser.pages import IN_HAND, Party, Phone, Question
from tests.browser.test_game import both_answer, play
from tests.browser.test_game_on_rabbitmq import topics_heard
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

        def all_answer_after_a_kill(party: Party, question: Question) -> None:
            activemq.kill()
            activemq.start()
            all_answer(party, question)

        questions = party.host.questions()
        chapters = dict.fromkeys((question.number for question in questions), all_answer)
        chapters[questions[1].number] = all_answer_after_a_kill
        play(party, chapters, looking=False)
        with stack.database() as rows:
            count = recount(rows, party.host.game)
        assert len(count.standings) == len(party.phones)
        for phone in party.phones:
            phone.shows("podium")
            me = phone.state()["me"]
            assert (me["points"], me["place"]) == count.standings[me["player"]]
            assert phone.points == me["points"]
        status = f"/topic/games.{party.host.game}.status".encode()
        assert all(status in topics for topics in heard)
