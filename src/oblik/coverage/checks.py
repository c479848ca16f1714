"""The footprints' own invariants, looked at one by one."""

from collections.abc import Iterator

from django.db.models import F, Window
from django.db.models.functions import Lead

from oblik.base.errors import InvalidInput
from oblik.base.findings import Broken
from oblik.coverage.logic.packing import unpacked
from oblik.coverage.logic.touched import filing_cells
from oblik.coverage.models import Cell, Footprint, Mark
from oblik.registry import versions

RULES = ("footprint_times", "footprint_shape", "footprint_cells", "coverage_mark")
_PIECE = 2_000


def broken() -> Iterator[Broken]:
    """Everything that does not hold of the footprints; nothing where all is well. What only waits for
    `oblik coverage update` is not broken: answers say what they were computed from."""
    yield from _times()
    yield from _shapes()
    mark = Mark.objects.order_by("id").first()
    newest = versions.newest_version()
    if mark is not None and mark.version > newest:
        yield Broken("coverage_mark", "coverage", f"followed up to version {mark.version}, the newest is {newest}")


def _times() -> Iterator[Broken]:
    following = Window(Lead("since_at"), partition_by=[F("camera_id")], order_by=[F("since_at")])
    rows = Footprint.objects.annotate(following=following).values_list("code", "since_at", "until_at", "following")
    for code, since, until, after in rows.iterator(chunk_size=20_000):
        if after is not None and (until is None or until > after):
            yield Broken("footprint_times", code, f"its footprint of {since:%Y-%m-%d %H:%M} runs into the next one")


def _shapes() -> Iterator[Broken]:
    last = 0
    while True:
        rows = list(
            Footprint.objects.filter(id__gt=last)
            .order_by("id")
            .values_list("id", "code", "lon_deg", "lat_deg", "shape")[:_PIECE]
        )
        if not rows:
            return
        last = rows[-1][0]
        filed: dict[int, set[int]] = {}
        for footprint, cell in Cell.objects.filter(footprint_id__gte=rows[0][0], footprint_id__lte=last).values_list(
            "footprint_id", "cell"
        ):
            filed.setdefault(footprint, set()).add(cell)
        for number, code, lon, lat, shape in rows:
            yield from _shape(code, bytes(shape), lon, lat, filed.get(number, set()))


def _shape(code: str, shape: bytes, lon: float | None, lat: float | None, filed: set[int]) -> Iterator[Broken]:
    wanted: set[int] = set()
    if shape:
        try:
            seen = unpacked(shape)
        except InvalidInput as wrong:
            yield Broken("footprint_shape", code, str(wrong))
            return
        if lon is None or lat is None:
            yield Broken("footprint_shape", code, "has a footprint and no place")
            return
        wanted = set(filing_cells(seen, lon_deg=lon, lat_deg=lat).tolist())
    if wanted != filed:
        yield Broken("footprint_cells", code, "is not filed under the cells that its footprint touches")
