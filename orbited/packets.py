"""Orbited 0.7's packet encoding, in both directions of every HTTP transport.

A packet is a list of two or three arguments: number, name and perhaps a payload. An argument is a flag (``1``: more
arguments follow in this packet, ``0``: the last one), its length in decimal, a comma, and that many ASCII characters.
Packets follow one another with nothing between: ``11,314,data04,MQ==`` is packet 3 carrying the byte ``1``.

Source: ``docs/orbited-protocol.md``, section 4.
"""

import base64
import binascii
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from orbited.errors import PacketError

OPT = "opt"
OPEN = "open"
DATA = "data"
PING = "ping"
CLOSE = "close"

# Enough for any argument of a body within the relay's limits; a longer number can only be an attack on int().
MAX_LENGTH_DIGITS = 7
MAX_ARGUMENTS = 3


class Packet(NamedTuple):
    """One packet. ``payload`` is raw bytes for ``data`` (base64 on the wire), as it stands for any other name."""

    id: int
    name: str
    payload: bytes = b""


def encode(packet: Packet) -> bytes:
    """The packet on the wire; one without payload has two arguments."""
    arguments = _written(packet)
    last = len(arguments) - 1
    return b"".join(b"%d%d,%b" % (index < last, len(text), text) for index, text in enumerate(arguments))


def words(packet: Packet) -> list[str]:
    """The packet's arguments as text, for wires that have lists of their own."""
    return [argument.decode("latin-1") for argument in _written(packet)]


def encode_all(packets: Iterable[Packet]) -> bytes:
    """Packets on the wire, in order."""
    return b"".join(map(encode, packets))


def decode(body: bytes) -> list[Packet]:
    """Read a whole body of packets, as a page POSTs it.

    An empty body is no packets. PacketError for anything but complete packets with a number and a name.
    """
    packets = []
    arguments: list[bytes] = []
    for more, argument in _arguments(body):
        arguments.append(argument)
        if not more:
            packets.append(_packet(arguments))
            arguments = []
        elif len(arguments) == MAX_ARGUMENTS:
            raise PacketError(f"a packet has at most {MAX_ARGUMENTS} arguments")
    if arguments:
        raise PacketError("the last packet is incomplete")
    return packets


def _written(packet: Packet) -> list[bytes]:
    payload = base64.b64encode(packet.payload) if packet.name == DATA else packet.payload
    arguments = [str(packet.id).encode(), packet.name.encode()]
    return [*arguments, payload] if payload else arguments


def _arguments(body: bytes) -> Iterator[tuple[bool, bytes]]:
    position = 0
    while position < len(body):
        comma = body.find(b",", position, position + MAX_LENGTH_DIGITS + 2)
        flag, digits = body[position : position + 1], body[position + 1 : max(comma, position)]
        if flag not in (b"0", b"1") or not digits.isdigit():
            raise PacketError(f"no argument begins at byte {position}")
        end = comma + 1 + int(digits)
        if end > len(body):
            raise PacketError(f"the argument at byte {position} is incomplete")
        yield flag == b"1", body[comma + 1 : end]
        position = end


def _packet(arguments: list[bytes]) -> Packet:
    if len(arguments) < 2:
        raise PacketError("a packet has a number and a name")
    number, name = arguments[0], arguments[1].decode("latin-1")
    payload = arguments[2] if len(arguments) == MAX_ARGUMENTS else b""
    if not number.isdigit() or len(number) > MAX_LENGTH_DIGITS + 3:
        raise PacketError("a packet's number is a decimal number")
    return Packet(int(number), name, _unbase64(payload) if name == DATA else payload)


def _unbase64(text: bytes) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise PacketError(f"a data packet's payload is not base64: {error}") from None
