"""docs/stomp-conformance.md: every requirement has its number and its tests, and every test is there."""

import ast
import re
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import pytest

TESTS = Path(__file__).resolve().parents[1]
TABLES = TESTS.parent / "docs" / "stomp-conformance.md"
WORDS = {"MUST", "MUST NOT", "REQUIRED", "SHOULD", "RECOMMENDED", "required", "should", "recommended", "text"}


class Requirement(NamedTuple):
    """A row of the tables."""

    number: str
    place: str
    says: str
    text: str
    tests: str

    @property
    def named(self):
        return re.findall(r"`([^`]+)`", self.tests)


ROWS = [
    Requirement(*(cell.strip() for cell in line.strip("| \n").split(" | ")))
    for line in TABLES.read_text().splitlines()
    if re.match(r"\| \d", line)
]


def names_in(file):
    """The names of the tests in a file, those in a class with it."""
    for node in ast.parse(file.read_text()).body:
        members = node.body if isinstance(node, ast.ClassDef) else [node]
        for member in members:
            if isinstance(member, ast.FunctionDef) and member.name.startswith("test_"):
                yield f"{node.name}::{member.name}" if isinstance(node, ast.ClassDef) else member.name


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.number)
def test_a_requirement_has_a_place_a_word_and_tests_that_exist(row):
    assert row.place
    assert row.says in WORDS
    assert row.named
    for named in row.named:
        file, _, name = named.partition("::")
        assert name in set(names_in(TESTS / file)), named


def test_numbers_count_up_from_one_in_each_version():
    numbers = [row.number.split("-") for row in ROWS]
    counted = {version: [int(number) for _, number in group] for version, group in groupby(numbers, lambda one: one[0])}
    assert list(counted) == ["1.0", "1.1", "1.2"]
    assert all(count == list(range(1, len(count) + 1)) for count in counted.values())


def test_every_test_over_bytes_is_led_to():
    led_to = {named for row in ROWS for named in row.named}
    files = TESTS.glob("stomp_broker/test_conformance_*.py")
    there = {f"{file.relative_to(TESTS)}::{name}" for file in files for name in names_in(file)}
    assert there - led_to == set()
