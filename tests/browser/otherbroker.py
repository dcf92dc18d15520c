"""A whole game of three players in Chromium, with another broker in the place of ours."""

import re
from collections.abc import Callable

from playwright.sync_api import Browser, WebSocket

from bench.recount import recount
from tests.browser.pages import Party, Question, Screen
from tests.browser.test_game import both_answer, play
from tests.stack import Stack


def play_whole_game(browser: Browser, stack: Stack, disturb: Callable[[], None] = lambda: None) -> Party:
    """Play it, and hold what pages show against the rows, and what they hear against the other broker's names.

    ``disturb`` is called while the second question is open, before anybody has answered it.
    """
    with Party(browser, stack) as party:
        cleo = party.invite(browser, stack)
        heard = [_topics_heard(screen) for screen in party.screens]
        party.gather(stack.short_quiz())
        cleo.join(party.host.state()["pin"], "Cleo")
        questions = party.host.questions()

        def all_answer(party: Party, question: Question) -> None:
            if question.number == questions[1].number:
                disturb()
            both_answer(party, question)
            cleo.tap(question, question.wrong)

        play(party, dict.fromkeys((question.number for question in questions), all_answer), looking=False)
        _hold_against_rows(party, stack)
        status = f"/topic/games.{party.host.game}.status".encode()
        assert all(status in topics for topics in heard)
        assert "dropped" not in stack.log("referee")  # Whatever pages send is known to be theirs.
    return party


def _hold_against_rows(party: Party, stack: Stack) -> None:
    with stack.database() as rows:
        count = recount(rows, party.host.game)
    assert len(count.standings) == len(party.phones)
    for phone in party.phones:
        phone.shows("podium")
        me = phone.state()["me"]
        assert (me["points"], me["place"]) == count.standings[me["player"]]
        phone.has_points(me["points"])


def _topics_heard(screen: Screen) -> set[bytes]:
    """The destinations of the messages that the page's line brings, from now on, as the broker spells them."""
    topics: set[bytes] = set()

    def listen(line: WebSocket) -> None:
        line.on("framereceived", lambda data: topics.update(re.findall(rb"destination:(\S+)", _as_bytes(data))))

    screen.page.on("websocket", listen)
    return topics


def _as_bytes(data: str | bytes) -> bytes:
    return data.encode() if isinstance(data, str) else data
