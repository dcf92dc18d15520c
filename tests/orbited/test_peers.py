from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.web.resource import Resource

from orbited.config import Config, Limits
from orbited.peers import AddressCap, believed_address, client_address, is_loopback
from orbited.policy import Policy
from tests.orbited.rig import Rig

PROXIES = (ip_network("10.0.0.0/8"), ip_network("2001:db8:1::/48"))
BROWSER = "203.0.113.7"


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        (BROWSER, [], BROWSER),
        ("127.0.0.1", [BROWSER], BROWSER),
        ("::1", [BROWSER], BROWSER),
        ("::ffff:127.0.0.1", [BROWSER], BROWSER),
        ("10.1.2.3", [BROWSER], BROWSER),
        ("2001:db8:1::9", ["2001:db8:2::7"], "2001:db8:2::7"),
        ("127.0.0.1", [f"192.0.2.66, {BROWSER}"], BROWSER),
        ("127.0.0.1", ["192.0.2.66", BROWSER], BROWSER),
        ("127.0.0.1", [f"192.0.2.66, {BROWSER}, 10.1.2.3"], BROWSER),
        ("127.0.0.1", [f"{BROWSER}:50123"], BROWSER),
        ("127.0.0.1", ["[2001:db8:2::7]:50123"], "2001:db8:2::7"),
        ("127.0.0.1", [f"::ffff:{BROWSER}"], BROWSER),
        ("127.0.0.1", ["10.1.2.3"], "10.1.2.3"),
        ("127.0.0.1", [""], "127.0.0.1"),
        ("127.0.0.1", ["unknown"], "127.0.0.1"),
        ("10.1.2.3", ["<script>"], "10.1.2.3"),
    ],
)
def test_a_trusted_proxy_is_believed_about_the_last_who_is_none(peer, forwarded, client):
    assert believed_address(peer, forwarded, PROXIES) == client


@pytest.mark.parametrize("peer", [BROWSER, "11.0.0.1", "2001:db8:2::7", "", "no address"])
def test_a32_a_spoofed_x_forwarded_for_of_anybody_else_is_ignored(peer):
    assert believed_address(peer, ["192.0.2.66"], PROXIES) == peer


@given(st.lists(st.text(max_size=60), max_size=5))
def test_any_header_gives_an_address_or_the_peer(forwarded):
    assert believed_address("127.0.0.1", forwarded, PROXIES)
    assert believed_address(BROWSER, forwarded, PROXIES) == BROWSER


def test_the_address_of_a_request_follows_the_policy_of_the_moment():
    rig = Rig()
    seen = []
    rig.site.resource.putChild(b"look", Looking(lambda request: seen.append(client_address(request, rig.policy))))
    rig.ask("GET", "/look", address="10.1.2.3", x_forwarded_for=BROWSER)
    rig.policy.adopt(Config(hosts=("relay.example",), limits=Limits(proxies=PROXIES)))
    rig.ask("GET", "/look", address="10.1.2.3", x_forwarded_for=BROWSER)
    assert seen == ["10.1.2.3", BROWSER]


class Looking(Resource):
    isLeaf = True

    def __init__(self, look):
        super().__init__()
        self.look = look

    def render_GET(self, request):
        self.look(request)
        return b""


@pytest.mark.parametrize(
    ("address", "local"),
    [("127.0.0.1", True), ("::1", True), ("::ffff:127.0.0.1", True), ("192.0.2.1", False), ("", False), ("x", False)],
)
def test_loopback_is_this_machine(address, local):
    assert is_loopback(address) is local


def cap(most=2, per_session=1, **limits):
    return AddressCap(Policy(Config(limits=Limits(sessions_per_address=most, **limits))), per_session)


def test_an_address_gets_what_it_may_and_again_what_it_gives_back():
    held = cap(most=2)
    assert [held.take(BROWSER) for _ in range(3)] == [True, True, False]
    assert held.take("198.51.100.1")
    held.free(BROWSER)
    assert held.take(BROWSER)


def test_connections_are_counted_for_each_session():
    held = cap(most=2, per_session=2)
    assert [held.take(BROWSER) for _ in range(5)] == [True] * 4 + [False]


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.1.2.3", "192.0.2.5"])
def test_this_machine_trusted_proxies_and_exempt_networks_have_no_cap(address):
    held = cap(most=1, proxies=PROXIES, exempt=(ip_network("192.0.2.0/24"),))
    assert all(held.take(address) for _ in range(5))


def test_addresses_of_one_subscriber_are_one():
    held = cap(most=2)
    assert held.take("2001:db8:2::1")
    assert held.take("2001:db8:2::2")
    assert not held.take("2001:db8:2::3")
    assert held.take("2001:db8:2:1::1")
    assert held.take("192.0.2.1")
    assert held.take("::ffff:192.0.2.1")
    assert not held.take("192.0.2.1")


def test_nothing_is_remembered_of_an_address_that_holds_nothing():
    held = cap(most=1)
    for number in range(100):
        address = f"203.0.113.{number}"
        held.take(address)
        held.take(address)
        held.free(address)
    assert not held._held
