"""The real broker as a process of its own, and a client of the fewest lines that can be one."""

import json
import re
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

from quiz.live import tickets

ROOT = Path(__file__).resolve().parent.parent.parent
# Seconds; what takes longer on two busy cores does not come at all.
PATIENCE = 120


class BrokerProcess:
    """``python -m stomp_broker``; after ``stop`` it may ``start`` again on the same port."""

    port = 0

    def start(self):
        command = [sys.executable, "-m", "stomp_broker", "-p", str(self.port)]
        self.process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if found := re.search(r"listening on 127\.0\.0\.1:(\d+)", line):
                self.port = int(found[1])
                break
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    def stop(self):
        self.process.send_signal(signal.SIGCONT)
        self.process.terminate()
        self.process.wait(PATIENCE)


class Subscriber:
    """A player's client, of the fewest lines that can be one."""

    def __init__(self, port, subject, destination, write=()):
        passcode = tickets.make(subject, read=[destination], write=write, seconds=60)
        self.sock = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self.received = b""
        self.write(f"CONNECT\naccept-version:1.2\nhost:localhost\nlogin:x\npasscode:{passcode}\n\n\0")
        self.write(f"SUBSCRIBE\nid:0\ndestination:{destination}\nreceipt:subscribed\n\n\0")
        assert self.frame().startswith("CONNECTED")
        assert self.frame().startswith("RECEIPT")

    def write(self, text):
        self.sock.sendall(text.encode())

    def send(self, destination, body):
        """Send, and wait until the broker has it."""
        self.write(f"SEND\ndestination:{destination}\nreceipt:sent\n\n{body}\0")
        frame = self.frame()
        assert frame.startswith("RECEIPT"), frame

    def frame(self):
        while b"\0" not in self.received:
            data = self.sock.recv(65_536)
            if not data:
                return "closed"
            self.received += data
        frame, self.received = self.received.split(b"\0", 1)
        return frame.lstrip(b"\r\n").decode()

    def envelopes(self, count):
        """The next messages, without what is between them."""
        frames = (self.frame() for _ in range(10 * count))
        bodies = (frame.partition("\n\n")[2] for frame in frames if frame.startswith("MESSAGE"))
        return [json.loads(next(bodies)) for _ in range(count)]
