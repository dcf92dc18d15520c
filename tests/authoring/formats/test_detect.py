"""Which format a file is in."""

import pytest

from quiz.authoring.formats.contract import FormatError
from quiz.authoring.formats.detect import detect


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("#Q Which? {=a ~b}\n^ a\nA a\nB b", "OpenTriviaQA"),
        ("Question,Answer 1,Answer 2,Correct\n{=a},b,c,1", "CSV"),
        ("// about moons\n\nWhich? {=a ~b}", "GIFT"),
        ("::Title:: Which?", "GIFT"),
        ("Which? {\n=a\n~b}", "GIFT"),
        ("$CATEGORY: sky\n", "GIFT"),
    ],
)
def test_content_tells(text, name):
    assert detect(text).name == name


@pytest.mark.parametrize("text", ["Dear all,\n{name}", '{"questions": []}', "<quiz></quiz>", "a,b,c\n1,2,3\n"])
def test_other_text_is_none_of_ours(text):
    with pytest.raises(FormatError) as caught:
        detect(text)
    assert caught.value.code == "unknown-format"
