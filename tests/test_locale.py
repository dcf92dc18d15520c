"""The Italian is complete: every string of the sources is in the catalogues, translated, and compiled as it stands."""

import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).parent.parent
LOCALE = ROOT / "quiz" / "locale" / "it" / "LC_MESSAGES"
DOMAINS = ["django", "djangojs"]
KEYWORDS = dict.fromkeys(("gettext", "gettext_lazy", "gettext_noop", "_"))
KEYWORDS |= dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2))
PLACE = re.compile(r"%\((\w+)\)s")


def catalogue(domain: str) -> Catalog:
    with (LOCALE / f"{domain}.po").open("rb") as file:
        return read_po(file, locale="it", domain=domain)


def messages(domain: str) -> list[Message]:
    return [message for message in catalogue(domain) if message.id]


def forms(message: Message) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The message's texts and its translations, one each or one for each number."""
    if isinstance(message.id, str):
        return (message.id,), (message.string,)
    return tuple(message.id), tuple(message.string)


def found(domain: str) -> Iterator[str]:
    """Every string that the sources mark as one for translation; of plurals the singular."""
    sources = javascript() if domain == "djangojs" else [*python(), *templates()]
    for method, text in sources:
        for _, id, _, _ in extract(method, io.BytesIO(text.encode()), KEYWORDS):
            yield id[0] if isinstance(id, tuple) else id


def javascript() -> Iterable[tuple[str, str]]:
    files = (path for path in (ROOT / "static").rglob("*.js") if "vendor" not in path.parts)
    return (("javascript", path.read_text()) for path in files)


def python() -> Iterable[tuple[str, str]]:
    return (("python", path.read_text()) for path in (ROOT / "quiz").rglob("*.py"))


def templates() -> Iterable[tuple[str, str]]:
    files = (ROOT / "templates").rglob("*.html")
    return (("python", templatize(path.read_text(), origin=str(path))) for path in files)


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_string_of_the_sources_is_in_the_catalogue(domain: str) -> None:
    known = {forms(message)[0][0] for message in messages(domain)}
    assert sorted(set(found(domain)) - known) == []
    assert len(known) > 50


@pytest.mark.parametrize("domain", DOMAINS)
def test_no_string_is_untranslated_or_fuzzy(domain: str) -> None:
    unfinished = [message.id for message in messages(domain) if message.fuzzy or not all(forms(message)[1])]
    assert unfinished == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_translations_name_the_same_values(domain: str) -> None:
    for message in messages(domain):
        for text, translation in zip(*forms(message), strict=True):
            assert set(PLACE.findall(translation)) == set(PLACE.findall(text)), translation


@pytest.mark.parametrize("domain", DOMAINS)
def test_what_is_compiled_is_what_is_written(domain: str) -> None:
    with (LOCALE / f"{domain}.mo").open("rb") as file:
        compiled = [forms(message) for message in read_mo(file) if message.id]
    assert sorted(compiled) == sorted(forms(message) for message in messages(domain))
