"""A sheet understood: which rows are title, header, data, total or legend, and what each column means."""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

from oblik.intake.logic.content import CHECKS, is_address, looks_like_data, number
from oblik.intake.logic.headers import folded
from oblik.intake.logic.mapping import header_row_of
from oblik.intake.logic.shapes import Guess, Mapped, RowRole, Sheet, Table
from oblik.intake.logic.tables_columns import guess_columns
from oblik.intake.logic.tables_header import Head, find_head

_TOTAL: Final = re.compile(
    r"(?:всього|усього|разом|підсумок|загалом|загальна кількість|итого|всего|общее количество|total|totals|sum"
    r"|sous-total|summe|gesamt|insgesamt|subtotal|grand total|totaal|subtotaal|suma|en total)(?=[\s:.,\-–=]|$).*",
    re.IGNORECASE | re.DOTALL,
)
_SIGNATURE: Final = re.compile(
    r"_{3,}|підпис|подпись|м\.\s?п\.|начальник|директор|керівник|виконавець|виконав|склав"
    r"|затвердж|погодж|голова|секретар|комісі"
    r"|руководитель|исполнитель|составил|утвержд|председатель|комисси"
    r"|signature|signed|approved|prepared by|telephone|тел\."
    r"|умовні позначення|условные обозначения|примітк|примечани|legend|note:|\*\s|^\*",
    re.IGNORECASE,
)
_SECTION: Final = re.compile(
    r"район|р-н|місто|город|громада|відділ|department|district|quartier|bezirk|wijk|дільниця|участок|розділ|раздел",
    re.IGNORECASE,
)
# A filled cell of these columns is a camera's own; a row that has one is never a total, a legend or a section.
_STRONG: Final = frozenset(
    (
        "lat_deg",
        "lon_deg",
        "coordinates",
        "x_m",
        "y_m",
        "ip",
        "mac",
        "serial",
        "onvif_uuid",
        "stream_url",
        "inventory_number",
        "source_id",
        "city_code",
        "model",
        "vendor_model",
        "bearing_deg",
        "address",
        "street_part",
        "house_part",
        "resolution",
    )
)


def understand(sheet: Sheet, *, mapped: Mapped | None = None, remembered: Mapped | None = None) -> Table:
    """The table inside the sheet; every row gets exactly one role and every column one guess, in any case.

    mapped: header -> target from a mapping file, wins over all; remembered: the same from the owner's earlier list.
    A doubtful row is data: a camera taken for a total is lost, a total taken for a camera is only asked about.
    """
    width = max(map(len, sheet.rows), default=0)
    if not width:
        return Table(sheet=sheet, roles=["blank"] * len(sheet.rows), columns=[])
    head = find_head(sheet, row=header_row_of(mapped))
    blank = [not (cells and cells[0].strip()) and not "".join(cells).strip() for cells in sheet.rows]
    below = [index for index in range(_first_data(head), len(sheet.rows)) if not blank[index]]
    below = _without_column_numbers(sheet, head, below)
    likely = _likely_data(sheet, below, width=width)
    columns = guess_columns(sheet, head, likely, mapped=mapped, remembered=remembered)
    if sheet.hidden:
        return Table(sheet=sheet, roles=["blank" if none else "hidden" for none in blank], columns=columns)
    roles, sections = _roles(sheet, head, columns, blank=blank)
    return Table(sheet=sheet, roles=roles, columns=columns, sections=sections)


def _first_data(head: Head) -> int:
    return head.rows[-1] + 1 if head.rows else 0


def _without_column_numbers(sheet: Sheet, head: Head, below: list[int]) -> list[int]:
    if head.rows and below and not sheet.named and _numbers_columns(sheet.rows[below[0]], head):
        return below[1:]
    return below


def _numbers_columns(cells: Sequence[str], head: Head) -> bool:
    """True for "1 2 3 4 ..." under the headers, as official forms number their columns."""
    numbers = [int(text) for cell in cells if (text := cell.strip().rstrip(".)")).isdecimal() and len(text) < 4]
    filled = sum(bool(cell.strip()) for cell in cells)
    named = sum(bool(parts) for parts in head.texts)
    if len(numbers) != filled or filled < max(3, 0.6 * named):
        return False
    return numbers[0] in (0, 1) and all(after - before == 1 for before, after in pairwise(numbers))


def _likely_data(sheet: Sheet, below: list[int], *, width: int) -> list[int]:
    """Rows filled about as much as most; the evidence about columns is taken from these."""
    if not below:
        return []
    filled = [width - sheet.rows[index].count("") for index in below]
    usual = sorted(filled)[len(filled) // 2]
    return [index for index, count in zip(below, filled, strict=True) if count >= 0.5 * usual]


def _roles(
    sheet: Sheet,
    head: Head,
    columns: Sequence[Guess],
    *,
    blank: Sequence[bool],
) -> tuple[list[RowRole], dict[int, str]]:
    roles: list[RowRole] = ["data"] * len(sheet.rows)
    start = _first_data(head)
    for index in range(start):
        roles[index] = "data" if _is_camera_above(sheet.rows[index], columns) else "title"
    for index in head.rows:
        roles[index] = "header"
    for index, none in enumerate(blank):
        if none:
            roles[index] = "blank"
    if sheet.named:
        return roles, {}
    rows = [index for index in range(start, len(sheet.rows)) if not blank[index]]
    if head.rows and rows and _numbers_columns(sheet.rows[rows[0]], head):
        roles[rows[0]] = "header"
        rows = rows[1:]
    _mark_repeated_headers(sheet, head, rows, roles)
    sections = _mark_sparse(sheet, columns, rows, roles)
    return roles, sections


def _is_camera_above(cells: Sequence[str], columns: Sequence[Guess]) -> bool:
    """True where a row above the header holds what no title does: an address on the network, a point, a MAC."""
    return any(
        column.target in _NETWORK and CHECKS[column.target](text) and looks_like_data(text)
        for column, cell in zip(columns, cells, strict=True)
        if (text := cell.strip())
    )


_NETWORK: Final = frozenset(("ip", "mac", "onvif_uuid", "coordinates"))


def _mark_repeated_headers(sheet: Sheet, head: Head, rows: Sequence[int], roles: list[RowRole]) -> None:
    """Rows that say the header again, as printed lists do on each page."""
    for source in head.rows:
        wanted = sheet.rows[source]
        named = [column for column, cell in enumerate(wanted) if cell.strip()]
        if len(named) < 2:
            continue
        keys = [wanted[column].strip().casefold() for column in named[:2]]
        for index in rows:
            cells = sheet.rows[index]
            if cells[named[0]].strip().casefold() != keys[0] and cells[named[1]].strip().casefold() != keys[1]:
                continue
            same = sum(folded(cells[column]) == folded(wanted[column]) for column in named)
            if same >= 0.8 * len(named):
                roles[index] = "header"
                following = index + 1
                if (
                    following < len(roles)
                    and roles[following] == "data"
                    and _numbers_columns(sheet.rows[following], head)
                ):
                    roles[following] = "header"


def _mark_sparse(sheet: Sheet, columns: Sequence[Guess], rows: Sequence[int], roles: list[RowRole]) -> dict[int, str]:
    """Totals, sections, legends and signatures among the rows that are filled less than most."""
    width = len(columns)
    filled = {index: width - sheet.rows[index].count("") for index in rows if roles[index] == "data"}
    if not filled:
        return {}
    usual = sorted(filled.values())[len(filled) // 2]
    strong = {column.index: _fits(column.target) for column in columns if column.target in _STRONG}
    named = {column.index for column in columns if column.header or column.target}
    sections: dict[int, str] = {}
    dense = [index for index, count in filled.items() if count > max(3, 0.6 * usual)]
    last_dense = max(dense, default=-1)
    last_data = last_dense
    doubtful: list[tuple[int, list[tuple[int, str]]]] = []
    for index, count in filled.items():
        if count > max(3, 0.6 * usual) and not _starts_total(sheet.rows[index]):
            continue
        cells = [(column, text) for column, cell in enumerate(sheet.rows[index]) if (text := cell.strip())]
        if _is_total(cells, strong):
            roles[index] = "total"
        elif count <= max(2, 0.5 * usual) or (cells and not any(column in named for column, _ in cells)):
            if _has_evidence(sheet, index, cells, strong=strong, columns=columns, usual=usual):
                last_data = max(last_data, index)
            else:
                doubtful.append((index, cells))
        else:
            last_data = max(last_data, index)
    for index, cells in doubtful:
        role = _sparse_role(sheet, index, cells, columns=columns, usual=usual, last_data=last_data)
        roles[index] = role
        if role == "title":
            sections[index] = cells[0][1]
    return sections


def _starts_total(row: Sequence[str]) -> bool:
    if row[0][:1].isdigit():  # most rows by far: numbered, or beginning with an id
        return False
    first = next((text for cell in row if (text := cell.strip())), "")
    return _TOTAL.match(first) is not None


def _fits(target: str) -> Callable[[str], bool]:
    """What a value of a strong column must look like to speak for a camera."""
    if target in ("address", "street_part"):
        return lambda text: is_address(text) or re.search(r"\d", text) is not None
    if target in ("source_id", "city_code", "inventory_number", "serial"):
        return lambda text: re.search(r"\d", text) is not None and len(text) < 60 and len(text.split()) < 4
    if target in ("lat_deg", "lon_deg", "coordinates", "x_m", "y_m"):
        return lambda text: re.search(r"\d", text) is not None and len(text) < 80
    if target in ("model", "vendor_model", "resolution"):
        return lambda text: len(text) < 60 and re.search(r"\d", text) is not None and _SIGNATURE.search(text) is None
    return CHECKS.get(target, looks_like_data)


def _is_total(cells: Sequence[tuple[int, str]], strong: dict[int, Callable[[str], bool]]) -> bool:
    """A word for a total, and beside it nothing but numbers outside the columns that only a camera fills."""
    word = next((column for column, text in cells if _TOTAL.match(text)), None)
    if word is None or cells.index(next(cell for cell in cells if cell[0] == word)) > 1:
        return False
    for column, text in cells:
        if column == word:
            continue
        if column in strong and strong[column](text) and not (len(cells) == 2 and text.isdecimal()):
            return False
        if number(text.removesuffix("шт.").removesuffix("шт")) is None and column < word:
            return False
        if looks_like_data(text) and number(text) is None:
            return False
    return True


def _has_evidence(
    sheet: Sheet,
    index: int,
    cells: Sequence[tuple[int, str]],
    *,
    strong: dict[int, Callable[[str], bool]],
    columns: Sequence[Guess],
    usual: int,
) -> bool:
    """True where a sparse row says something only a camera's row says in that column."""
    own = [(column, text) for column, text in cells if (index, column) not in sheet.merged_down]
    if any(column in strong and strong[column](text) for column, text in own):
        return True
    if usual <= 2 and any(columns[column].target not in ("", "ignore") for column, _ in own):
        return not any(_SECTION.search(text) or _SIGNATURE.search(text) for _, text in own)
    numbered = any(columns[column].target == "ignore" and text.rstrip(".)").isdecimal() for column, text in own)
    return numbered and (len(own) > 1 or len(cells) > 1)


def _sparse_role(
    sheet: Sheet, index: int, cells: Sequence[tuple[int, str]], *, columns: Sequence[Guess], usual: int, last_data: int
) -> RowRole:
    """Role of a sparse row without evidence of a camera: legend below the table, section inside it, else data."""
    after = index > last_data
    column, text = cells[0]
    across = sum((index, right) in sheet.merged_across for right in range(column + 1, len(sheet.rows[index])))
    if len(cells) == 1 and usual >= 3 and across >= 0.6 * len(sheet.rows[index]):
        return "legend" if after else "title"  # one cell over the whole width
    if not any(re.search(r"[^\W\d_]{3}", one) and not one.startswith("#") for _, one in cells):
        return "data"  # "#REF!", "???": something stood here, and a person must say what
    signed = any(_SIGNATURE.search(one) for _, one in cells)
    told = [columns[at].target not in ("", "ignore", "source_id") for at, _ in cells]
    if after:
        # Below a blank row nothing belongs to the list any more, unless it says so in the list's own columns.
        apart = any(not any(map(str.strip, sheet.rows[row])) for row in range(last_data + 1, index))
        return "legend" if signed or not any(told) or (apart and len(cells) == 1) else "data"
    if signed and len(cells) <= 2 and not _SECTION.search(text):
        return "legend"
    same = len({one for _, one in cells}) == 1 and (len(cells) == 1 or len(cells) >= usual)
    return "title" if same and (across or _SECTION.search(text) or (usual >= 3 and not told[0])) else "data"
