import pytest
from hypothesis import given
from hypothesis import strategies as st

from orbited.errors import ConfigError
from orbited.grammar import WHOLE_LINES, Line, read, values


def test_comment_begins_anywhere():
    text = "# first\n[ssl] # of us\nkey = /etc/a#b # ; c\n; = no comment\n"
    assert read(text, "x") == {"ssl": [Line("x:3", "key = /etc/a"), Line("x:4", "; = no comment")]}


def test_repeated_sections_continue():
    assert read("[a]\nb=1\n[c]\n[a]\nd=2\n", "x") == {"a": [Line("x:2", "b=1"), Line("x:5", "d=2")], "c": []}


def test_names_are_exact():
    assert set(read("[Global]\n[global ]\n[global]\n", "x")) == {"Global", "global ", "global"}


@pytest.mark.parametrize("section", sorted(WHOLE_LINES))
def test_some_sections_keep_their_lines_whole(section):
    assert read(f"[{section}]\n  http://:1?a=b  \n", "x") == {section: [Line("x:2", "http://:1?a=b")]}


def test_values_are_cut_at_the_first_equals_sign_and_the_last_wins():
    lines = read("[a]\nargs = ('x=1', )\nb=\n=c\nKey=1\nkey=2\nkey = 3\n", "x")["a"]
    assert values(lines) == {
        "args": Line("x:2", "('x=1', )"),
        "b": Line("x:3", ""),
        "": Line("x:4", "c"),
        "Key": Line("x:5", "1"),
        "key": Line("x:7", "3"),
    }


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_of_every_system_are_counted_alike(end):
    assert read(f"[a]{end}{end}b = 1\x0b2{end}", "x") == {"a": [Line("x:3", "b = 1\x0b2")]}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\na = 1", "x:2: 'a = 1' stands before the first [section]"),
        ("[listen", "x:1: '[listen' stands before the first [section]"),
        ("[global]\n\nnonsense", "x:3: [global] 'nonsense' is not 'key = value'"),
        ("[ssl]\nkey = a\n  continued", "x:3: [ssl] 'continued' is not 'key = value'"),
        ("[unheard of]\nnonsense", "x:2: [unheard of] 'nonsense' is not 'key = value'"),
        ("[listn]\nhttp://:1", "x:2: [listn] 'http://:1' is not 'key = value'; is [listen] meant?"),
    ],
)
def test_errors_name_file_and_line(text, message):
    with pytest.raises(ConfigError) as caught:
        read(text, "x")
    assert str(caught.value) == message


words = st.text(st.characters(exclude_characters="#=[]", exclude_categories=["Z", "C"]), min_size=1)


@given(st.dictionaries(words, st.dictionaries(words, words | st.just("")), max_size=4))
def test_what_is_written_is_read(sections):
    sections = {name: pairs for name, pairs in sections.items() if name not in WHOLE_LINES}
    lines = []
    for name, pairs in sections.items():
        lines += [f"  [{name}]", *(f"{key}={value}  # {key}" for key, value in pairs.items())]
    read_again = {name: values(found) for name, found in read("\n".join(lines), "x").items()}
    assert {name: {k: v.text for k, v in found.items()} for name, found in read_again.items()} == sections
