"""What this machine is called, and which ports are free."""

import ipaddress
import socket

import pytest

from quiz.processes.network import PortTaken, check_ports, free_port, host_names, lan_addresses


def test_addresses_are_ipv4_and_lead_to_this_machine_from_others():
    for address in lan_addresses():
        assert not ipaddress.IPv4Address(address).is_loopback
        with socket.create_server((address, 0)) as server:
            assert server.getsockname()[0] == address


def test_machine_is_known_by_its_name_and_over_mdns():
    name, *others = host_names()
    assert name == socket.gethostname().lower()
    assert any(other.endswith(".local") for other in [name, *others])


def test_taken_port_is_named_with_the_setting_that_moves_it():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"^Port {port} is not free .*: set WEB_PORT to another") as error:
            check_ports({"ORBITED_PORT": ("127.0.0.1", free_port()), "WEB_PORT": ("0.0.0.0", port)})
    assert "\n" not in str(error.value)


def test_one_port_for_two_settings_is_found():
    port = free_port()
    with pytest.raises(PortTaken, match="set ORBITED_PORT"):
        check_ports({"WEB_PORT": ("127.0.0.1", port), "ORBITED_PORT": ("127.0.0.1", port)})


def test_no_port_is_given_twice_in_a_row():
    assert len({free_port() for _ in range(500)}) == 500


def test_free_ports_stay_free():
    port = free_port()
    check_ports({"WEB_PORT": ("127.0.0.1", port)})
    check_ports({"WEB_PORT": ("127.0.0.1", port)})
