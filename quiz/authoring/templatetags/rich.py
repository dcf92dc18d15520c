"""Formatted texts on pages that the server renders: the same trees that ``static/rich/rich.js`` builds, as HTML."""

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from quiz.authoring.richtext import TAGS, Node, Tree, parse, parse_line, parts, split

register = template.Library()


@register.filter
def rich(tree: Tree) -> SafeString:
    """A tree as HTML: our own tags around escaped texts. Formulas are drawn by ``static/rich/page.js``."""
    return mark_safe("".join(map(_html, tree)))  # noqa: S308  # each text in it is escaped below


@register.filter
def rich_heading(tree: Tree) -> SafeString:
    """What of a question's tree stands in its heading."""
    return rich(split(tree)[0])


@register.filter
def rich_body(tree: Tree) -> SafeString:
    """What of a question's tree stands below its heading."""
    return rich(split(tree)[1])


@register.filter
def tree(text: str) -> Tree:
    """The tree of a text of several lines that its author wrote formatted."""
    return parse(text)


@register.filter
def tree_line(text: str) -> Tree:
    """The tree of an option that its author wrote formatted."""
    return parse_line(text)


def _html(node: Node) -> str:
    if isinstance(node, str):
        return escape(node)
    tag, attributes, children = parts(node)
    if tag not in TAGS:
        raise ValueError(f"no tag of formatted texts: {tag!r}")
    inside = "".join(map(_html, children))
    if tag in ("tex", "display"):
        return f'<span class="formula" data-formula="{tag}">{inside}</span>'
    if tag == "br":
        return "<br>"
    start = f' start="{int(attributes["start"])}"' if "start" in attributes else ""
    return f"<{tag}{start}>{inside}</{tag}>"
