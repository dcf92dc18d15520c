"""Trees as HTML: our own tags around escaped texts, and nothing else."""

import html
import re

import pytest
from django.template import engines
from hypothesis import given
from hypothesis import strategies as st

from quiz.authoring.richtext import parse
from quiz.authoring.templatetags.rich import rich, rich_body, rich_heading

TAG = re.compile(r"<[^>]*>")
KNOWN = re.compile(
    r'</?(p|pre|[uo]l|li|em|strong|code|span)>|<ol start="\d+">|<br>|'
    r'<span class="formula" data-formula="(tex|display)">'
)


def test_a_tree_as_html() -> None:
    text = "A **b** $x<y$\n\n3. `c`\n\n<script>alert(1)</script>"
    assert rich(parse(text)) == (
        '<p>A <strong>b</strong> <span class="formula" data-formula="tex">x&lt;y</span></p>'
        '<ol start="3"><li><code>c</code></li></ol>'
        "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"
    )


def test_heading_and_what_stands_below_it() -> None:
    tree = parse("A *b*\n\n- c")
    assert (rich_heading(tree), rich_body(tree)) == ("A <em>b</em>", "<ul><li>c</li></ul>")


def test_templates_write_trees_of_texts() -> None:
    template = engines["django"].from_string("{% load rich %}{{ a|tree|rich }} {{ b|tree_line|rich }}")
    assert template.render({"a": "a\nb", "b": "- *c*"}) == "<p>a<br>b</p> - <em>c</em>"


@given(st.text(alphabet="ab<>&\"' *_`$\\[]()-1.\n/=", max_size=80))
def test_whatever_is_written_only_our_tags_come_out(text: str) -> None:
    written = rich(parse(text))
    assert all(KNOWN.fullmatch(tag) for tag in TAG.findall(written))
    assert "<" not in html.escape(TAG.sub("", written))


def test_an_unknown_tag_is_an_error_of_ours() -> None:
    with pytest.raises(ValueError, match="script"):
        rich([["script", "alert(1)"]])
