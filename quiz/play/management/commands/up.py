"""Starts everything on this machine and says where to click."""

import io
import os
import signal
import sys
import threading
import time
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connections
from honcho.environ import parse_procfile
from honcho.printer import Printer

from quiz.authoring import demo
from quiz.live.settings import broker_address, has_gate
from quiz.processes.addresses import Addresses
from quiz.processes.banner import banner
from quiz.processes.network import PortTaken, check_ports, free_port, host_names, lan_addresses
from quiz.processes.readiness import is_ready
from quiz.processes.stop import Stop
from quiz.processes.supervisor import Supervisor

# Seconds until every process must have said that it can serve; a slow machine's first start takes a few.
START_SECONDS = 60
# Seconds between two looks at the processes.
LOOK_INTERVAL = 0.2


class Command(BaseCommand):
    help = "Prepares the data, starts web, orbited and referee, and ends them together (Ctrl-C)."

    def handle(self, **options: object) -> None:
        """Run until a signal asks for the end (exit code 0) or a process dies (exit code 1)."""
        check_that_ports_are_free()
        prepare_data()
        password = demo_password()
        connections.close_all()
        stop = Stop(signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        own_ports = {
            "REFEREE_PORT": settings.REFEREE_PORT or free_port(),
            "ORBITED_ADMIN_PORT": settings.ORBITED_ADMIN_PORT or free_port(),
        }
        addresses = Addresses(settings.WEB_PORT, lan_addresses(), host_names(), settings.SITE_URL)
        with Supervisor(Printer(sys.stdout), settings.BASE_DIR) as processes:
            start_all(processes, environment(addresses, own_ports))
            if wait_until_ready(processes, stop, own_ports["REFEREE_PORT"]):
                self.stdout.write(banner(addresses, password))
                self.stdout.flush()
                watch(processes, stop)
            # Ctrl-C is passed on as it is, and nobody waits; who terminates us gives pages and requests time.
            processes.stop_signal = signal.SIGINT if stop.signal == signal.SIGINT else signal.SIGTERM
        self.stdout.write("Orbit Quiz has stopped.")


def check_that_ports_are_free() -> None:
    """Refuse to start beside another program on one of our ports."""
    listeners = {
        "WEB_PORT": ("0.0.0.0", settings.WEB_PORT),  # noqa: S104  Players come from the whole network.
        "ORBITED_PORT": ("0.0.0.0", settings.ORBITED_PORT),  # noqa: S104
        **{setting: ("127.0.0.1", port) for setting, port in own_broker().items()},
        "REFEREE_PORT": ("127.0.0.1", settings.REFEREE_PORT),
        "ORBITED_ADMIN_PORT": ("127.0.0.1", settings.ORBITED_ADMIN_PORT),
    }
    try:
        check_ports(listeners)
    except PortTaken as error:
        raise CommandError(str(error)) from error


def own_broker() -> dict[str, int]:
    """Return the port, by its setting, of our broker in the relay: the game's own, or the gate before another's.

    There is none when another's, which needs no gate, or one elsewhere is in its place.
    """
    if has_gate():
        return {"STOMP_GATE_PORT": settings.STOMP_GATE_PORT}
    is_here = settings.STOMP_DESTINATIONS == "plain" and settings.STOMP_HOST in settings.LOCAL_HOSTS
    return {"STOMP_PORT": settings.STOMP_PORT} if is_here else {}


def prepare_data() -> None:
    """Make the data folder, bring the database's tables up to date, put in the demo and collect static files."""
    try:
        settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
    except OSError as error:
        raise CommandError(f"The data folder cannot be made: {error}. DATA_DIR names another.") from error
    except OperationalError as error:
        raise CommandError(
            f"The database cannot be used: {' '.join(str(error).split())}. DATABASE_URL names another."
        ) from error
    if settings.DEMO_PASSWORD:
        call_command("demo", stdout=io.StringIO())  # The banner says it when it is needed.


def demo_password() -> str:
    """Return the password of the demo author: nothing without one, and no password that has been changed."""
    author = User.objects.filter(username=demo.AUTHOR).first()
    if author is None:
        return ""
    return settings.DEMO_PASSWORD if author.check_password(settings.DEMO_PASSWORD) else "(as you changed it)"


def environment(addresses: Addresses, own_ports: dict[str, int]) -> dict[str, str]:
    """Return the environment of the processes: ours, with every port said and this machine's addresses let in."""
    assumed = {
        "ALLOWED_HOSTS": ",".join([*settings.ALLOWED_HOSTS, *addresses.hosts]),
        # The QR code must lead a phone here, also when its host opened the page as localhost.
        "SITE_URL": addresses.there,
    }
    settled = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PYTHONUNBUFFERED": "1",
        "WEB_PORT": str(settings.WEB_PORT),
        "ORBITED_PORT": str(settings.ORBITED_PORT),
        "ORBITED_ORIGINS": " ".join(f"-o {origin}" for origin in addresses.origins),
        "STOMP_HOST": settings.STOMP_HOST,
        "STOMP_PORT": str(settings.STOMP_PORT),
        "STOMP_LOGIN": settings.STOMP_LOGIN,
        "STOMP_STORE": settings.STOMP_STORE,
        "STOMP_DESTINATIONS": settings.STOMP_DESTINATIONS,
        "STOMP_LISTENER": " ".join(f"-l stomp://127.0.0.1:{port}" for port in own_broker().values()),
        "STOMP_TARGET": "{}:{}".format(*broker_address()),
        **{setting: str(port) for setting, port in own_ports.items()},
    }
    return assumed | os.environ | settled


def start_all(processes: Supervisor, environment: dict[str, str]) -> None:
    """Start each line of the Procfile."""
    procfile = parse_procfile((settings.BASE_DIR / "Procfile").read_text())
    for name, command in procfile.processes.items():
        processes.start(name, command, environment)


def wait_until_ready(processes: Supervisor, stop: threading.Event, referee_port: int) -> bool:
    """Return true when all processes can serve, false when the end was asked for first."""
    waiting = {
        "web": (settings.WEB_PORT, settings.ALLOWED_HOSTS[0].lstrip("*.") or "localhost"),
        "orbited": (settings.ORBITED_PORT, "127.0.0.1"),
        "referee": (referee_port, "127.0.0.1"),
    }
    end = time.monotonic() + START_SECONDS
    while waiting and not stop.is_set():
        look(processes)
        waiting = {name: at for name, at in waiting.items() if not is_ready(*at)}
        if waiting and time.monotonic() > end:
            raise CommandError(f"Not ready after {START_SECONDS} s: {', '.join(waiting)}. Its lines above say why.")
    look(processes)  # What they said on their way comes before the banner.
    return not waiting


def watch(processes: Supervisor, stop: threading.Event) -> None:
    """Print what the processes say until the end is asked for."""
    while not stop.is_set():
        look(processes)


def look(processes: Supervisor) -> None:
    """Print what the processes said meanwhile; the death of one is the end of all."""
    processes.print_lines(LOOK_INTERVAL)
    if death := processes.ended():
        raise CommandError(f"{death}, so all are stopped. Its lines above say why.")
