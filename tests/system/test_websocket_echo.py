"""The relay's HTTP and WebSocket layers over real sockets: what a peer at the other end of TCP gets to see."""

import os
import random
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, CloseConnection

from orbited.heads import MAX_BODY_BYTES
from quiz.processes.network import free_port
from tests.orbited.mutants import REQUESTS, mutated, pieces
from tests.orbited.rig import BINARY, CLOSE, HANDSHAKE_KEY, frame
from tests.stack import PATIENCE, wait_until

ECHO = Path(__file__).parent / "websocket_echo.py"
UPGRADE = (
    "GET / HTTP/1.1\r\nhost: localhost\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-version: 13\r\n"
    f"sec-websocket-key: {HANDSHAKE_KEY}\r\n\r\n"
).encode()
CLOSE_1000 = frame(CLOSE, (1000).to_bytes(2, "big"))
# More than the kernels on both sides hold for a connection.
MUCH = 32 * 1024 * 1024


class Server:
    """The echo, and how many connections it holds."""

    def __init__(self):
        self.port = free_port()
        self.process = subprocess.Popen([sys.executable, ECHO, str(self.port)])
        wait_until(self.listens, "the echo does not listen")
        self.idle = self.files()

    def listens(self):
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", self.port)) == 0

    def files(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def holds_nothing(self):
        return self.files() <= self.idle

    def connect(self):
        client = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        return client

    def websocket(self):
        client = self.connect()
        client.sendall(UPGRADE)
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += client.recv(1)
        assert head.startswith(b"HTTP/1.1 101 ")
        return client


@pytest.fixture(scope="module")
def server():
    server = Server()
    yield server
    server.process.terminate()
    server.process.wait()


def rest_of(client):
    """Everything up to the end of the connection."""
    data = b""
    while piece := client.recv(65536):
        data += piece
    return data


def events(data):
    connection = Connection(ConnectionType.CLIENT)
    connection.receive_data(data)
    return list(connection.events())


def test_messages_come_back(server):
    with server.websocket() as client:
        client.sendall(frame(BINARY, b"x" * 60_000) + CLOSE_1000)
        message, close = b"", None
        for event in events(rest_of(client)):
            if isinstance(event, BytesMessage):
                message += event.data
            else:
                close = event
    assert (message, close.code) == (b"x" * 60_000, 1000)


def test_b11_the_sender_of_a_long_message_learns_why_it_is_closed(server):
    with server.websocket() as client:
        client.sendall(frame(BINARY, bytes(1_000_000)))
        assert [event.code for event in events(rest_of(client))] == [1009]
    wait_until(server.holds_nothing, "the connection is held")


def test_b16_what_comes_after_a_close_changes_nothing_and_the_socket_is_closed_soon(server):
    with server.websocket() as client:
        client.sendall(CLOSE_1000 + frame(BINARY, b"late") * 1000)
        assert events(rest_of(client)) == [CloseConnection(1000, "")]
        wait_until(server.holds_nothing, "the connection is held")


def test_b17_a_peer_that_sends_no_more_and_reads_nothing_is_let_go(server):
    with server.websocket() as client:
        client.sendall(frame(BINARY, bytes(60_000)) * 20)
        client.shutdown(socket.SHUT_WR)
        wait_until(server.holds_nothing, "the connection is held")


def test_a_peer_that_reads_nothing_is_read_no_more(server):
    """The echo's own memory stays as it is: what it cannot send back waits in the kernels."""
    with server.websocket() as client:
        client.settimeout(1)
        with pytest.raises(TimeoutError):
            client.sendall(frame(BINARY, bytes(60_000)) * (MUCH // 60_000))
    wait_until(server.holds_nothing, "the connection is held")


def test_a15_the_sender_of_a_long_body_learns_why_it_is_refused(server):
    with server.connect() as client:
        head = b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: %d\r\n\r\n" % (20 * MAX_BODY_BYTES)
        client.sendall(head + bytes(2 * MAX_BODY_BYTES))
        answer = client.recv(65536)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert answer.endswith(b" bytes\n")
    wait_until(server.holds_nothing, "the connection is held")


def test_r14_nearly_right_requests_leave_a_server_that_serves(server):
    source = random.Random(14)
    for _ in range(200):
        with server.connect() as client:
            try:
                for piece in pieces(source, mutated(source, source.choice(REQUESTS))):
                    client.sendall(piece)
            except ConnectionError:
                pass  # it had read enough
    wait_until(server.holds_nothing, "connections are held")
    test_messages_come_back(server)
