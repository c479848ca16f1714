"""Which cells of a list hold secrets, what is left of them for everybody, and which secret of a device they tell."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from oblik.base.veiling import HIDDEN, heading_veiled, secrets_in, veiled
from oblik.intake.logic.drafts import SECRET_TARGETS
from oblik.intake.logic.shapes import Guess, Table
from oblik.intake.logic.values.urls import stream_url

# A cell as it is kept: MARKED, the keyed mark of a stream address or nothing, "•", the token.
SEALED: Final = re.compile("•sealed•([0-9a-f]*)•([A-Za-z0-9_.-]*)")
SHOWN: Final = "••••"

# A row without any of this holds no secret: all are looked for at once, in one pass over the whole list, Latin letters
# in any case.
_SUSPECT: Final = [
    "@", "rtsp", "rtmp", "rtp:", "srt:", "mms:", "mmsh:", "udp:", "dvrip:", "onvif:", "hikvision:", "dahua:",
    "•sealed•",
    "парол", "Парол", "ПАРОЛ", "пАРОЛ", "асворд", "АСВОРД", "ассворд", "АССВОРД", "пасс", "Пасс", "ПАСС", "пас:",
    "Пас:", "ПАС:", "pas", "psw", "pwd", "kennwort", "parol", "contrase", "wachtwoord", "mot de passe", "секретн",
    "Секретн",
    "СЕКРЕТН", "кодов", "Кодов", "КОДОВ", "ін-код", "ІН-КОД", "ін код", "ІН КОД", "інкод", "ІНКОД", "ин-код", "ИН-КОД",
    "ин код", "ИН КОД", "инкод", "ИНКОД", "pin-code", "pincode", "pin code", "огін", "ОГІН", "огин", "ОГИН", "login",
    "logon", "user", "usr", "ористувач", "ОРИСТУВАЧ", "ользовател", "ОЛЬЗОВАТЕЛ", "account", "token", "key=", "auth=",
    "secret=",
]  # fmt: skip
_SECRET_HEADER: Final = re.compile(
    r"парол|пасс?ворд|passw|(?<![^\W_])(?:pass|pwd|psw|pswd|creds?|pin)(?![^\W_])|credential|kennwort|contrase|wachtwoord"
    r"|mot de passe|секрет|secret|облікові дані|учетн\w+ данн|учётн\w+ данн|дан[іи] (?:для )?(?:доступу|входу)"
    r"|данные (?:для )?(?:доступа|входа)|(?<!\w)(?:token|токен|api.?key)(?!\w)|п[іи]н[- ]?код",
    re.IGNORECASE,
)
_LOGIN_HEADER: Final = re.compile(r"логін|логин|login|logon|user|користувач|пользовател", re.IGNORECASE)
_PAIR: Final = re.compile(r"^\s*([^\s/\\|:;,]{1,64})\s*[/\\|:;,\s]\s*(\S{1,128})\s*$")
# Of a cell with passwords, these columns still give what is found by its form.
_PARSED: Final = {
    "ip": re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])"),
    "mac": re.compile(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}(?![0-9A-Fa-f])"),
}
_ADDRESSES: Final = frozenset({"stream_url", "tags"})  # where an address without its password is still of use
_WHOLE: Final = SECRET_TARGETS | {"stream_url"}


@dataclass(frozen=True, slots=True)
class SecretCell:
    """text: the cell as received. address: of a stream address, what is left without user and password, else ""."""

    text: str
    address: str = ""


SecretCells = Mapping[tuple[int, int], SecretCell]  # (index of the row in the sheet, index of the column)


def is_secret_header(header: str) -> bool:
    """Whether a column's name says that passwords stand in it."""
    return _SECRET_HEADER.search(header) is not None


def secrets_of_column(text: str, *, target: str, header: str) -> dict[str, str]:
    """What a cell tells by the column it stands in; words of other columns are read as `secrets_in` does."""
    text = text.strip()
    if not text:
        return {}
    if target == "stream_url":
        return {"stream_url": text}
    if target == "login":
        return {"device_login": text}
    if target != "password" and not is_secret_header(header):
        return secrets_in(text)
    pair = _PAIR.match(text) if _LOGIN_HEADER.search(header) else None
    return {"device_login": pair[1], "device_password": pair[2]} if pair else {"device_password": text}


def hidden(table: Table) -> tuple[Table, dict[tuple[int, int], SecretCell]]:
    """The table for all further steps, where secrets no longer stand, and the cells that were secret.

    A table without secrets comes back itself. Cells of columns that by name or target hold secrets are secret as a
    whole; of other cells those are that `veiled` changes. Names of columns stay as long as they hold no secret.
    """
    targets = {guess.index: guess.target for guess in table.columns}
    whole = {guess.index for guess in table.columns if guess.target in _WHOLE or is_secret_header(guess.header)}
    rows, told = table.sheet.rows, [*table.sheet.notes.values(), *table.sheet.reader_notes]
    suspects = _suspect_cells(rows)
    secret: dict[tuple[int, int], SecretCell] = {}
    fresh: dict[int, list[str]] = {}
    nothing: frozenset[int] = frozenset()
    for row in range(len(rows)) if whole else suspects:
        cells, asked = rows[row], suspects.get(row, nothing)
        if table.roles[row] == "header":
            found = {at: (cells[at], left) for at in asked if (left := heading_veiled(cells[at])) != cells[at]}
        else:
            found = _secret_of(
                cells, asked=whole | asked if whole and asked else asked or whole, whole=whole, targets=targets
            )
        for at, (text, left) in found.items():
            kept = stream_url(left)[0] if targets.get(at) == "stream_url" else None
            secret[row, at] = SecretCell(text, kept or "")
            fresh.setdefault(row, list(cells))[at] = left
    if not secret and not _suspects([[*told, *(text for g in table.columns for text in (g.header, *g.examples))]]):
        return table, secret
    return _replaced(table, fresh, whole=whole), secret


def _secret_of(
    cells: list[str], *, asked: Collection[int], whole: set[int], targets: Mapping[int, str]
) -> dict[int, tuple[str, str]]:
    """Of the columns asked of one row: column -> the secret cell and what is left of it."""
    found: dict[int, tuple[str, str]] = {}
    for at in asked:
        text = cells[at] if at < len(cells) else ""
        if not text:
            continue
        target = targets.get(at, "")
        if at in whole and target != "stream_url":
            found[at] = (text, " ".join(_PARSED[target].findall(text)) if target in _PARSED else HIDDEN)
        else:
            left = veiled(text, keep_address=target in _ADDRESSES)
            if at in whole or left != text:
                found[at] = (text, left)
    return found


def _suspects(rows: Iterable[list[str]]) -> list[int]:
    """Indices of rows in which anything looks like a secret: one pass over the whole list."""
    texts = pl.Series(list(map("\x1f".join, rows)), dtype=pl.String)
    found: list[int] = texts.str.contains_any(_SUSPECT, ascii_case_insensitive=True).arg_true().to_list()
    return found


def _suspect_cells(rows: list[list[str]]) -> dict[int, set[int]]:
    """Row -> the cells in it that look like a secret, in the order of the rows."""
    some = _suspects(rows)
    places = [(row, at) for row in some for at in range(len(rows[row]))]
    texts = pl.Series([cell for row in some for cell in rows[row]], dtype=pl.String)
    cells: dict[int, set[int]] = {}
    for index in texts.str.contains_any(_SUSPECT, ascii_case_insensitive=True).arg_true().to_list():
        row, at = places[index]
        cells.setdefault(row, set()).add(at)
    return cells


def _replaced(table: Table, fresh: Mapping[int, list[str]], *, whole: set[int]) -> Table:
    sheet = table.sheet
    rows = [fresh.get(index, cells) for index, cells in enumerate(sheet.rows)] if fresh else sheet.rows
    notes = {at: veiled(note) for at, note in sheet.notes.items()}
    told = tuple(veiled(note) for note in sheet.reader_notes)
    return replace(
        table,
        sheet=replace(sheet, rows=rows, notes=notes, reader_notes=told),
        columns=[_guess(guess, secret=guess.index in whole) for guess in table.columns],
        sections={at: veiled(text) for at, text in table.sections.items()},
    )


def _guess(guess: Guess, *, secret: bool) -> Guess:
    examples = tuple(HIDDEN if secret else veiled(text) for text in guess.examples)
    target = guess.target
    if is_secret_header(guess.header) and target not in _PARSED and target != "stream_url":
        target = "password"  # whatever a mapping says: a password never becomes a value
    return replace(guess, header=heading_veiled(guess.header), examples=examples, target=target)
