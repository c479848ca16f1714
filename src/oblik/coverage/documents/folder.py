"""The whole report in a folder: PDF in three languages, layers, a workbook and CSV tables."""

from datetime import date
from pathlib import Path

from django.utils.translation import get_language, override

from oblik.coverage.documents import maps
from oblik.coverage.documents.layers import write_layers
from oblik.coverage.documents.report import LANGUAGES, pdf_of
from oblik.coverage.documents.tables import Owners, csv_of, sheets, workbook_of
from oblik.coverage.sums import Surveyed


def write_report(folder: Path, *, survey: Surveyed, owners: Owners, issued_on: date) -> list[Path]:
    """Writes report.pdf in the active language and report-<language>.pdf in the two others, coverage.gpkg, the maps as
    SVG, tables.xlsx and a CSV for each table; the files, in the order written."""
    folder.mkdir(parents=True, exist_ok=True)
    own = get_language() or "uk"
    written = []
    for language in sorted(LANGUAGES, key=lambda one: one != own):
        path = folder / ("report.pdf" if language == own else f"report-{language}.pdf")
        path.write_bytes(pdf_of(survey, owners=owners, language=language, issued_on=issued_on))
        written.append(path)
    written.append(folder / "coverage.gpkg")
    write_layers(written[-1], survey=survey)
    drawn = {
        "coverage": maps.coverage_map(survey.id), "overlap": maps.overlap_map(survey.id),
        "blind-spots": maps.blind_map(survey.id, spots=survey.totals.blind),
    }  # fmt: skip
    for name, svg in drawn.items():
        written.append(folder / f"map-{name}.svg")
        written[-1].write_text(svg, encoding="utf-8")
    with override(own):
        found = sheets(survey.totals, owners=owners)
    written.append(folder / "tables.xlsx")
    written[-1].write_bytes(workbook_of(found))
    for sheet in found:
        written.append(folder / f"{sheet.name}.csv")
        written[-1].write_bytes(csv_of(sheet))
    return written
