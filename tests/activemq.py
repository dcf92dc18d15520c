"""Orbit Quiz as processes of their own with a real ActiveMQ in the place of its broker."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.stack import Stack
from tools.activemq import PROGRAM, activemq
from tools.brokers import DebianBroker


def activemq_is_here() -> None:
    """Skip the test, or fail it where the program is owed (``CI=true``)."""
    if not PROGRAM.exists():
        message = "ActiveMQ is not installed (Debian: apt-get install activemq)"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)


@contextmanager
def stack_on_activemq(folder: Path) -> Iterator[tuple[Stack, DebianBroker]]:
    """A stack that runs, and the broker behind it, with the configuration of ``deploy/activemq``."""
    activemq_is_here()
    stack = Stack(folder, destinations="activemq")
    broker = activemq(
        folder / "activemq",
        passcode=os.environ["STOMP_PASSCODE"],
        stomp_port=stack.ports["STOMP_PORT"],
        persistent=True,
    )
    with broker as running, stack:
        yield stack, running
