from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orbited.addresses import REFUSED, refusal

METADATA = ["169.254.169.254", "fd00:ec2::254", "fd20:ce::254", "100.100.100.200", "168.63.129.16", "192.0.0.192"]
NO_TARGETS = [
    "0.0.0.0",
    "0.1.2.3",
    "::",
    "169.254.0.1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "224.0.0.1",
    "239.255.255.250",
    "ff02::1",
    "240.0.0.1",
    "255.255.255.255",
]
LOOPBACK = ["127.0.0.1", "127.1.2.3", "::1"]
ORDINARY = ["10.0.0.5", "192.168.1.20", "172.17.0.2", "203.0.113.7", "2001:db8::7", "fd00::5", "100.100.100.201"]


def forms(ipv4):
    """All IPv6 addresses behind which an IPv4 address can hide."""
    number = int(IPv4Address(ipv4))
    client = number ^ 0xFFFFFFFF  # RFC 4380, section 4: the client's address with its bits turned round
    return [
        f"::ffff:{ipv4}",
        f"::{ipv4}",
        f"64:ff9b::{ipv4}",
        f"64:ff9b:1::{ipv4}",
        str(IPv6Address((0x2002 << 112) | (number << 80) | 1)),
        str(IPv6Address((0x20010000 << 96) | client)),
    ]


@pytest.mark.parametrize("own_name", [True, False])
@pytest.mark.parametrize("address", METADATA + NO_TARGETS)
def test_a34_no_name_leads_there(address, own_name):
    assert refusal(address, own_name)


@pytest.mark.parametrize("ipv4", [*(a for a in METADATA + NO_TARGETS if ":" not in a), "127.0.0.1"])
def test_a33_nor_to_its_ipv6_forms(ipv4):
    for form in forms(ipv4):
        assert refusal(form, own_name=False), form


@pytest.mark.parametrize("address", LOOPBACK + forms("127.0.0.1")[:1])
def test_a34_only_a_name_of_this_machine_leads_to_this_machine(address):
    assert refusal(address, own_name=True) is None
    assert "this machine" in refusal(address, own_name=False)


@pytest.mark.parametrize("own_name", [True, False])
@pytest.mark.parametrize("address", ORDINARY)
def test_other_addresses_of_networks_private_or_not_are_targets(address, own_name):
    assert refusal(address, own_name) is None


@given(st.sampled_from(list(REFUSED)), st.data())
def test_every_address_of_a_refused_network_is_refused(network, data):
    address = network[data.draw(st.integers(0, network.num_addresses - 1))]
    assert refusal(str(address), own_name=False)


@given(st.ip_addresses())
def test_every_address_is_judged(address):
    assert refusal(str(address), own_name=False) is None or refusal(str(address), own_name=False)
