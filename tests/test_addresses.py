"""Whose address a limit counts: as far as trusted proxies say so, IPv6 by subscriber."""

from typing import Any

import pytest
from django.test import RequestFactory

from quiz.addresses import client_address, fingerprint, is_unlimited
from quiz.environment import Environment


@pytest.fixture(autouse=True)
def proxies(settings: Any) -> None:
    environment = Environment({"PROXIES": "127.0.0.0/8, 10.0.0.0/24", "FREE": "127.0.0.0/8,198.51.100.0/24"})
    settings.TRUSTED_PROXIES = environment.networks("PROXIES", default=[])
    settings.UNLIMITED_NETWORKS = environment.networks("FREE", default=[])


@pytest.mark.parametrize(
    ("peer", "told", "client"),
    [
        ("192.0.2.7", "", "192.0.2.7"),
        ("192.0.2.7", "203.0.113.5", "192.0.2.7"),
        ("127.0.0.1", "203.0.113.5", "203.0.113.5"),
        ("127.0.0.1", "1.1.1.1, 203.0.113.5", "203.0.113.5"),
        ("127.0.0.1", "203.0.113.5, 10.0.0.2", "203.0.113.5"),
        ("127.0.0.1", "203.0.113.5, nonsense", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("::ffff:127.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("", "203.0.113.5", "203.0.113.5"),
        ("", "", ""),
    ],
)
def test_only_a_trusted_proxy_is_believed(peer: str, told: str, client: str) -> None:
    extra = {"HTTP_X_FORWARDED_FOR": told} if told else {}
    assert client_address(RequestFactory().get("/", REMOTE_ADDR=peer, **extra)) == client


def test_an_ipv6_subscriber_is_one_and_an_address_cannot_be_read_from_its_print() -> None:
    assert fingerprint("2001:db8::1") == fingerprint("2001:db8::ffff")
    assert fingerprint("2001:db8::1") != fingerprint("2001:db8:0:1::1")
    assert fingerprint("192.0.2.7") != fingerprint("192.0.2.8")


@pytest.mark.parametrize(("address", "free"), [("127.0.0.1", True), ("198.51.100.9", True), ("192.0.2.7", False)])
def test_a_network_without_limits_is_named(address: str, free: bool) -> None:
    assert is_unlimited(address) is free
