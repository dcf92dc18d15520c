"""RabbitMQ from Debian's package, with the configuration of ``deploy/rabbitmq``, for tests and benchmarks.

::

    with rabbitmq(folder, judge_url="http://127.0.0.1:8000/rabbitmq/KEY/") as broker:
        ...                               # broker.host, .stomp_port, .login, .passcode, .pid; broker.kill(), .start()

Its processes listen on loopback only, write below ``folder`` alone, and are ended with the block.
"""

import secrets
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from quiz.processes.network import free_port
from tools.brokers import SERVICE, DebianBroker

# Not the wrapper in sbin, which changes the user.
PROGRAM = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
EPMD = "/usr/bin/epmd"
DEPLOY = Path(__file__).parent.parent / "deploy" / "rabbitmq"


@contextmanager
def rabbitmq(
    folder: Path,
    *,
    judge_url: str | None = None,
    login: str = SERVICE,
    passcode: str = "",
    stomp_port: int = 0,
    api_port: int = 0,
) -> Iterator[DebianBroker]:
    """A running RabbitMQ. Without ``judge_url`` nobody but the service gets in."""
    names_port = free_port()
    here = {
        "stomp.listeners.tcp.1": f"127.0.0.1:{stomp_port or free_port()}",
        "management.tcp.port": str(api_port or free_port()),
        "default_user": login,
        "default_pass": passcode or secrets.token_urlsafe(24),
        "default_user_tags.administrator": "true",
        **({"auth_backends.2": "internal"} if judge_url is None else _judge(judge_url)),
    }
    broker = _prepare(folder, names_port, here)
    with _name_server(names_port):
        broker.start()
        try:
            yield broker
        finally:
            broker.stop()


@contextmanager
def _name_server(port: int) -> Iterator[None]:
    """Erlang's epmd. RabbitMQ would start one that outlives it."""
    server = subprocess.Popen([EPMD, "-address", "127.0.0.1", "-port", str(port)])  # noqa: S603
    try:
        yield
    finally:
        server.terminate()
        server.wait()


def _prepare(folder: Path, names_port: int, here: Mapping[str, str]) -> DebianBroker:
    """Write what differs ``here`` from the configuration in ``deploy``."""
    folder.mkdir(parents=True, exist_ok=True)
    here = {**here, "listeners.tcp.1": f"127.0.0.1:{free_port()}"}
    stomp_port = int(here["stomp.listeners.tcp.1"].rpartition(":")[2])
    (folder / "conf.d").mkdir(exist_ok=True)
    (folder / "conf.d" / "here.conf").write_text("".join(f"{key} = {value}\n" for key, value in here.items()))
    return DebianBroker(
        command=[str(PROGRAM)],
        environment={
            "HOME": str(folder),
            "RABBITMQ_NODENAME": f"orbit{stomp_port}@localhost",
            "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_CONFIG_FILE": str(DEPLOY / "rabbitmq.conf"),
            "RABBITMQ_CONFIG_FILES": str(folder / "conf.d"),
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(DEPLOY / "enabled_plugins"),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(names_port),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        },
        folder=folder,
        stomp_port=stomp_port,
        login=here["default_user"],
        passcode=here["default_pass"],
        is_script=True,
    )


def _judge(url: str) -> dict[str, str]:
    return {f"auth_http.{what}_path": f"{url}{what}/" for what in ("user", "vhost", "resource", "topic")}
