"""Formatted texts: what is markup, what is not, and that nothing of what was written is lost."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.authoring import richtext
from quiz.authoring.richtext import MAX_TEX_CHARS, TAGS, parse, parse_line, parts, plain, split

MARKUP = st.text(alphabet="ab 12\n*_`$\\[]()<>&!#-+.:~\"'{}^/=|", max_size=80)
WORDS = st.text(max_size=80)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("one\n\ntwo", [["p", "one"], ["p", "two"]]),
        ("one\ntwo", [["p", "one", ["br"], "two"]]),
        ("*a* **b** `c`", [["p", ["em", "a"], " ", ["strong", "b"], " ", ["code", "c"]]]),
        ("***a***", [["p", ["em", ["strong", "a"]]]]),
        ("- a\n- b\n  - c", [["ul", ["li", "a"], ["li", "b", ["ul", ["li", "c"]]]]]),
        ("1. a\n2. b", [["ol", ["li", "a"], ["li", "b"]]]),
        ("1969. a", [["ol", {"start": 1969}, ["li", "a"]]]),
        ("- a\n\n- b", [["ul", ["li", ["p", "a"]], ["li", ["p", "b"]]]]),
        ("```python\nfor x in y:\n\n    z\n```", [["pre", ["code", "for x in y:\n\n    z"]]]),
        ("[NASA](https://nasa.gov/a_b)", [["p", "NASA (https://nasa.gov/a_b)"]]),
        ("$x^2$ is $$\\frac{1}{2}$$", [["p", ["tex", "x^2"], " is ", ["display", "\\frac{1}{2}"]]]),
        ("$$\nx\n=1\n$$", [["p", ["display", "x\n=1"]]]),
        ("$a_1 * b_1 * c$", [["p", ["tex", "a_1 * b_1 * c"]]]),
        ("$5\\$$", [["p", ["tex", "5\\$"]]]),
        ("`$x$`", [["p", ["code", "$x$"]]]),
        ("\\*a\\* \\$5 or $6$", [["p", "*a* $5 or ", ["tex", "6"]]]),
    ],
)
def test_markup_becomes_a_tree(text: str, tree: Any) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    "text",
    [
        "2 * 3 * 4",
        "snake_case_name",
        "between $5 and $10",
        "$5-$10",
        "$ 5 $",
        "$$",
        "<b>bold</b> <script>alert(1)</script>",
        "&lt;b&gt; &#36;",
        "# no heading",
        "> no quotation",
        "a | b",
        "[x]: http://example.org",
        "[x](javascript:alert(1))",
        "<https://example.org>",
        "---",
        "- ",
        "[not a link] (really)",
    ],
)
def test_what_is_no_markup_here_stays_as_it_is(text: str) -> None:
    assert parse(text) == [["p", text]]
    assert parse_line(text) == [text]


def test_a_picture_by_its_address_is_not_loaded() -> None:
    assert parse("![a](https://example.org/a.png)") == [["p", "!a (https://example.org/a.png)"]]


def test_an_option_has_no_blocks() -> None:
    assert parse_line("- *a* $x$") == ["- ", ["em", "a"], " ", ["tex", "x"]]
    assert parse_line("1. January") == ["1. January"]


def test_a_formula_that_is_too_long_stays_text() -> None:
    assert parse_line(f"${'x' * (MAX_TEX_CHARS - 2)}$") == [["tex", "x" * (MAX_TEX_CHARS - 2)]]
    assert parse_line(f"${'x' * (MAX_TEX_CHARS - 1)}$") == [f"${'x' * (MAX_TEX_CHARS - 1)}$"]


@pytest.mark.parametrize("text", ["[" * 5_000, "- " * 5_000, "*a_" * 2_000, "`" * 5_000, "$x" * 5_000, "\\" * 5_000])
def test_deep_and_open_markup_is_read_all_the_same(text: str) -> None:
    assert plain(parse(text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("What is **2**?\n\n- a\n- b", "What is 2?\na\nb"),
        ("3. c\n4. d", "3. c\n4. d"),
        ("Solve $x=1$\n\n```\n  a\n```", "Solve x=1\n  a"),
        ("A $$x$$ B", "A \nx\n B"),
    ],
)
def test_plain_text_is_without_markup(text: str, words: str) -> None:
    assert plain(parse(text)) == words


def test_the_first_paragraph_is_the_heading() -> None:
    assert split(parse("Which *one*?\n\n- a")) == (["Which ", ["em", "one"], "?"], [["ul", ["li", "a"]]])
    assert split(parse("- a")) == ([], [["ul", ["li", "a"]]])
    assert split([]) == ([], [])


def nodes(tree: Any) -> list[Any]:
    inside = [child for node in tree if isinstance(node, list) for child in parts(node)[2]]
    return [*tree, *nodes(inside)] if tree else []


@given(MARKUP | WORDS)
@pytest.mark.parametrize("read", [parse, parse_line])
def test_whatever_is_written_only_known_tags_come_out(read: Any, text: str) -> None:
    for node in nodes(read(text)):
        assert isinstance(node, str | list)
        if isinstance(node, list):
            tag, attributes, children = parts(node)
            assert tag in TAGS
            assert not attributes or (tag == "ol" and isinstance(attributes["start"], int))
            assert tag not in {"tex", "display"} or len(children) == 1


@given(MARKUP.filter(lambda text: "```" not in text and "~~~" not in text and '"' not in text and "'" not in text))
def test_every_word_that_is_written_is_there(text: str) -> None:
    """But for what names the language of a block of code, and the title of a link, which nobody sees."""
    assert [char for char in plain(parse(text)) if char in "ab"] == [char for char in text if char in "ab"]


@given(st.text(alphabet="ab .,?!è漢", max_size=60))
def test_a_text_without_markup_stays_word_for_word(text: str) -> None:
    assert plain(parse_line(text)).split() == text.split()


def test_a_rule_that_makes_something_unknown_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(richtext, "_MARKDOWN", richtext.MarkdownIt("commonmark"))
    with pytest.raises(AssertionError):
        parse("a\n\n---\n")
