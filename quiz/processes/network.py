"""What this machine is called on its networks, and which of its TCP ports are free."""

import contextlib
import fcntl
import itertools
import os
import random
import socket
import struct
from collections.abc import Iterator, Mapping, Sequence

SIOCGIFADDR = 0x8915  # Linux, netdevice(7): the IPv4 address of a network interface.

# Below those that Linux gives to outgoing connections (ip(7), ip_local_port_range).
LISTENING_PORTS = range(20_000, 32_768)


class PortTaken(Exception):
    """A port cannot be opened. The message names it and the setting that moves it."""


def lan_addresses() -> tuple[str, ...]:
    """Return this machine's IPv4 addresses without loopback, the one that the default route uses first."""
    found = [*default_route_address(), *interface_addresses()]
    return tuple(address for address in dict.fromkeys(found) if not address.startswith("127."))


def default_route_address() -> list[str]:
    """Return the address from which packets to the world leave, or nothing without such a route."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, contextlib.suppress(OSError):
        probe.connect(("192.0.2.1", 9))  # RFC 5737: nobody's address. A UDP connect sends nothing.
        return [probe.getsockname()[0]]
    return []


def interface_addresses() -> list[str]:
    """Return the IPv4 address of each network interface that has one."""
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in socket.if_nameindex():
            with contextlib.suppress(OSError):  # An interface without an IPv4 address.
                answer = fcntl.ioctl(probe.fileno(), SIOCGIFADDR, struct.pack("256s", name.encode()))
                found.append(socket.inet_ntoa(answer[20:24]))
    return found


def host_names() -> tuple[str, ...]:
    """Return the names under which others may find this machine: its own, and that with mDNS's ending."""
    name = socket.gethostname().lower()
    return tuple(dict.fromkeys([name, f"{name.split('.')[0]}.local"]))


def in_turn(ports: Sequence[int]) -> Iterator[int]:
    """Yield them over and over, in an order by chance: none comes again before all others have."""
    return itertools.cycle(random.sample(ports, len(ports)))


candidates = in_turn(LISTENING_PORTS)
"""What this process tries next: who was given a port may not listen there yet when another is asked for."""


def free_port() -> int:
    """Return a TCP port of the loopback that was free a moment ago, and that no outgoing connection will take."""
    for port in itertools.islice(candidates, len(LISTENING_PORTS)):
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise PortTaken("No TCP port of this machine is free.")


def check_ports(listeners: Mapping[str, tuple[str, int]]) -> None:
    """Raise :class:`PortTaken` for the first of ``{setting: (interface, port)}`` that cannot be opened.

    All are held open until the last is tried, so that two settings with one port are found too.
    """
    with contextlib.ExitStack() as stack:
        for setting, address in listeners.items():
            try:
                stack.enter_context(socket.create_server(address))
            except OSError as error:
                raise PortTaken(
                    f"Port {address[1]} is not free ({os.strerror(error.errno or 0)}): set {setting} to another, "
                    f"for example `{setting}={address[1] + 1} make run`."
                ) from error
