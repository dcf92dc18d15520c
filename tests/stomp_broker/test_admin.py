"""The listener for operators of a broker alone: health, figures, and who may ask."""

import pytest
from twisted.internet.address import IPv4Address
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransportWithDisconnection

from stomp_broker.admin import IDLE_SECONDS, make_admin_site


class Site:
    """``wrong`` is what its one check says."""

    def __init__(self):
        self.clock = Clock()
        self.wrong = ""
        checks = {"alarms": lambda: self.wrong, "clients": lambda: ""}
        self.site = make_admin_site(lambda: b"figure 1\n", checks, self.clock)

    def open(self):
        protocol = self.site.buildProtocol(IPv4Address("TCP", "127.0.0.1", 1))
        protocol.callLater = self.clock.callLater
        transport = StringTransportWithDisconnection()
        transport.protocol = protocol
        protocol.makeConnection(transport)
        return protocol, transport

    def ask(self, path, *hosts, method="GET"):
        """Status, head and body."""
        protocol, transport = self.open()
        lines = [f"Host: {host}" for host in hosts or ("127.0.0.1:61615",)]
        protocol.dataReceived("\r\n".join([f"{method} {path} HTTP/1.1", *lines, "", ""]).encode())
        head, _, body = transport.value().decode().partition("\r\n\r\n")
        return int(head.split()[1]), head, body


@pytest.fixture
def site():
    return Site()


def test_who_answers_is_alive(site):
    status, _, body = site.ask("/healthz")
    assert (status, body) == (200, "ok\n")


def test_ready_is_who_passes_every_check(site):
    assert site.ask("/readyz")[0::2] == (200, "ok\n")
    site.wrong = "memory"
    assert site.ask("/readyz")[0::2] == (503, "not-ready: memory\n")
    assert site.ask("/readyz?verbose")[0::2] == (503, "alarms: memory\nclients: ok\n")


def test_figures_are_prometheus_text(site):
    status, head, body = site.ask("/metrics")
    assert (status, body) == (200, "figure 1\n")
    assert "text/plain; version=0.0.4" in head


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]:61615", "LOCALHOST:1", "10.0.0.5"])
def test_addresses_and_this_machines_name_are_ours(site, host):
    assert site.ask("/healthz", host)[0] == 200


@pytest.mark.parametrize("hosts", [["quiz.example.org"], ["127.0.0.1.evil"], ["[::1"], ["a", "127.0.0.1"], [" "]])
def test_a10_any_other_name_gets_nothing(site, hosts):
    status, head, body = site.ask("/metrics", *hosts)
    assert status in (400, 421)
    assert "figure" not in body
    if status == 421:
        assert head.startswith("HTTP/1.1 421 Misdirected Request")


def test_what_is_not_there_or_not_asked_so_is_refused(site):
    assert site.ask("/")[0] == 404
    assert site.ask("/metrics", method="POST")[0] == 405


def test_who_says_nothing_is_closed(site):
    _, transport = site.open()
    site.clock.advance(IDLE_SECONDS)
    assert not transport.connected
