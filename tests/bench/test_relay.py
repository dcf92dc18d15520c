"""The relay's wire, held from the other side: a WebSocket server that says what a relay says."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve

from bench import relay
from bench.relay import RelayClosed, RelaySocket

Relay = Callable[[ServerConnection], Coroutine[Any, Any, None]]


def talking_to(
    handler: Relay, talk: Callable[[RelaySocket], Coroutine[Any, Any, Any]], answer: bytes = b"1"
) -> tuple[str, str | bytes, Any]:
    """The path and the handshake that the relay saw, and what ``talk`` returned."""
    seen: list[Any] = []

    async def greet(connection: ServerConnection) -> None:
        for text in ('["session", "k3y", "t0ken"]', '["ack", 0]', '["opt", "pingInterval,30"]', '["open"]'):
            await connection.send(text)
        assert connection.request is not None
        seen.extend([connection.request.path, await connection.recv()])
        await connection.send(answer)
        await handler(connection)

    async def run() -> Any:
        async with serve(greet, "127.0.0.1", 0) as server:
            port = next(iter(server.sockets)).getsockname()[1]
            socket = await RelaySocket.open(f"http://127.0.0.1:{port}", "localhost:61613")
            try:
                return await talk(socket)
            finally:
                await socket.close()

    result = asyncio.run(run())
    return seen[0], seen[1], result


async def until_closed(connection: ServerConnection) -> None:
    await connection.wait_closed()


def test_the_first_packet_names_the_target_and_data_follows() -> None:
    async def echo(connection: ServerConnection) -> None:
        await connection.send(await connection.recv())

    async def talk(socket: RelaySocket) -> bytes:
        socket.send(b"CONNECT")
        return await socket.receive()

    assert talking_to(echo, talk) == ("/tcp/websocket", b"localhost:61613\n", b"CONNECT")


@pytest.mark.parametrize("code", [b"0106", b"0108"])
def test_a_refused_target_is_named(code: bytes) -> None:
    async def talk(socket: RelaySocket) -> None:
        raise AssertionError("the socket must not open")

    with pytest.raises(RelayClosed, match=f"refuses localhost:61613: {code.decode()}"):
        talking_to(until_closed, talk, answer=code)


def test_a_ping_is_answered_with_what_has_arrived() -> None:
    heard: list[str | bytes] = []

    async def ping(connection: ServerConnection) -> None:
        await connection.send('["ping"]')
        heard.append(await connection.recv())
        await connection.send(b"on")

    async def talk(socket: RelaySocket) -> bytes:
        return await socket.receive()

    assert talking_to(ping, talk)[2] == b"on"
    assert heard == ['["ack", 1]']  # The answer to the handshake.


def test_much_data_is_acknowledged() -> None:
    heard: list[str | bytes] = []

    async def flood(connection: ServerConnection) -> None:
        await connection.send(bytes(relay.ACKNOWLEDGE_BYTES))
        heard.append(await connection.recv())

    async def talk(socket: RelaySocket) -> int:
        return len(await socket.receive())

    assert talking_to(flood, talk)[2] == relay.ACKNOWLEDGE_BYTES
    assert heard == ['["ack", 2]']


def test_many_packets_are_acknowledged() -> None:
    heard: list[str | bytes] = []

    async def flood(connection: ServerConnection) -> None:
        for _ in range(relay.ACKNOWLEDGE_PACKETS):
            await connection.send(b"x")
        heard.append(await connection.recv())

    async def talk(socket: RelaySocket) -> list[bytes]:
        return [await socket.receive() for _ in range(relay.ACKNOWLEDGE_PACKETS)]

    assert len(talking_to(flood, talk)[2]) == relay.ACKNOWLEDGE_PACKETS
    assert heard == [f'["ack", {relay.ACKNOWLEDGE_PACKETS}]']


def test_the_end_says_why() -> None:
    async def end(connection: ServerConnection) -> None:
        await connection.send('["close", "too slow: come back"]')
        await connection.wait_closed()

    async def talk(socket: RelaySocket) -> None:
        with pytest.raises(RelayClosed, match="too slow: come back"):
            await socket.receive()

    talking_to(end, talk)


def test_a_lost_line_is_an_error_of_the_connection() -> None:
    async def drop(connection: ServerConnection) -> None:
        connection.transport.abort()

    async def talk(socket: RelaySocket) -> None:
        with pytest.raises(OSError, match="connection lost"):
            await socket.receive()

    talking_to(drop, talk)
