"""What pages need together: styles block it, and modules find each other late. Collected, they are one file."""

from pathlib import Path

from django.contrib.staticfiles import finders

from quiz.assets import modules

BASE = ("variables", "base", "buttons", "forms", "cards", "tables", "notices")
GAME = ("screens", "options", "orbit", "ring", "standings", "podium", "rules", "rich", "pictures")

SHEETS = {
    "base": BASE,
    "player": (*BASE, "join", *GAME, "reveal", "player"),
    "host": (*BASE, *GAME, "host", "lobby", "stage", "dialogs"),
}
"""By the name that templates use: files of ``static/css/``, in order. The door's pages have the player's."""

SCRIPTS = ("play/player.js", "play/host.js", "play/selfpaced/player.js")
"""Pages of a game: each is in one file with all its modules and the usual kind of question."""

KINDS = "play/kinds"
USUAL_KIND = "play/kinds/choice.js"
ORBITED = "orbited/Orbited.js"


def sheet(name: str) -> str:
    """The static file of one stylesheet."""
    return f"css/{name}.css"


def sheets_together(name: str) -> str:
    """The static file that has all of ``SHEETS[name]``, in their folder: they point to fonts by relative paths."""
    return f"css/together.{name}.css"


def script_together(entry: str) -> str:
    """The static file that has the script ``entry`` and all that it needs."""
    return f"{entry.removesuffix('.js')}.together.js"


def made() -> dict[str, str]:
    """The text of each file that is another when files have been collected, or is there only then."""
    styles = {
        sheets_together(name): modules.stripped("\n".join(read(sheet(one)) for one in sheets))
        for name, sheets in SHEETS.items()
    }
    scripts = {script_together(entry): _script(entry) for entry in SCRIPTS}
    there = modules.needed_by([USUAL_KIND], read)  # It is first in each script: all of this has run by then.
    kinds = {kind: modules.beside(kind, there, read) for kind in own_kinds()}
    return styles | scripts | kinds | {ORBITED: modules.stripped(read(ORBITED))}


def read(name: str) -> str:
    """The text of a static file as it lies in the repository. Raises :class:`FileNotFoundError`."""
    path = finders.find(name)
    if path is None:
        raise FileNotFoundError(f"static file {name}: named in a page, a bundle or an import, and not there")
    return Path(path).read_text()


def own_kinds() -> list[str]:
    """The modules of our own kinds of question."""
    folder = Path(str(finders.find(KINDS)))
    return sorted(f"{KINDS}/{path.name}" for path in folder.glob("*.js"))


def _script(entry: str) -> str:
    return modules.together(script_together(entry), [USUAL_KIND, entry], read)
