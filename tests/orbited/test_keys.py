from dataclasses import fields as fields_of
from ipaddress import ip_network
from pathlib import Path

import pytest

from orbited.config import Certificates, Config, Limits
from orbited.errors import ConfigError
from orbited.grammar import Line
from orbited.keys import GLOBAL, LIMITS, LONGEST_DRAIN, MOST, SESSION, SSL, TEST, Key, fields, networks, whole, word
from orbited.session import Settings


@pytest.mark.parametrize(
    ("keys", "owner"),
    [(GLOBAL, Config), (TEST, Config), (SESSION, Settings), (LIMITS, Limits)],
    ids=["global", "test", "session", "limits"],  # the same in every process of a test run
)
def test_every_key_fills_a_field_that_there_is(keys, owner):
    assert {key.field for key in keys.values()} <= {field.name for field in fields_of(owner)}


def test_every_key_of_ssl_is_a_file():
    assert {key.field for key in SSL.values()} == set(Certificates._fields)


def test_all_limits_can_be_set():
    assert {key.field for key in LIMITS.values()} == {field.name for field in fields_of(Limits)}


def test_absent_key_fills_nothing():
    assert fields("s", {"b": Line("x:1", "2")}, {"a": Key("f", int), "b": Key("g", int)}) == {"g": 2}


def test_wrong_value_is_named_with_file_line_and_key():
    with pytest.raises(ConfigError) as caught:
        fields("s", {"a": Line("x:1", "soon")}, {"a": Key("f", whole())})
    assert str(caught.value) == f"x:1: [s] a: 'soon' is not a whole number from 1 to {MOST}"


@pytest.mark.parametrize("text", ["", "0", "-1", "+1", "1.5", "١", "1_0", " 1", "1000000000", "9" * 5000])
def test_numbers_are_whole_and_above_nothing(text):
    with pytest.raises(ValueError, match="is not a whole number from 1 to"):
        whole()(text)


def test_numbers_have_an_upper_end():
    assert whole()(str(MOST)) == MOST
    assert GLOBAL["drain.seconds"].read(str(LONGEST_DRAIN)) == LONGEST_DRAIN
    with pytest.raises(ValueError, match="from 1 to 25"):
        GLOBAL["drain.seconds"].read(str(LONGEST_DRAIN + 1))


@pytest.mark.parametrize(("text", "on"), [("1", True), ("0", False), ("yes", False), ("true", False), ("", False)])
def test_switch_is_on_at_exactly_1(text, on):
    assert GLOBAL["proxy.enabled"].read(text) is on
    assert TEST["stompdispatcher.enabled"].read(text) is on


def test_networks_stand_in_a_list():
    assert networks("10.0.0.0/8, 192.168.1.7,fd00::/8,") == tuple(
        map(ip_network, ("10.0.0.0/8", "192.168.1.7/32", "fd00::/8"))
    )
    assert networks("") == ()


@pytest.mark.parametrize("text", ["school", "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0 10.0.0.1"])
def test_no_network_is_refused(text):
    with pytest.raises(ValueError, match=text.split(",")[0]):
        networks(text)


def test_empty_name_is_none():
    assert word("") is None
    assert word("nobody") == "nobody"


def test_files_of_ssl_are_named():
    assert SSL["key"].read("etc/a.pem") == Path("etc/a.pem")
    with pytest.raises(ValueError, match="nothing stands behind the '='"):
        SSL["key"].read("")
