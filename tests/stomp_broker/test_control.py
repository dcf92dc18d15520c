"""Orders to the broker: the one there is, and everything that is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stomp_broker.control import Cut, parse_order
from stomp_broker.errors import Code, RemoteError


def test_a_cut_names_its_subject():
    assert parse_order(b'{"cut": "player:12"}') == Cut("player:12")


NO_ORDERS = [b"", b"cut", b"[]", b"{}", b"null", b"\xff\xfe", b'{"stop": "x"}', b'{"cut": "player:12", "more": 1}']
NO_ORDERS += [b'{"cut": 12}', b'{"cut": ""}', b'{"cut": null}', b'{"cut": ["player:12"]}', b"[" * 60_000]


@pytest.mark.parametrize("body", NO_ORDERS)
def test_anything_else_is_told_to_be_none(body):
    with pytest.raises(RemoteError) as caught:
        parse_order(body)
    assert caught.value.code is Code.BAD_CONTROL


@given(st.binary())
def test_any_bytes_are_an_order_or_an_error(body):
    try:
        assert parse_order(body).subject
    except RemoteError as error:
        assert error.code is Code.BAD_CONTROL
