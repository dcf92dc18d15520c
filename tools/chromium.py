"""Where Chromium is: the one that CHROMIUM names, else Debian's headless shell, else Debian's whole browser.

The shell is the same engine without the windows around it; a page opens in a quarter of the processor's time.
"""

import os
from pathlib import Path

PLACES = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")


def find(named: str | None = os.environ.get("CHROMIUM")) -> Path:
    """The first of the places where there is one; where there is none, the place where it should be."""
    places = [Path(place) for place in ((named,) if named else PLACES)]
    return next((place for place in places if place.exists()), places[0])
