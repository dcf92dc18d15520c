"""Asks a process whether it can serve."""

import http.client

# Seconds. A process that cannot answer its own machine in this time is not ready.
TIMEOUT = 2


def is_ready(port: int, host: str = "127.0.0.1") -> bool:
    """Tell whether ``GET /readyz`` on this machine's ``port`` is answered with 200, asked under the name ``host``."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    try:
        connection.request("GET", "/readyz", headers={"Host": host})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
