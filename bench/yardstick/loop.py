"""The bare loop of ``socket.send``: what fan-out costs in Python when nothing else is done. Linux: epoll(7).

It knows the clients of these measurements and nothing of STOMP: who says CONNECT gets CONNECTED, who says SUBSCRIBE
gets RECEIPT and is sent to from then on; a SEND is framed once and sent to all. It checks nothing, and loses what a
socket does not take.
"""

import select
import socket
from collections.abc import Callable
from typing import NoReturn

BACKLOG = 1024
READ_BYTES = 65_536
CONNECTED = b"CONNECTED\nversion:1.1\nheart-beat:0,0\n\n\0"
RECEIPT = b"RECEIPT\nreceipt-id:subscribed\n\n\0"
MESSAGE = (
    b"MESSAGE\nsubscription:0\ndestination:/topic/bench\nmessage-id:T1\nsender:service:web\n"
    b"content-type:application/json\ncontent-length:%d\n\n%b\0"
)


def serve(port: int) -> NoReturn:
    """Listen, and answer until killed."""
    listener = socket.create_server(("127.0.0.1", port), backlog=BACKLOG)
    loop = Loop()
    loop.poll.register(listener, select.EPOLLIN)
    while True:
        for number, _ in loop.poll.poll():
            if number == listener.fileno():
                loop.accept(listener)
            else:
                loop.receive(number)


class Loop:
    """Everybody who is connected."""

    def __init__(self) -> None:
        self.poll = select.epoll()
        self._clients: dict[int, socket.socket] = {}
        self._sends: dict[int, Callable[[bytes], int]] = {}

    def accept(self, listener: socket.socket) -> None:
        """Let one in."""
        client, _ = listener.accept()
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.setblocking(False)
        self._clients[client.fileno()] = client
        self.poll.register(client, select.EPOLLIN)

    def receive(self, number: int) -> None:
        """Answer what one has said; whole frames come at once on this machine."""
        client = self._clients[number]
        try:
            data = client.recv(READ_BYTES)
        except OSError:
            data = b""
        if data.startswith(b"CONNECT"):
            client.send(CONNECTED)
        elif data.startswith(b"SUBSCRIBE"):
            self._sends[number] = client.send
            client.send(RECEIPT)
        elif data.startswith(b"SEND"):
            self._publish(data)
        elif not data:
            del self._clients[number]
            self._sends.pop(number, None)
            client.close()

    def _publish(self, data: bytes) -> None:
        for frame in data.split(b"\0")[:-1]:
            body = frame.partition(b"\n\n")[2]
            message = MESSAGE % (len(body), body)
            for send in self._sends.values():
                send(message)
