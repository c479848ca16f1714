"""The words of a camera's passport: where a value comes from and how old it is."""

from collections.abc import Mapping
from typing import Protocol

from django import template
from django.utils.translation import gettext as _

from oblik.registry.queries import SourceLine
from oblik.web.ui import labels
from oblik.web.ui.values import day, written

register = template.Library()


class ListRow(Protocol):
    """A row of an owner's list."""

    @property
    def file_name(self) -> str: ...
    @property
    def sheet(self) -> str: ...
    @property
    def row(self) -> int: ...


def provenance(source: SourceLine | None, rows: Mapping[str, ListRow], owners: Mapping[str, str]) -> str:
    """A source in words, such as "list of 3 Sep 2026, row 14 · КП «Світло»"; "" for none. rows: by source_ref."""
    if source is None:
        return ""
    when = day(source.said_at)
    row = rows.get(source.source_ref)
    if source.source_kind == "person":
        return _("set by hand on {day}").format(day=when)
    if row is not None:
        said = _("list of {day}, row {row}").format(day=when, row=row.row)
    elif source.source_ref.startswith("entered:"):
        said = _("entered by hand on {day}").format(day=when)
    else:
        said = f"{labels.SOURCE_KINDS.get(source.source_kind, source.source_kind)}, {when}"
    owner = owners.get(source.owner, source.owner)
    return f"{said} · {owner}" if owner else said


@register.simple_tag
def from_source(source: SourceLine | None, rows: Mapping[str, ListRow], owners: Mapping[str, str]) -> str:
    """Where a value comes from, in words."""
    return provenance(source, rows, owners)


@register.filter
def side_said(values: Mapping[str, object]) -> str:
    """A few values of a reason in a row: what one side of a comparison says."""
    return ", ".join(written(name, value) for name, value in values.items())


@register.filter
def size(count: int) -> str:
    """Bytes as people say them."""
    if count < 1_000_000:
        return _("{n} kB").format(n=max(1, round(count / 1_000)))
    return _("{n} MB").format(n=round(count / 1_000_000, 1))
