"""The words of the product in its languages: gathered from the code, brought up to date, checked, compiled.

Usage: python -m oblik.config.translations extract | update | check | compile
"""

import io
import string
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

SOURCE: Final = Path(__file__).resolve().parent.parent
LOCALE: Final = SOURCE / "locale"
TEMPLATE: Final = LOCALE / "django.pot"
LANGUAGES: Final = ("uk", "ru")  # besides English, in which the code itself is written

# Argument numbers as gettext tools know them; "c" marks the context. `msg` marks sentences where Django is absent.
Spec = tuple[int | tuple[int, int] | tuple[int, str], ...]
KEYWORDS: Final[dict[str, Spec | None]] = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "msg": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}

_EMPTY_HEADERS: Final = tuple(
    f'"{name}: '
    for name in (
        "POT-Creation-Date", "PO-Revision-Date", "Project-Id-Version", "Report-Msgid-Bugs-To", "Last-Translator",
        "Language-Team", "Generated-By",
    )
)  # fmt: skip

Found = tuple[str, int, str, object]  # file below SOURCE, line, keyword, arguments


def _calls(path: Path) -> Iterator[Found]:
    """Calls of the keywords in one file of Python or one template."""
    text = path.read_text(encoding="utf-8")
    if path.suffix in (".html", ".txt"):
        # Django writes a template as the calls it makes. Its indentation is not Python's, so it goes.
        text = "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).splitlines())
    name = path.relative_to(SOURCE).as_posix()
    source = io.BytesIO(text.encode())
    # Babel's own annotation of what it yields is that of another function.
    calls: Iterable[Any] = extract_python(source, KEYWORDS, [], {"encoding": "utf-8"})
    for line, keyword, arguments, _comments in calls:
        yield name, line, keyword, arguments


def _source_files() -> list[Path]:
    python = [path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts]
    pages = [path for ending in ("html", "txt") for path in SOURCE.rglob(f"templates/**/*.{ending}")]  # .txt: letters
    return sorted([*python, *pages])


def gathered() -> Catalog:
    """Every English text of the tree, with the files it stands in."""
    catalog = Catalog(project="Oblik", charset="utf-8")
    for path in _source_files():
        for name, _line, keyword, arguments in _calls(path):
            given = arguments if isinstance(arguments, tuple) else (arguments,)
            spec = KEYWORDS[keyword] or (1,)
            context = given[0] if isinstance(spec[0], tuple) else None
            texts = [given[int(str(at)) - 1] for at in spec if not isinstance(at, tuple) and int(str(at)) <= len(given)]
            if not texts or not all(isinstance(text, str) and text for text in texts):
                continue
            text = tuple(texts) if len(texts) > 1 else texts[0]
            catalog.add(text, locations=[(name, 0)], context=str(context) if context else None)
    return catalog


def _path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def catalog_of(language: str) -> Catalog:
    """The catalog of a language as it stands; an empty one where none has been written yet."""
    path = _path(language)
    if not path.is_file():
        return Catalog(locale=language, project="Oblik", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def _write(catalog: Catalog, path: Path) -> None:
    """Writes without line numbers and dates: a file that changes only when a text does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    catalog.fuzzy = False  # A fuzzy header would be left out of the compiled file, and the plural forms with it.
    catalog.header_comment = "# Texts of Oblik. Written by `python -m oblik.config.translations update`."
    out = io.BytesIO()
    write_po(out, catalog, width=118, sort_output=True, include_lineno=False, ignore_obsolete=True)
    lines = out.getvalue().decode().splitlines()
    kept = [line for line in lines if not line.startswith(_EMPTY_HEADERS)]
    path.write_text("\n".join(kept).rstrip() + "\n", encoding="utf-8")


def faults(language: str, *, wanted: Catalog) -> list[str]:
    """What keeps a language from being complete, one sentence each; empty when nothing does."""
    have = catalog_of(language)
    found = []
    for message in wanted:
        if not message.id:
            continue
        place = message.locations[0][0] if message.locations else ""
        translated = have.get(message.id, message.context)
        wrong = "missing, run update" if translated is None else _fault(translated, have.num_plurals)
        if wrong:
            first = message.id if isinstance(message.id, str) else message.id[0]
            found.append(f"{language}: {wrong}: {first!r} ({place})")
    return found


def _fault(message: Message, plurals: int) -> str:
    """What is wrong with one translation; "" when nothing is."""
    texts = [message.string] if isinstance(message.string, str) else list(message.string or ())
    if message.fuzzy:
        return "fuzzy"
    if not texts or not all(texts) or (not isinstance(message.id, str) and len(texts) != plurals):
        return "untranslated"
    originals = [message.id] if isinstance(message.id, str) else list(message.id)
    wanted = set().union(*(_placeholders(text) for text in originals))
    if any(_placeholders(text) - wanted for text in texts) or wanted - _placeholders(texts[-1]):
        return "placeholders differ"
    return ""


def _placeholders(text: str) -> frozenset[str]:
    """Names that are filled in later, of both styles: {name} and %(name)s."""
    names = {part.split(")")[0] for part in text.split("%(")[1:]}
    with suppress(ValueError):  # A lone brace: such a text is never filled in.
        names |= {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name}
    return frozenset(names)


@click.group(help=__doc__.splitlines()[0] if __doc__ else "")
def main() -> None:
    """The commands of this module."""


@main.command()
def extract() -> None:
    """Write all English texts to locale/django.pot."""
    catalog = gathered()
    _write(catalog, TEMPLATE)
    click.echo(f"{len(catalog)} texts")


@main.command()
def update() -> None:
    """Bring every language's catalog in step with the texts; translations are kept, texts gone are dropped."""
    wanted = gathered()
    for language in LANGUAGES:
        have = catalog_of(language)
        have.update(wanted, no_fuzzy_matching=True, update_creation_date=False)
        have.obsolete.clear()
        _write(have, _path(language))
        click.echo(f"{language}: {len(faults(language, wanted=wanted))} of {len(wanted)} texts to translate")


@main.command()
def check() -> None:
    """Fail with a list of texts that are missing, untranslated or fuzzy in a language."""
    wanted = gathered()
    wrong = [fault for language in LANGUAGES for fault in faults(language, wanted=wanted)]
    for line in wrong:
        click.echo(line, err=True)
    if wrong:
        click.echo(f"{len(wrong)} texts to translate; fill them in under {LOCALE}.", err=True)
        sys.exit(1)


@main.command("compile")
def compile_catalogs() -> None:
    """Write the .mo files that the running program reads."""
    for language in LANGUAGES:
        with _path(language).with_suffix(".mo").open("wb") as file:
            write_mo(file, catalog_of(language))


if __name__ == "__main__":
    main()
