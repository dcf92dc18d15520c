"""Requests to an application that the operator has named: bounded answers, no redirects, connections kept."""

from io import BytesIO
from typing import Any

from twisted.internet.defer import Deferred, inlineCallbacks
from twisted.internet.error import ConnectionDone
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure
from twisted.web.client import Agent, FileBodyProducer, HTTPConnectionPool, ResponseDone, _HTTP11ClientFactory
from twisted.web.http_headers import Headers

# Bytes of an answer: room for a message as large as a service may send, written as JSON.
MOST_BYTES = 2 * 1024 * 1024
CONNECT_SECONDS = 2.0
CONNECTIONS = 20


class AnswerError(Exception):
    """An answer that is not 200, or too long."""


class _QuietFactory(_HTTP11ClientFactory):
    """Writes no line about each connection."""

    noisy = False


class HttpClient:
    """``client.fetch(url, body)`` on this reactor; its time is bounded by whoever cancels it."""

    def __init__(self, reactor: Any) -> None:  # noqa: ANN401
        self._pool = HTTPConnectionPool(reactor)
        self._pool.maxPersistentPerHost = CONNECTIONS
        self._pool._factory = _QuietFactory
        self._agent = Agent(reactor, connectTimeout=CONNECT_SECONDS, pool=self._pool)

    @inlineCallbacks
    def fetch(self, url: str, body: bytes | None) -> Any:  # noqa: ANN401  A generator, in truth.
        """GET, or POST a JSON object; give the body of the answer 200, or fail with :class:`AnswerError`."""
        headers = Headers({b"Content-Type": [b"application/json"], b"Accept": [b"application/json"]})
        producer: Any = None if body is None else FileBodyProducer(BytesIO(body))
        response = yield self._agent.request(b"GET" if body is None else b"POST", url.encode(), headers, producer)
        read: Deferred[bytes] = Deferred()
        response.deliverBody(_Reader(read))
        answer = yield read
        if response.version[1:] < (1, 1):
            # HTTP/1.0 ends the connection behind its answer; Twisted would send the next request over it.
            self._pool.closeCachedConnections()
        if response.code != 200:
            raise AnswerError(f"{url} answers {response.code}")
        return answer


class _Reader(Protocol):
    """Collects the body of an answer, and hangs up on one without end."""

    def __init__(self, done: "Deferred[bytes]") -> None:
        self._done = done
        self._body = bytearray()

    def dataReceived(self, data: bytes) -> None:
        """See :class:`twisted.internet.interfaces.IProtocol`."""
        self._body += data
        if len(self._body) > MOST_BYTES and self.transport:
            self.transport.abortConnection()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """See :class:`twisted.internet.interfaces.IProtocol`."""
        if self._done.called:
            return
        if reason.check(ResponseDone, ConnectionDone) and len(self._body) <= MOST_BYTES:
            self._done.callback(bytes(self._body))
        else:
            self._done.errback(AnswerError(f"an answer broke off after {len(self._body)} bytes"))
