"""Words of the product: all gathered, none untranslated, every name to fill in kept."""

import pytest
from babel.messages.catalog import Catalog

from oblik.config import translations


@pytest.fixture(scope="module")
def wanted():
    return translations.gathered()


def test_python_templates_and_marked_errors_are_gathered(wanted):
    assert wanted.get("There is no camera {value}; look it up with a search.") is not None  # msg() below Django
    assert wanted.get("Sign in") is not None  # a template
    assert wanted.get("Lost", "camera") is not None  # with context
    assert wanted.get(("%(total)s camera", "%(total)s cameras")) is not None  # counted


@pytest.mark.parametrize(
    ("text", "translated", "fault"),
    [
        ("Row {value} is broken", "Рядок {value}", ""),
        ("Row {value} is broken", "Рядок {vaule}", "placeholders differ"),
        ("Row {value} is broken", "Рядок", "placeholders differ"),
        ("Row", "", "untranslated"),
        (("%(n)s row", "%(n)s rows"), ("%(n)s рядок", "%(n)s рядки", "%(n)s рядків"), ""),
        (("%(n)s row", "%(n)s rows"), ("%(n)s рядок", "%(n)s рядки"), "untranslated"),
        (("one row", "%(n)s rows"), ("один рядок", "%(n)s рядки", "%(n)s рядків"), ""),
    ],
)
def test_a_translation_that_would_mislead_is_a_fault(text, translated, fault):
    catalog = Catalog(locale="uk")
    message = catalog.add(text, translated)
    assert translations._fault(message, catalog.num_plurals) == fault


def test_updating_twice_changes_nothing_more(tmp_path, monkeypatch, wanted):
    monkeypatch.setattr(translations, "LOCALE", tmp_path)
    monkeypatch.setattr(translations, "gathered", lambda: wanted)
    path = tmp_path / "uk" / "LC_MESSAGES" / "django.po"
    written = []
    for _ in range(2):
        translations.update.callback()
        written.append(path.read_text(encoding="utf-8"))
    assert written[0] == written[1]
    assert len(translations.faults("uk", wanted=wanted)) == len(wanted)
