from orbited.doubts import doubts
from orbited.grammar import read


def told(text):
    return list(doubts(read(text, "x")))


def test_file_of_0_7_9_raises_no_doubt():
    assert told("[global]\npid.location = /tmp/orbited.pid\nsession.ping_interval = 40\n[log]\nany = thing\n") == []


def test_misspelt_section_is_told_with_the_nearest():
    assert told("[acess]\na = 1\n[Global]\nb=2") == [
        "x:2: nothing reads the section [acess]; is it 'access'?",
        "x:4: nothing reads the section [Global]; is it 'global'?",
    ]


def test_section_like_no_other_is_told_without_a_guess():
    assert told("[unheard]\na = 1") == ["x:2: nothing reads the section [unheard]"]


def test_misspelt_key_is_told_with_the_nearest():
    text = "[global]\nsession.ping_intervall = 1\n[ssl]\ncrt = a\ncert = b\n[test]\nx = 1\n[logging]\nWARN = a\n"
    assert told(text) == [
        "x:2: [global] 'session.ping_intervall': nothing reads this key; is it 'session.ping_interval'?",
        "x:5: [ssl] 'cert': nothing reads this key; is it 'crt'?",
        "x:7: [test] 'x': nothing reads this key",
        "x:9: [logging] 'WARN': nothing reads this key",
    ]


def test_sections_of_pythons_logging_raise_no_doubt():
    assert told("[loggers]\nkeys=root\n[handlers]\nkeys=a\n[logger_root]\nlevel=INFO\n[formatter_b]\nformat=x") == []


def test_pattern_in_access_is_told_to_be_none():
    assert told("[access]\n* -> a:1\n*.example.com -> *.b:1") == [
        "x:3: [access] '*.example.com' is compared letter by letter: its '*' stands for nothing else",
        "x:3: [access] '*.b:1' is compared letter by letter: its '*' stands for nothing else",
    ]


def test_missing_file_of_static_is_told(tmp_path):
    text = f"[static]\nhere = {tmp_path}\nINDEX = {tmp_path}/none.html"
    assert told(text) == [f"x:3: [static] INDEX: '{tmp_path}/none.html' is not there"]
