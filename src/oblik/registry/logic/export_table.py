"""The register as a table of plain values: which columns go out, and texts that no spreadsheet takes for a formula."""

from collections.abc import Mapping
from typing import Final

from oblik.registry.logic.fields import FIELDS
from oblik.registry.logic.records import Value

# Secret fields never leave; `code` says already what `city_code` would.
COLUMNS: Final[tuple[str, ...]] = (
    "code",
    "owner",
    "owner_title",
    *(name for name, field in FIELDS.items() if not field.secret and name != "city_code"),
)
# The wide forms too: some spreadsheets fold them into the plain ones.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Row = tuple[Value | None, ...]


def export_row(code: str, *, owner: str, owner_name: str, state: str, values: Mapping[str, Value]) -> Row:
    """One camera as the values of COLUMNS."""
    head = {"code": code, "owner": owner, "owner_title": owner_name, "state": state}
    return tuple(head.get(name, values.get(name)) for name in COLUMNS)


def harmless(value: Value | None) -> str:
    """The text of a csv cell. A text that a spreadsheet would run as a formula gets an apostrophe in front.

    Numbers are never touched, so that -33.9 stays a latitude. Source: OWASP, CSV injection.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return repr(value)
    text = str(value)
    return "'" + text if text.startswith(_FORMULA_STARTS) else text
