"""``make screenshots``: takes the pictures of docs/screens/, of staged games in Chromium.

Each scene is taken in light and dark: the wall at 1920 x 1080, a phone at 360 x 740. Chromium is the
one that ``tools/chromium.py`` finds.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import django
import segno
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

import tests.environment  # noqa: F401  Settings for a stage without servers.

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quiz.settings")
django.setup()

from tests.browser import stage  # noqa: E402
from tools import chromium, scenes  # noqa: E402

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screens"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]

SCHEMES = ("light", "dark")
LAPTOP = {"width": 1280, "height": 1300}
WALL_WIDTH = 960
"""Pixels: of the wall's 1920, as many as a page of documents shows."""
COLOURS = 256
"""Of a picture: a file is half as large, and a small mark among large grounds still keeps its own colour."""

PLANET = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"><path fill="#0b1130" d="M0 0h4v3H0z"/>
<circle cx="2" cy="1.5" r=".8" fill="#e3bb76"/><ellipse cx="2" cy="1.5" rx="1.5" ry=".3" fill="none" stroke="#c9a25e"
stroke-width=".12" transform="rotate(-18 2 1.5)"/><path d="M1.24 1.24A.8.8 0 0 1 2.72 1.16z" fill="#e3bb76"/></svg>"""

COLLAGE = {"host": 1160, "phone": 300}
GAP = 24


def main() -> int:
    """Write the pictures."""
    FOLDER.mkdir(exist_ok=True)
    stage.PICTURE, stage.QR = PLANET, qr_code()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=ARGUMENTS)
        for name, scene in scenes.HOST.items():
            with shown(browser, scene(), stage.PROJECTOR, 1) as page:
                take(page, f"host-{name}")
        take_results(browser)
        take_door(browser)
        for name, scene in scenes.PHONE.items():
            with shown(browser, scene(), stage.PHONE, 1.5) as page:
                if name == "lost":
                    lose(page)
                take(page, f"phone-{name}")
        browser.close()
    for scheme in SCHEMES:
        collage(scheme)
    return 0


def qr_code() -> str:
    """A QR code that leads to the address on the picture."""
    image = BytesIO()
    segno.make("http://quiz.example/join/?pin=314159").save(image, kind="svg", border=2, xmldecl=False, light="#fff")
    return image.getvalue().decode()


@contextmanager
def shown(browser: Browser, state: scenes.State, size: dict[str, int], scale: float) -> Iterator[Page]:
    """The page of a state, as it is when nothing on it moves any more."""
    with stage.staged(browser, state, viewport=size, device_scale_factor=scale, reduced_motion="reduce") as staged:
        staged.until(lambda: staged.page.evaluate("Array.from(document.images).every((image) => image.complete)"))
        staged.until(lambda: not staged.page.locator(".formula:not(:has(.katex))").count())
        staged.settle()
        yield staged.page
        staged.errors.clear()


def take_results(browser: Browser) -> None:
    """The page of a game's results, where an answer is judged anew."""
    one = stage.Stage(browser, scenes.state("ended", scenes.host()), viewport=LAPTOP, device_scale_factor=1)
    page = one.show("play/results.html", **scenes.results())
    page.locator("details").evaluate_all("(all) => all.forEach((one) => (one.open = true))")
    take(page, "host-results")
    one.close()


def take_door(browser: Browser) -> None:
    """The page on which a name is chosen."""
    one = stage.Stage(browser, scenes.state("lobby"), viewport=stage.PHONE, device_scale_factor=1.5)
    page = one.show("play/join.html", game={"pin": "314159", "title": "The sky above us"}, suggestion="Swift Comet")
    page.locator("#nickname").wait_for()
    take(page, "phone-join")
    one.close()


def lose(page: Page) -> None:
    """The line breaks, and is tried again."""
    page.evaluate("testBroker.cut(60_000)")
    page.locator("[data-connection]:not([hidden])").wait_for()


def take(page: Page, name: str) -> None:
    """One picture in each scheme, with few colours."""
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.evaluate("document.fonts.ready")
        image = Image.open(BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
        if name.startswith("host-"):
            image = image.resize((WALL_WIDTH, WALL_WIDTH * image.height // image.width), Image.Resampling.LANCZOS)
        image.quantize(COLOURS, kmeans=1, dither=Image.Dither.NONE).save(FOLDER / f"{name}-{scheme}.png", optimize=True)


def collage(scheme: str) -> None:
    """The wall beside two phones, for the top of the README: ``game-<scheme>.png``."""
    parts = [
        fitted(Image.open(FOLDER / f"{name}-{scheme}.png").convert("RGBA"), COLLAGE[name.split("-")[0]])
        for name in ("host-open", "phone-received", "phone-open")
    ]
    height = max(part.height for part in parts)
    whole = Image.new("RGBA", (sum(part.width + GAP for part in parts) - GAP, height))
    left = 0
    for part in parts:
        whole.paste(part, (left, (height - part.height) // 2))
        left += part.width + GAP
    whole.quantize(COLOURS).save(FOLDER / f"game-{scheme}.png", optimize=True)


def fitted(image: Image.Image, width: int) -> Image.Image:
    """The picture in another width."""
    return image.resize((width, width * image.height // image.width), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    sys.exit(main())
