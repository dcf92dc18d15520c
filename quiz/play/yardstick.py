"""What this machine is and how fast it is now, for ``capacity.py``."""

import hashlib
import json
import os
import resource
import time
from pathlib import Path

from quiz.play import processors
from quiz.play.capacity import Machine
from quiz.play.joining import MAX_PLAYERS

ROUNDS = 3
"""Of which the quickest counts: the others were held up by something else that the machine does."""

MESSAGES = 2_000
"""Encoded, read and hashed in one round: about the work of taking in as many answers, without the database."""

KIB = 1024


def machine() -> Machine:
    """Look at this machine; takes a tenth of a second of one core, and three tenths of watching."""
    _, descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)  # Relay and broker raise theirs to the hard limit.
    return Machine(
        work_ms=min(_work_ms() for _ in range(ROUNDS)),
        cores=len(processors.usable()),
        load=processors.busy(),
        free_bytes=_free_bytes(),
        descriptors=descriptors,
        allowed=MAX_PLAYERS,
    )


def _work_ms() -> float:
    start = time.perf_counter()
    for number in range(MESSAGES):
        text = json.dumps({"answer_id": f"{number:036}", "question": number, "choice": ["5f0c9a1e", "b2d4770a"]})
        hashlib.sha256(json.dumps(json.loads(text)).encode()).hexdigest()
    return (time.perf_counter() - start) * 1000


def _free_bytes() -> int:
    """Memory that programs can get without swapping; Linux counts it, elsewhere half of what there is."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * KIB for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration):
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
