"""What CONNECT and CONNECTED agree on."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stomp_broker.errors import RemoteError
from stomp_broker.frames import Version
from stomp_broker.negotiation import SERVER, best_version, connected_headers, read_connect

offers = st.lists(st.sampled_from([*Version, "0.9", "1.3", "2.0", "", "1.20", "one"]), min_size=1)


@given(offers, st.sampled_from([",", ", ", " ,"]))
def test_the_highest_common_version_is_chosen_in_whatever_order_they_are_told(offered, comma):
    common = [version for version in ("1.2", "1.1", "1.0") if version in offered]
    if common:
        assert best_version(comma.join(offered)) == common[0]
    else:
        with pytest.raises(RemoteError, match="no-common-version"):
            best_version(comma.join(offered))


def test_who_names_no_version_speaks_1_0():
    assert best_version(None) is Version.V10


def test_blanks_round_headers_are_cut_off_for_who_names_no_version_only():
    assert read_connect({"login ": " ada"}) == {"login": "ada"}
    assert read_connect({"login": " ada", "accept-version": "1.0,1.1"})["login"] == " ada"


def test_1_0_is_told_of_no_heart_beats():
    assert "heart-beat" not in connected_headers(Version.V10, "7", "0,0")
    assert connected_headers(Version.V11, "7", "0,1000")["heart-beat"] == "0,1000"


def test_the_server_has_a_name_and_no_more():
    assert re.fullmatch(r"[\w-]+", SERVER)
