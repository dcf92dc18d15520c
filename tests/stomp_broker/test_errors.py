"""Every code that a client can be told comes with a sentence for people."""

from stomp_broker.errors import SENTENCES, Code, FrameError, Refused, RemoteError


def test_every_code_has_a_sentence():
    assert set(SENTENCES) == set(Code)
    assert all(sentence.endswith(".") or sentence.endswith("}.") for sentence in SENTENCES.values())


def test_the_client_hears_nothing_of_why():
    first, second = Refused("login 'ada'"), Refused("read /games/2/status")
    assert (first.code, first.sentence) == (second.code, second.sentence)


def test_errors_of_frames_and_rights_are_the_clients():
    assert isinstance(FrameError(Code.BAD_HEADER), RemoteError)
    assert Refused("x").code is Code.ACCESS_REFUSED
