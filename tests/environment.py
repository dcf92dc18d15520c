"""What the tests need before all else. pytest loads it first (``-p``), for Django reads its settings before a conftest.

Its secrets stand before what ``.env`` says: tests never use the machine's own secrets.
"""

import os
import sys

from hypothesis import settings

from quiz.processes import network

# Tests start some hundred processes of ours: each would compile all our files again, where Python may not keep them.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

os.environ["SECRET_KEY"] = "secret-of-the-tests-" + "x" * 40
os.environ["STOMP_PASSCODE"] = "service-secret-of-the-tests-" + "x" * 20
os.environ["STOMP_TICKET_KEY"] = "ticket-key-of-the-tests-" + "x" * 32
os.environ["DEMO_PASSWORD"] = "password-of-the-tests"

# A kind of question that is no part of the product: what it can do, any app can.
os.environ["QUESTION_KINDS"] = "tests.samplekind"

# Playwright's driver runs an event loop in the thread of the browser tests, in which Django's models refuse to work.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# What is free for one worker of pytest-xdist must not be taken by another before its own process listens there.
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
WORKERS = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
network.candidates = network.in_turn(network.LISTENING_PORTS[WORKER::WORKERS])

# The same examples on each machine, however slow: --hypothesis-profile=default looks for others.
settings.load_profile("ci")

# Whatever `make run` has collected here is older than the files under test.
os.environ["DATA_DIR"] = "data/of-the-tests"
