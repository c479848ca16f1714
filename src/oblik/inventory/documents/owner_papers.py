"""The two papers of one owner: the inventory list and the reconciliation statement."""

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl
from django.utils.translation import gettext as _

from oblik.inventory.documents import wording
from oblik.inventory.documents.blocks import Block, Cell, Column, Heading, Paper, Table, Text
from oblik.inventory.documents.issue import Issue, campaign_facts, day_text, signatures
from oblik.inventory.documents.wording import number_text
from oblik.inventory.logic.cases import Key
from oblik.inventory.logic.count import Count, ListReceived
from oblik.inventory.logic.discrepancies import DISCREPANCY_KINDS, POSITION, Discrepancy, Said
from oblik.inventory.logic.figures import OwnerFigures
from oblik.registry.logic.fields import FIELDS

LIST, STATEMENT = 1, 2  # kinds of paper in the numbers; 3 is the protocol, 4 the act
_DASH: Final = "—"


def inventory_list(issue: Issue, *, owner: str) -> Paper:
    """Every camera of the owner's current lists, with the rows that speak of it."""
    count = issue.count
    places = {line.submission: place for place, line in enumerate(_current_lists(count, owner=owner), start=1)}
    lines = _camera_lines(count, owner=owner, places=places)
    columns = [
        Column(_("No."), align="right", nowrap=True),
        Column(_("Camera code"), nowrap=True),
        Column(_("Inventory number"), "26mm"),
        Column(_("Place of installation"), "1.5fr"),
        Column(_("Kind, model"), "1fr"),
        Column(_("Serial number"), "32mm"),
        Column(_("Bearing"), align="right", nowrap=True),
        Column(_("State"), "19mm"),
        Column(_("List · row"), "17mm"),
    ]
    blocks: list[Block] = [
        campaign_facts(issue, owner=owner),
        *_lists_received(count, owner=owner),
        Heading(_("Cameras")),
        Table(columns=columns, rows=lines, empty=_("No camera of this balance holder is in its lists.")),
        Heading(_("Figures")),
        _owner_figures(count, owner=owner),
        signatures(issue, owner=True),
    ]
    titles = _("Inventory list | of video surveillance cameras")
    return issue.paper(LIST, titles=titles, noun="inventory-list", blocks=blocks, owner=owner, landscape=True)


def reconciliation_statement(issue: Issue, *, owner: str) -> Paper:
    """Where the owner's lists and the other sources disagree: surplus, shortage, mismatched fields."""
    count = issue.count
    # The paper goes to the owner: what other organisations' lists say by themselves stays in the workbook of the city.
    mine = [part.for_owner() for part in count.discrepancies if part.owner == owner]
    settled = {_key(part): resolution_text(count, part=part) for part in mine}
    cameras = {
        line["camera"]: count.camera_for(owner, camera=line) for line in count.cameras.iter_rows(named=True)
    }  # fmt: skip
    blocks: list[Block] = [campaign_facts(issue, owner=owner)]
    blocks += _presence(
        [part for part in mine if part.kind == "surplus"],
        cameras=cameras,
        settled=settled,
        title=_("1. Surplus: cameras that other sources place with this balance holder"),
        said=_("Said by"),
        empty=_("No surplus was found."),
    )
    blocks += _presence(
        [part for part in mine if part.kind == "shortage"],
        cameras=cameras,
        settled=settled,
        title=_("2. Shortage: cameras of earlier lists that the current lists lack"),
        said=_("Last found in"),
        empty=_("No shortage was found."),
    )
    blocks += _mismatched([part for part in mine if part.kind == "mismatch"], settled=settled)
    closing = _("In this statement: surplus {surplus}, shortage {shortage}, mismatched fields {mismatch}.")
    blocks += [Text(closing.format(**_counts(mine)), strong=True), signatures(issue, owner=True)]
    titles = _("Reconciliation statement | of the results of the inventory of video surveillance cameras")
    return issue.paper(STATEMENT, titles=titles, noun="reconciliation", blocks=blocks, owner=owner, landscape=True)


def place_text(camera: Mapping[str, object]) -> str:
    """Street and house where both are known, else the address as given, with the site; else the coordinates."""
    street, house, given = (str(camera.get(name) or "") for name in ("street", "house", "address"))
    address = f"{street}, {house}" if street and house else given or street
    text = "; ".join(part for part in (address, str(camera.get("site") or "")) if part)
    if not text and camera.get("lat_deg") is not None and camera.get("lon_deg") is not None:
        text = f"{camera['lat_deg']:.6f}, {camera['lon_deg']:.6f}"
    return text or _DASH


def device_text(camera: Mapping[str, object]) -> str:
    """Kind, maker and model of a camera, as far as known."""
    model = " ".join(str(camera[name]) for name in ("vendor", "model") if camera.get(name))
    kind = wording.word(wording.KINDS, key=str(camera.get("kind") or ""))
    return ", ".join(part for part in (kind, model) if part) or _DASH


def gap_text(part: Discrepancy) -> str:
    """How far two numbers lie apart, with the unit; a dash for texts."""
    if part.gap is None:
        return _DASH
    if part.field == POSITION:
        return wording.measured(round(part.gap), unit="m")
    return wording.measured(part.gap, unit=FIELDS[part.field].unit)


def resolution_text(count: Count, *, part: Discrepancy) -> str:
    """How a discrepancy was settled and what that rests on; "" while it is not, so that a pen finds room."""
    found = count.resolution_of(part)
    if found is None:
        return ""
    return "; ".join(text for text in (wording.word(wording.OUTCOMES, key=found.outcome), found.document) if text)


def _key(part: Discrepancy) -> Key:
    return (part.kind, part.camera, part.field)


def said_lines(values: Sequence[Said], *, field: str) -> list[tuple[str, str]]:
    """Each value in words, with its sources as small print; of others' lists that they say something, not what."""
    return [
        (wording.value_text(field, value=said.value), "; ".join(said.sources))
        if said.sources
        else ("", _("a list of another organisation says otherwise"))
        for said in values
    ]


def _current_lists(count: Count, *, owner: str) -> list[ListReceived]:
    return [line for line in count.lists if line.owner == owner and line.current and line.is_read]


def _lists_received(count: Count, *, owner: str) -> list[Block]:
    current = _current_lists(count, owner=owner)
    rows: list[list[Cell]] = [
        [str(place), line.file, day_text(line.received_on), line.sha256] for place, line in enumerate(current, start=1)
    ]
    columns = [
        Column(_("No."), align="right", nowrap=True),
        Column(_("File"), "1fr"),
        Column(_("Received"), nowrap=True),
        Column("SHA-256", nowrap=True),
    ]
    empty = _("This balance holder has handed in no list that can be read.")
    return [Heading(_("Lists received")), Table(columns=columns, rows=rows, empty=empty)]


def _camera_lines(count: Count, *, owner: str, places: Mapping[int, int]) -> list[list[Cell]]:
    mine = count.rows.filter(
        (pl.col("owner") == owner) & pl.col("category").is_in(("camera", "duplicate")) & pl.col("camera").is_not_null()
    )
    rows = mine.group_by("camera", maintain_order=True).agg("submission", "row").sort("camera")
    known = rows.select("camera", "submission", "row").join(count.cameras, on="camera", how="left")
    lines: list[list[Cell]] = []
    for place, line in enumerate(known.iter_rows(named=True), start=1):
        refs = sorted({(places.get(a, 0), b) for a, b in zip(line["submission"], line["row"], strict=True)})
        camera = count.camera_for(owner, camera=line)
        bearing = camera["bearing_deg"]
        lines.append(
            [
                str(place),
                line["camera"],
                count.own_numbers.get((owner, line["camera"])) or _DASH,
                place_text(camera),
                device_text(camera),
                str(camera["serial"] or _DASH),
                _DASH if bearing is None else f"{bearing:.0f}°",
                wording.word(wording.STATES, key=str(camera["state"] or "")) or _DASH,
                ", ".join(f"{number}·{row}" for number, row in refs),
            ]
        )
    return lines


def _owner_figures(count: Count, *, owner: str) -> Table:
    line = next((line for line in count.figures.owners if line.owner == owner), OwnerFigures(owner=owner))
    named = [
        (_("Rows received"), line.rows),
        (_("Further cameras of rows that stand for several"), line.extra),
        (_("Records received"), line.received),
        (_("Cameras"), line.cameras),
        (_("Duplicates"), line.duplicates),
        (_("Cannot be used"), line.broken),
        (_("Wait for review"), line.waiting),
        (_("Of the cameras, also in another owner's list"), line.shared),
        (_("Not cameras (titles, totals, legends)"), line.not_cameras),
    ]
    columns = [Column(label, "1fr", align="center") for label, _number in named]
    return Table(columns=columns, rows=[[number_text(number) for _label, number in named]], size_pt=9)


def _counts(mine: Sequence[Discrepancy]) -> dict[str, str]:
    return {kind: number_text(sum(part.kind == kind for part in mine)) for kind in DISCREPANCY_KINDS}


def _presence(
    parts: Sequence[Discrepancy], *, cameras: Mapping[str, Mapping[str, object]], settled: Mapping[Key, str],
    title: str, said: str, empty: str,
) -> list[Block]:  # fmt: skip
    """A section of cameras that are there and should not be, or the other way round: how each was settled, or room for
    an explanation."""
    rows: list[list[Cell]] = []
    for place, part in enumerate(parts, start=1):
        camera = cameras.get(part.camera, {})
        sources: Cell = [
            ("; ".join(one.sources) or _("a list of another organisation"), one.value) for one in part.values
        ]  # fmt: skip
        rows.append([str(place), part.camera, place_text(camera), device_text(camera), sources, settled[_key(part)]])
    columns = [
        Column(_("No."), align="right", nowrap=True),
        Column(_("Camera code"), nowrap=True),
        Column(_("Place of installation"), "1.3fr"),
        Column(_("Kind, model"), "1fr"),
        Column(said, "1.5fr"),
        Column(_("Explanation of the balance holder"), "1fr"),
    ]
    return [Heading(title), Table(columns=columns, rows=rows, empty=empty)]


def _mismatched(parts: Sequence[Discrepancy], *, settled: Mapping[Key, str]) -> list[Block]:
    rows: list[list[Cell]] = [
        [
            str(place),
            part.camera,
            wording.word(wording.FIELDS, key=part.field),
            said_lines(part.values, field=part.field),
            gap_text(part),
            settled[_key(part)],
        ]
        for place, part in enumerate(parts, start=1)
    ]
    columns = [
        Column(_("No."), align="right", nowrap=True),
        Column(_("Camera code"), nowrap=True),
        Column(_("Field"), "38mm"),
        Column(_("Values and their sources"), "2.2fr"),
        Column(_("Difference"), align="right", nowrap=True),
        Column(_("Right value"), "1fr"),
    ]
    title = _("3. Mismatched fields: sources differ by more than the tolerance")
    return [Heading(title), Table(columns=columns, rows=rows, empty=_("No mismatched field was found."))]
