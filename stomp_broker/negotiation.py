"""What CONNECT and CONNECTED agree on: STOMP 1.1 and 1.2, "Connecting" and "Protocol Negotiation".

There is one virtual host, so that any ``host`` is it, and so is none: docs/decisions/0031.
"""

from collections.abc import Mapping

from stomp_broker.errors import Code, RemoteError
from stomp_broker.frames import BLANKS, Version

# What CONNECTED calls this server. It says no version: who attacks it need not be told.
SERVER = "orbit-quiz"


def read_connect(headers: Mapping[str, str]) -> Mapping[str, str]:
    """Give the headers of CONNECT as they are meant: who names no version speaks 1.0, whose examples pad headers."""
    if "accept-version" in headers:
        return headers
    return {name.strip(BLANKS): value.strip(BLANKS) for name, value in headers.items()}


def best_version(accepted: str | None) -> Version:
    """Choose the highest version that both know, out of ``accept-version``; who names none speaks 1.0.

    Raises :class:`RemoteError` (no-common-version).
    """
    offered = {Version.V10.value} if accepted is None else {version.strip() for version in accepted.split(",")}
    common = [version for version in Version if version in offered]
    if not common:
        raise RemoteError(Code.NO_COMMON_VERSION)
    return max(common)


def connected_headers(version: Version, session_id: str, heartbeat: str) -> dict[str, str]:
    """Give the headers of CONNECTED. STOMP 1.0 has no heart-beats, and takes ``version`` for any other header."""
    headers = {"version": version.value, "session": session_id, "server": SERVER}
    return headers if version is Version.V10 else headers | {"heart-beat": heartbeat}
