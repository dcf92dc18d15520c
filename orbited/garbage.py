"""CPython's garbage collector, set for a process that holds thousands of connections.

Nearly everything in the relay is freed by its reference count; the collector is there for what refers to itself. While
connections come it takes their many new objects for a reason to look at everything alive, again and again, and nothing
else happens meanwhile. docs/decisions/0026 has the figures.
"""

import gc

# New objects before the youngest are looked at (CPython: 700): a few MB at most that wait for it.
YOUNG_OBJECTS = 10_000


def expect_many_connections() -> None:
    """Leave alone for ever what is there now (call this when the start is over), and look at the rest more rarely."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)
