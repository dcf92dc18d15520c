"""Where Chromium is: the one that CHROMIUM names, else Debian's headless shell, else Debian's whole browser.

The shell is the same engine without the windows around it; a page opens in a quarter of the processor's time.
"""

import os
from collections.abc import Sequence
from pathlib import Path

WHOLE = ("/usr/bin/chromium",)
PLACES = ("/usr/bin/chromium-headless-shell", *WHOLE)


def find(named: str | None = os.environ.get("CHROMIUM"), places: Sequence[str] = PLACES) -> Path:
    """The first of the places where there is one; where there is none, the place where it should be."""
    paths = [Path(place) for place in ((named,) if named else places)]
    return next((path for path in paths if path.exists()), paths[0])
