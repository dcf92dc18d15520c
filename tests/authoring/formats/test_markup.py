"""From HTML to plain text."""

import html as entities

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.authoring.formats.markup import plain_text


@pytest.mark.parametrize(
    ("html", "text", "lost"),
    [
        ("plain", "plain", False),
        ("<p>One</p><p>two<br>three</p>", "One\ntwo\nthree", False),
        ("a\n  <b>b</b> c", "a b c", False),
        ("&lt;b&gt; &amp;amp; &egrave;", "<b> &amp; è", False),
        ("H<sub>2</sub>O", "H2O", True),
        ("see <img src=x onerror=alert(1)>", "see", True),
        ("<p>x<!-- a comment --></p>", "x", False),
        ("&#65; &#x41; &#" + "9" * 5_000 + ";", "A A \ufffd", False),
        ("<a " * 100, ("<a " * 100).strip(), False),
        ("1 < 2", "1 < 2", False),
    ],
)
def test_text_remains_and_loss_is_told(html, text, lost):
    assert plain_text(html) == (text, lost)


@given(st.text())
def test_text_that_is_escaped_remains_as_words(text):
    assert plain_text(entities.escape(text)) == (" ".join(text.split()), False)


@given(st.text() | st.text("<>/&#;!-=abpx1 \n"))
def test_of_any_markup_remain_rows_of_words_and_without_a_tag_nothing_is_lost(html):
    text, lost = plain_text(html)
    assert all(row == " ".join(row.split()) for row in text.split("\n"))
    assert "\n\n" not in text
    assert not lost or "<" in html
