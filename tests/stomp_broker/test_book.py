"""docs/broker.md says what the code does: its codes, options, keys, limits, figures and fields."""

import importlib
import inspect
import json
import pkgutil
import re
from pathlib import Path

from prometheus_client import CollectorRegistry

import stomp_broker
from stomp_broker.__main__ import make_parser
from stomp_broker.configfile import KEYS
from stomp_broker.errors import Code
from stomp_broker.metrics import BrokerFigures, ProcessMetrics
from stomp_broker.stats import State, encode_stats
from tests.stomp_broker.clients import Quiz

ROOT = Path(__file__).resolve().parents[2]
BOOK = (ROOT / "docs" / "broker.md").read_text()


def section(title):
    """The text below a heading, up to the next of its rank."""
    return BOOK.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def rows(text):
    """The cells of the tables in a text."""
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in text.splitlines() if line[:3] == "| `"]


def names(cell):
    return re.findall(r"`([^`]+)`", cell)


def limits():
    """Every public limit of the code, by module and name."""
    for module in pkgutil.iter_modules(stomp_broker.__path__):
        if module.name != "__main__":
            for name, value in vars(importlib.import_module(f"stomp_broker.{module.name}")).items():
                yield f"{module.name}.{name}", value


def test_every_code_says_what_to_do():
    assert [names(row[0])[0] for row in rows(section("What an ERROR says"))] == sorted(Code)


def test_options_are_those_of_the_command_line():
    told = {option for row in rows(section("Starting it")) for option in names(row[0])}
    assert told == {option for action in make_parser({})._actions for option in action.option_strings}


def test_keys_are_those_of_the_configuration_file():
    told = [(names(row[0])[0], names(row[1])[0]) for row in rows(section("Settings")) if row[0].startswith("`[")]
    assert sorted(told) == sorted((f"[{name}]", key) for name, keys in KEYS.items() for key in keys)


def test_settings_of_the_environment_are_told():
    read = set()
    for module in ("__main__", "service"):
        source = inspect.getsource(importlib.import_module(f"stomp_broker.{module}"))
        read |= set(re.findall(r"\"(STOMP_[A-Z_]+)\"", source))
    told = {name for part in ("Starting it", "Settings") for name in re.findall(r"`(STOMP_[A-Z_]+)`", section(part))}
    assert told == read


def test_limits_have_the_numbers_of_the_code():
    code = dict(limits())
    told = {names(row[0])[0]: float(row[1]) for row in rows(section("Limits"))}
    assert told == {name: code[name] for name in told}
    own = {name for name in code if re.match(r"(\w+)\.MAX_", name) and _is_defined(name)}
    assert own <= told.keys()


def _is_defined(name):
    """Whether a constant is a module's own, and not imported there."""
    module, _, constant = name.partition(".")
    source = inspect.getsource(importlib.import_module(f"stomp_broker.{module}"))
    return re.search(rf"^{constant} = ", source, re.MULTILINE)


def test_codes_of_limits_are_codes():
    codes = [name for row in rows(section("Limits")) for name in names(row[3])]
    assert codes
    assert set(codes) <= set(Code)


def test_figures_are_those_of_the_code():
    quiz = Quiz()
    everywhere = CollectorRegistry()
    everywhere.register(BrokerFigures(quiz.factory))
    alone = ProcessMetrics(quiz.factory).registry
    told = [{names(row[0])[0] for row in rows(part)} for part in section("Figures").split("Alone only")]
    assert told[0] == figures(everywhere)
    assert told[0] | told[1] == {name for name in figures(alone) if name.startswith("stomp_broker_")}


def figures(registry):
    """Names as Prometheus shows them."""
    ends = {"counter": "_total", "info": "_info"}
    return {family.name + ends.get(family.type, "") for family in registry.collect()}


def shape(value):
    """Keys and kinds of what a message has; the first of a list stands for all."""
    if isinstance(value, dict):
        return {key: shape(each) for key, each in value.items() if key != "refusals"}
    if isinstance(value, list):
        return [shape(each) for each in value[:1]]
    return (int, float) if isinstance(value, int | float) else type(value)


def test_the_example_of_statistics_has_the_fields_of_the_code():
    example = json.loads(re.search(r"```json\n(.*?)```", BOOK, re.DOTALL)[1])
    quiz = Quiz()
    state = State(1.0, 1, 1, 0, {"/a": 1}, [], [], {}, [])
    ours = json.loads(encode_stats(1, 1.0, 1.0, quiz.factory.broker.tally.look(), state))
    for message in (example, ours):
        for key in ("queues", "slow"):
            message["data"][key] = []
    assert shape(ours) == shape(example)


def test_every_field_of_the_statistics_is_explained():
    example = json.loads(re.search(r"```json\n(.*?)```", BOOK, re.DOTALL)[1])
    told = {name for row in rows(section("Statistics")) for name in names(row[0])}
    assert told == (example.keys() | example["data"].keys()) - {"data"}


def test_fields_of_log_lines_are_those_of_the_code():
    used = set()
    for file in (ROOT / "stomp_broker").rglob("*.py"):
        source = file.read_text()
        for call in re.findall(r"\b(?:log\.\w+|say|Refused)\(((?:\"|sentence,|right,)[^\n]*)\)", source):
            used |= set(re.findall(r"\b(\w+)=", call.replace('="', "=")))
    used |= {"connection", "subject"}
    told = {name for row in rows(section("Log lines")) for name in names(row[0])}
    assert told == used
