"""Settings and fixtures that every test may use."""

import os

# Tests never read the machine's .env for secrets: these stand before it.
os.environ.setdefault("SECRET_KEY", "for-tests-only-" + "x" * 40)
os.environ.setdefault("STOMP_PASSCODE", "service-secret-of-the-tests")
os.environ.setdefault("STOMP_TICKET_KEY", "ticket-key-of-the-tests-" + "x" * 32)
