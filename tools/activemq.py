"""ActiveMQ from Debian's package, with the configuration of ``deploy/activemq``, for tests and benchmarks.

::

    with activemq(folder) as broker:
        ...                               # broker.host, .stomp_port, .login, .passcode, .pid; broker.kill(), .start()

It listens on loopback only, writes below ``folder`` alone, and is ended with the block.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from quiz.processes.network import free_port
from tools.brokers import SERVICE, DebianBroker

HOME = Path("/usr/share/activemq")
PROGRAM = HOME / "bin" / "activemq.jar"
DEPLOY = Path(__file__).parent.parent / "deploy" / "activemq"


@contextmanager
def activemq(
    folder: Path, *, login: str = SERVICE, passcode: str = "", stomp_port: int = 0, persistent: bool = False
) -> Iterator[DebianBroker]:
    """A running ActiveMQ. ``persistent``: whether its queues outlive ``broker.kill()``."""
    broker = _prepare(folder, login, passcode or secrets.token_urlsafe(24), stomp_port or free_port(), persistent)
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()


def _prepare(folder: Path, login: str, passcode: str, stomp_port: int, persistent: bool) -> DebianBroker:
    (folder / "tmp").mkdir(parents=True, exist_ok=True)
    properties = {
        "activemq.home": HOME,
        "activemq.base": folder,
        "activemq.conf": DEPLOY,
        "activemq.data": folder / "data",
        "activemq.classpath": f"{DEPLOY}:",
        "java.io.tmpdir": folder / "tmp",
        "orbit.port": stomp_port,
        "orbit.properties": f"file:{_secrets(folder, login, passcode)}",
        "orbit.persistent": str(persistent).lower(),
        "org.apache.activemq.UseDedicatedTaskRunner": "false",
    }
    given = [f"-D{name}={value}" for name, value in properties.items()]
    start = ["-jar", str(PROGRAM), "start", "xbean:activemq.xml"]
    return DebianBroker(
        command=["java", "-Xms512M", "-Xmx1024M", *given, *start],
        environment={},
        folder=folder,
        stomp_port=stomp_port,
        login=login,
        passcode=passcode,
    )


def _secrets(folder: Path, login: str, passcode: str) -> Path:
    """A file, since every user of the machine can read a process's arguments."""
    path = folder / "orbit.properties"
    path.touch(mode=0o600)
    path.write_text(f"orbit.login={login}\norbit.passcode={passcode}\n")
    return path
