"""What goes to the other broker: no name and no header that means something of its own there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.live.destinations import from_broker, to_broker
from stomp_broker.errors import RemoteError
from stomp_broker.forwarded import headers_of, judge_name
from stomp_broker.messages import Message
from tests.stomp_broker.clients import SERVICE_PASSCODE
from tests.stomp_broker.gated import ANSWERS, GatedQuiz, codes

segments = st.from_regex(r"[A-Za-z0-9_-]{1,8}", fullmatch=True)
names = st.lists(segments, min_size=1, max_size=4).map(lambda parts: "/" + "/".join(parts))


@pytest.fixture
def quiz():
    return GatedQuiz()


@given(names, st.sampled_from([(), ("answers",)]))
def test_every_name_of_ours_goes_through_as_it_is_spelled(name, endings):
    judge_name(to_broker(name, "activemq", endings))


@given(
    st.text(alphabet="/topicquea.,>*?=& \n\0é-_:", max_size=20).map(lambda text: "/topic/" + text)
    | st.text(max_size=20)
)
def test_what_goes_through_is_a_name_of_ours(name):
    try:
        judge_name(name)
    except RemoteError:
        return
    assert to_broker(from_broker(name, "activemq"), "activemq") in (name, name.replace("/queue/", "/topic/"))


@given(st.dictionaries(st.text(max_size=12), st.text(max_size=5), max_size=5))
def test_of_other_headers_none_goes_through(headers):
    own = {"destination": ANSWERS, "sender": "player:1", "received-at": "1800000000000"}
    sent = headers_of(Message(headers | own, b""))
    assert {name: sent.pop(name) for name in own} == own
    assert all(name == "content-type" or name.startswith("x-") for name in sent)
    assert sent.items() <= headers.items()


@pytest.mark.parametrize(
    "destination",
    [
        "/temp-queue/a",
        "/topic/a,b",
        "/topic/a?x=1",
        "/topic/a..b",
        "/topic/a/b",
        "/topic/",
        "/topic",
        "/dsub/a",
        "/topic/è",
        "/games/1/status",
    ],
)
def test_names_with_a_meaning_of_their_own_are_refused_to_everybody(quiz, destination):
    for command in ("SUBSCRIBE", "SEND"):
        program = quiz.connect(SERVICE_PASSCODE)
        program.send(command, {"id": "0", "destination": destination})
        assert codes(program) == ["bad-destination"]


@pytest.mark.parametrize(
    "header", ["reply-to", "selector", "persistent", "JMSXGroupID", "activemq.retroactive", "correlation-id", "X"]
)
def test_headers_that_may_mean_something_there_do_not_go_through(quiz, header):
    headers = {header: "forged", "content-type": "text/plain", "x-page": "7"}
    quiz.player().publish(ANSWERS, b"42", **headers)
    service = quiz.behind.service()
    service.send("SUBSCRIBE", {"id": "0", "destination": ANSWERS})
    message = service.take("MESSAGE")
    assert message.headers.get(header) in (None, "true")
    assert (message.headers["content-type"], message.headers["x-page"]) == ("text/plain", "7")


def test_queues_are_read_by_nobody_here(quiz):
    program = quiz.connect(SERVICE_PASSCODE)
    program.send("SUBSCRIBE", {"id": "0", "destination": ANSWERS})
    assert codes(program) == ["access-refused"]
