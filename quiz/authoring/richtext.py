"""Formatted texts: from a piece of Markdown with formulas to a small tree, from which pages build their elements.

The tree is JSON. A node is a text, or a list of a tag and its children: ``["p", "A ", ["strong", "bold"], " word"]``.
``["ol", {"start": 3}, …]`` is the one tag with an attribute, ``["tex", "x^2"]`` a formula in the line and
``["display", "x^2"]`` one in a line of its own. Only :data:`TAGS` occur, so that whoever shows the tree decides what
each becomes, and nothing that an author writes can be more than that. HTML, headings, pictures and tables are no markup
here: they stay the characters they are. A link is its text with the address behind it: a tap would leave the game.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

Node = str | list[Any]
Tree = list[Node]

BLOCKS = frozenset({"p", "pre", "ul", "ol", "li"})
TAGS = BLOCKS | {"em", "strong", "code", "br", "tex", "display"}
RULES = ["emphasis", "backticks", "escape", "newline", "link", "list", "fence"]

MAX_TEX_CHARS = 500  # a formula that fills a projector; longer ones stay the characters they are

# As in Pandoc: no space inside the dollars and no digit behind them, so that prices in dollars are no formulas.
_TEX = r"(?:\\.|[^$\\])+?"
_FORMULA = re.compile(rf"\$\$\s*(?P<display>{_TEX})\s*\$\$|\$(?!\s)(?P<tex>{_TEX})(?<!\s)\$(?!\d)", re.DOTALL)


def parse(text: str) -> Tree:
    """The tree of a text of several lines: paragraphs, lists, blocks of code."""
    tree = _tree(_MARKDOWN.parse(text))
    return tree if plain(tree) else [["p", text]]  # nothing is seen of a lone list sign: it is no list


def parse_line(text: str) -> Tree:
    """The tree of a text that stands in a line, as an option does: no blocks."""
    tree = _tree(_MARKDOWN.parseInline(text))
    return tree if plain(tree) else [text]


def plain(tree: Iterable[Node]) -> str:
    """The text of a tree, blocks and lines apart, formulas as they were typed."""
    lines = "".join(map(_plain, tree)).split("\n")
    return "\n".join(line for line in lines if line.strip())


def split(tree: Tree) -> tuple[Tree, Tree]:
    """What of a question's tree is its heading, the first paragraph, and what stands below it."""
    if tree and isinstance(tree[0], list) and tree[0][0] == "p":
        return tree[0][1:], tree[1:]
    return [], tree


def parts(node: list[Any]) -> tuple[str, dict[str, Any], Tree]:
    """Tag, attributes and children of a node that is no text."""
    tag, *rest = node
    return (tag, rest[0], rest[1:]) if rest and isinstance(rest[0], dict) else (tag, {}, rest)


def _plain(node: Node) -> str:
    if isinstance(node, str):
        return node
    tag, attributes, children = parts(node)
    if tag == "ol":
        items = enumerate(children, attributes.get("start", 1))
        return "".join(f"\n{number}. {_plain(item).strip()}\n" for number, item in items)
    inside = "".join(map(_plain, children))
    return f"\n{inside}\n" if tag in BLOCKS or tag in {"br", "display"} else inside


def _tree(tokens: Sequence[Token]) -> Tree:
    """Put the parser's flat list of beginnings, ends and leaves into each other."""
    open_nodes: list[Tree] = [[]]
    links: list[str] = []
    for token in tokens:
        match token.type, token.nesting:
            case "inline", _:
                open_nodes[-1].extend(_tree(token.children or []))
            case "link_open", _:
                links.append(str(token.attrs["href"]))
            case "link_close", _:
                open_nodes[-1].append(f" ({links.pop()})")
            case (("paragraph_open" | "paragraph_close"), _) if token.hidden:  # in a list without empty lines
                pass
            case _, 1:
                node = _opening(token)
                open_nodes[-1].append(node)
                open_nodes.append(node)
            case _, -1:
                open_nodes.pop()
            case _:
                open_nodes[-1].append(_leaf(token))
    return _tidy(open_nodes[0])


def _tidy(tree: Tree) -> Tree:
    """The tree with neighbouring texts made one, and without empty ones."""
    tidy: Tree = []
    for node in tree:
        if isinstance(node, list):
            tidy.append([node[0], *_tidy(node[1:])])
        elif isinstance(node, str) and tidy and isinstance(tidy[-1], str):
            tidy[-1] += node
        elif node:
            tidy.append(node)
    return tidy


def _opening(token: Token) -> list[Any]:
    return [token.tag, dict(token.attrs)] if token.attrs else [token.tag]


def _leaf(token: Token) -> Node:
    match token.type:
        case "text" | "text_special":
            return token.content
        case "softbreak" | "hardbreak":
            return ["br"]
        case "code_inline":
            return ["code", token.content]
        case "fence":
            return ["pre", ["code", token.content.rstrip("\n")]]
        case "tex" | "display":
            return [token.type, token.content]
    raise AssertionError(f"no rule that is on makes a {token.type}")


def _formula(state: StateInline, silent: bool) -> bool:
    """A rule of the parser: whether a formula begins here, and what it is."""
    found = _FORMULA.match(state.src, state.pos, state.posMax)
    if not found or len(found[0]) > MAX_TEX_CHARS:
        return False
    if not silent:
        kind = found.lastgroup or ""
        state.push(kind, "", 0).content = found[kind]
    state.pos = found.end()
    return True


def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("zero").enable(RULES)
    markdown.inline.ruler.before("escape", "formula", _formula)
    return markdown


_MARKDOWN = _markdown()
