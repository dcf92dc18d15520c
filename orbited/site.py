"""The relay's web site: what stands where.

=====================  ====================================================
``/tcp``               sessions of pages (``tcp.py``), unless ``proxy.enabled`` says otherwise
``/stomp``             STOMP over WebSocket for any client (``stompsocket.py``), unless likewise
``/static``            our browser files, also as ``/tcp/static``: 0.7's pages ask for some of them there
``/system``            what runs here, and doors for trying it (``system.py``)
``/healthz /readyz``   for load balancers (``health.py``); figures are on the admin listener alone
``/NAME``              what ``[static]`` mounts (``mounts.py``), its INDEX at ``/``
=====================  ====================================================
"""

from collections.abc import Sequence
from typing import Any

from orbited import config, mounts
from orbited.browserfiles import BrowserFiles
from orbited.health import Alive, Checks, Ready
from orbited.http import RelaySite
from orbited.pages import Missing
from orbited.stompsocket import StompDoor
from orbited.system import Publish, make_system
from orbited.tcp import NewSession, Relay

# The line of [static] whose files stand at the root.
INDEX = "INDEX"


def make_site(relay: Relay, checks: Checks, settings: config.Config, publish: Publish | None = None) -> RelaySite:
    """The web site of a relay, for any number of http and https listeners."""
    files = BrowserFiles()
    rooms: dict[bytes, Any] = {
        b"static": files,
        b"system": make_system(relay.policy, _ports(settings, "monitor"), publish),
        b"healthz": Alive(),
        b"readyz": Ready(checks),
    }
    if settings.proxy_enabled:
        rooms[b"tcp"] = NewSession(relay)
        rooms[b"tcp"].putChild(b"static", files)
        rooms[b"stomp"] = StompDoor(relay)
    mounted = {mount.name: mounts.Mount(mount.path) for mount in settings.static}
    root = _root(mounted.pop(INDEX, None))
    for name, room in ({name.encode(): mount for name, mount in mounted.items()} | rooms).items():
        root.putChild(name, room)
    return RelaySite(root, relay.clock, relay.policy, relay.metrics)


def _root(index: mounts.Mount | None) -> Any:  # noqa: ANN401
    """What stands at ``/``: a directory's files lie beside everything else, a file is there alone."""
    if index is None:
        return Missing()
    return index if index.isdir() else Missing({b"": index})


def _ports(settings: config.Config, scheme: str) -> Sequence[int]:
    return [listener.port for listener in settings.listen if listener.scheme == scheme]
