"""ES modules and what they import; many of them as one. Pure, but for ``read``, which is given.

It understands how the modules of this site are written, and no more: each ``import`` and ``export`` begins a line,
imports name what they want in braces, exports stand before what they export, no text goes over several lines.
``tests/assets/test_modules.py`` holds every module against that.
"""

import re
from collections.abc import Callable, Collection, Iterable
from posixpath import dirname, join, normpath, relpath

Read = Callable[[str], str]
"""The text of a static file, by its name."""

IMPORT = re.compile(r"""^import\b(?:\s*\{(?P<names>[^}]*)\}\s*from)?\s*["'](?P<path>\.[^"']+)["'];\n""", re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (?P<name>\w+))", re.MULTILINE)
LATER = re.compile(r"""\bimport\(["'](?P<path>\.[^"']+)["']\)""")
KIND = "import(script)"
"""How a page loads a kind of question (``play/kinds.js``): it may be in the bundle, by the name of its file."""
COMMENT = re.compile(r"^[ \t]*(?:/\*(?:.|\n)*?\*/|//.*)[ \t]*\n", re.MULTILINE)
INDENT = re.compile(r"^[ \t]+|^\n", re.MULTILINE)
HASH = r"\.[0-9a-f]{12}(?=\.js$)"


def needed_by(entries: Iterable[str], read: Read) -> list[str]:
    """These modules and all that they import, each after what it needs. Raises :class:`ValueError`."""
    ordered: list[str] = []

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise ValueError(f"{name} imports itself, by way of {above[-1]}")
        if name not in ordered:
            for needed in imports(name, read(name)):
                visit(needed, (*above, name))
            ordered.append(name)

    for entry in entries:
        visit(entry, ())
    return ordered


def imports(name: str, text: str) -> list[str]:
    """The modules that ``name`` imports before it runs."""
    return [resolved(name, match["path"]) for match in IMPORT.finditer(text)]


def together(name: str, entries: Iterable[str], read: Read) -> str:
    """One module ``name`` of all that the entries need, in the order in which they ran; comments are left out."""
    blocks = [_block(module, read(module), name) for module in needed_by(entries, read)]
    return "\n".join(["const bundled = (globalThis.bundled = {});", *blocks])


def beside(entry: str, there: Collection[str], read: Read) -> str:
    """The module ``entry`` for a page whose bundle has the modules ``there``: they are not loaded again."""
    blocks = [_block(module, read(module), entry) for module in needed_by([entry], read) if module not in there]
    names = ", ".join(match["name"] for match in EXPORT.finditer(read(entry)))
    last = f'export const {{ {names} }} = bundled["{entry}"];'
    return "\n".join(["const { bundled } = globalThis;", *blocks, last])


def stripped(text: str) -> str:
    """A script or stylesheet without indents, and without the comments that have lines to themselves."""
    return INDENT.sub("", COMMENT.sub("", text))


def resolved(name: str, path: str) -> str:
    """The static file that the module ``name`` means by a relative path."""
    return normpath(join(dirname(name), path))


def relative(name: str, bundle: str) -> str:
    """How ``bundle`` names the module ``name``: a path without dots before it is a package to a browser, not a file."""
    path = relpath(name, dirname(bundle))
    return path if path.startswith("../") else f"./{path}"


def _block(name: str, text: str, bundle: str) -> str:
    """The module as a block: what it imports are constants, what it exports goes among the modules."""
    exported = ", ".join(match["name"] for match in EXPORT.finditer(text))
    text = IMPORT.sub(lambda match: _constants(name, match), stripped(text))
    text = LATER.sub(lambda match: f'import("{relative(resolved(name, match["path"]), bundle)}")', text)
    text = text.replace(KIND, rf'(bundled[script.replace(/{HASH}/, "").replace(/^.*\/(?=play\/)/, "")] ?? {KIND})')
    return f'{{\n{EXPORT.sub("", text)}\nbundled["{name}"] = {{ {exported} }};\n}}'


def _constants(name: str, match: re.Match[str]) -> str:
    if match["names"] is None:
        return ""
    names = match["names"].replace(" as ", ": ")
    return f'const {{{names}}} = bundled["{resolved(name, match["path"])}"];\n'
