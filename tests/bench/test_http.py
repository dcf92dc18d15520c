import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from bench.http import HttpClient

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n"


async def read_request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-l")), 0
    )
    return head + await reader.readexactly(length)


def talking_to(handler: Handler, talk: Callable[[HttpClient], Coroutine[Any, Any, Any]]) -> Any:
    """What ``talk`` returns, with a client of a server that does ``handler`` for each connection."""

    async def run() -> Any:
        server = await asyncio.start_server(handler, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, HttpClient(f"http://127.0.0.1:{port}") as http:
            return await talk(http)

    return asyncio.run(run())


def test_two_requests_share_a_connection_and_send_json() -> None:
    seen: list[list[bytes]] = []

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests: list[bytes] = []
        seen.append(requests)
        for n in (1, 2):
            requests.append(await read_request(reader))
            writer.write(OK + b'{"n": %d} ' % n)
            await writer.drain()
        writer.close()

    async def talk(http: HttpClient) -> list[Any]:
        return [(await http.get("/a")).json(), (await http.post("/b", {"pin": "1"})).json()]

    assert talking_to(handler, talk) == [{"n": 1}, {"n": 2}]
    [requests] = seen
    assert requests[0].startswith(b"GET /a HTTP/1.1\r\n")
    assert requests[1].endswith(b'\r\n\r\n{"pin": "1"}')


def test_a_connection_that_the_server_ends_is_made_anew() -> None:
    connections: list[int] = []

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(1)
        await read_request(reader)
        writer.write(OK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n") + b'{"n": 1} ')
        writer.close()

    async def talk(http: HttpClient) -> list[int]:
        return [(await http.get("/")).status, (await http.get("/")).status]

    assert talking_to(handler, talk) == [200, 200]
    assert len(connections) == 2


@pytest.mark.parametrize("part", [b"", OK, OK + b'{"n":', b"what?\r\n\r\n"])
def test_a_connection_that_ends_too_soon_is_an_error_of_the_connection(part: bytes) -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(part)
        writer.close()

    async def talk(http: HttpClient) -> None:
        with pytest.raises(OSError):  # noqa: PT011  Whichever the system gives.
            await http.get("/")

    talking_to(handler, talk)


def test_what_is_not_an_object_is_not_taken_for_one() -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(OK + b"[1, 2, 3]")
        writer.close()

    async def talk(http: HttpClient) -> None:
        answer = await http.get("/")
        with pytest.raises(ValueError, match="not a JSON object"):
            answer.json()

    talking_to(handler, talk)
