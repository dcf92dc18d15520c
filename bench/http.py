"""A small HTTP/1.1 client for JSON: asyncio carries the bytes, h11 knows the protocol."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

import h11

REQUEST_LIMIT_S = 30
"""From asking to the whole answer, a new connection included. A browser would wait longer, its user would not."""

READ_BYTES = 65_536


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body as the object that it is; ``ValueError`` when it is something else."""
        data = json.loads(self.body)
        if not isinstance(data, dict):
            raise ValueError(f"not a JSON object: {self.body[:80]!r}")
        return data


class HttpClient:
    """One kept connection to one server, one request at a time, as a page that asks has it.

    A fault of the connection is an ``OSError`` (``TimeoutError`` among them); the next request makes a new connection.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._url = urlsplit(url)
        self.headers = {"Host": self._url.netloc, "Accept": "application/json"}
        self._turn = asyncio.Lock()
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._protocol = h11.Connection(h11.CLIENT)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the connection up; a later request makes a new one."""
        if self._streams:
            self._streams[1].close()
        self._streams = None

    async def get(self, path: str) -> Answer:
        """Read."""
        return await self.request("GET", path, None)

    async def post(self, path: str, data: object) -> Answer:
        """Send ``data`` as JSON."""
        return await self.request("POST", path, json.dumps(data).encode())

    async def request(self, method: str, path: str, body: bytes | None) -> Answer:
        """One exchange. Raises ``OSError``; whether the server acted on the request is then unknown."""
        async with self._turn:
            try:
                async with asyncio.timeout(REQUEST_LIMIT_S):
                    return await self._exchange(method, path, body)
            except h11.ProtocolError as error:
                self.close()
                raise ConnectionError(str(error)) from error
            except BaseException:
                self.close()
                raise

    async def _exchange(self, method: str, path: str, body: bytes | None) -> Answer:
        reader, writer = await self._connected()
        headers = self.headers if body is None else self.headers | _describing(body)
        writer.write(self._protocol.send(h11.Request(method=method, target=path, headers=list(headers.items()))) or b"")
        if body is not None:
            writer.write(self._protocol.send(h11.Data(data=body)) or b"")
        self._protocol.send(h11.EndOfMessage())
        await writer.drain()
        answer = await self._read(reader)
        if self._protocol.our_state is h11.MUST_CLOSE:
            self.close()
        else:
            self._protocol.start_next_cycle()
        return answer

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams and self._streams[0].at_eof():
            self.close()
        if not self._streams:
            secure = self._url.scheme == "https"
            port = self._url.port or (443 if secure else 80)
            self._streams = await asyncio.open_connection(self._url.hostname, port, ssl=secure or None)
            self._protocol = h11.Connection(h11.CLIENT)
        return self._streams

    async def _read(self, reader: asyncio.StreamReader) -> Answer:
        status, parts = 0, []
        while not isinstance(event := self._protocol.next_event(), h11.EndOfMessage):
            if event is h11.NEED_DATA:
                self._protocol.receive_data(await reader.read(READ_BYTES))
            elif isinstance(event, h11.Response):
                status = event.status_code
            elif isinstance(event, h11.Data):
                parts.append(bytes(event.data))
            elif isinstance(event, h11.ConnectionClosed):
                raise ConnectionResetError("closed before the answer")
        return Answer(status, b"".join(parts))


def _describing(body: bytes) -> dict[str, str]:
    return {"Content-Type": "application/json", "Content-Length": str(len(body))}
