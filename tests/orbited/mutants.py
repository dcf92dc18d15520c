"""Inputs that are nearly right: where parsers that are lenient in different ways part company.

``mutated`` takes a random generator, so that Hypothesis can draw it and a long run can seed it.
"""

from random import Random

BROWSER = (
    b"Host: relay.example\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nAccept: */*\r\n"
    b"Accept-Language: it,en;q=0.5\r\nAccept-Encoding: gzip, deflate, br\r\nCookie: a=1; b=2\r\n"
)
REQUESTS = (
    b"GET /tcp HTTP/1.1\r\n" + BROWSER + b"\r\n",
    b"GET / HTTP/1.0\r\n\r\n",
    b"GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    b"POST /tcp/k?ack=1 HTTP/1.1\r\n" + BROWSER + b"Content-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello",
    b"POST /tcp/k HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3;x=y\r\nyou\r\n0\r\n\r\n",
    b"POST /tcp/k HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi",
    b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /ws HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
)
# Bytes and words on which parsers have differed.
SPICES = (
    *(bytes((byte,)) for byte in b'\0\t\n\x0b\x0c\r\x1c\x1e "+,-.0:;=\x7f\x80\x85\xa0\xff'),
    b"\r\n",
    b"\r\n ",
    b"\r\n\t",
    b"\r\n\r\n",
    b"\n\n",
    b"Content-Length: 5\r\n",
    b"Content-Length: 6\r\n",
    b"Content-Length: +5\r\n",
    b"content-length : 5\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: identity, chunked\r\n",
    b"Transfer-Encoding:\x0bchunked\r\n",
    b"Host: other\r\n",
    b"x" * 9000,
    b"HTTP/1.1",
    b"HTTP/3.0",
    b"0x",
    b"-1",
    b"99999999999999999999",
    b"%00",
    b"..%2f",
    b"\xc3\x85",
    b"\xc2\x85",
)


def mutated(random: Random, data: bytes) -> bytes:
    """``data`` with one to four changes, each at a random place."""
    for _ in range(random.randint(1, 4)):
        data = random.choice(CHANGES)(random, data)
    return data


def flip(random: Random, data: bytes) -> bytes:
    """One bit."""
    if not data:
        return data
    at = random.randrange(len(data))
    return data[:at] + bytes((data[at] ^ 1 << random.randrange(8),)) + data[at + 1 :]


def season(random: Random, data: bytes) -> bytes:
    """Something more."""
    at = random.randint(0, len(data))
    return data[:at] + random.choice(SPICES) + data[at:]


def season_line(random: Random, data: bytes) -> bytes:
    """Something more at the begin of a line."""
    begins = [0, *(at + 2 for at in range(len(data)) if data[at : at + 2] == b"\r\n")]
    at = random.choice(begins)
    return data[:at] + random.choice(SPICES) + data[at:]


def replace(random: Random, data: bytes) -> bytes:
    """Something else."""
    at = random.randint(0, len(data))
    return data[:at] + random.choice(SPICES) + data[at + 1 :]


def drop(random: Random, data: bytes) -> bytes:
    """A little less."""
    at = random.randint(0, len(data))
    return data[:at] + data[at + random.randint(1, 8) :]


def repeat(random: Random, data: bytes) -> bytes:
    """A piece twice."""
    at = random.randint(0, len(data))
    end = min(len(data), at + random.randint(1, 40))
    return data[:end] + data[at:end] + data[end:]


CHANGES = (flip, season, season, season_line, season_line, replace, drop, repeat)


def pieces(random: Random, data: bytes) -> list[bytes]:
    """``data`` cut anywhere."""
    cuts = sorted(random.randint(0, len(data)) for _ in range(random.randint(0, 6)))
    return [data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True)]
