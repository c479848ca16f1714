"""The papers of a count: what they say, how they are set, that nothing in a list becomes markup."""

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation

from oblik.inventory.documents import city_papers, owner_papers, wording
from oblik.inventory.documents.blocks import Heading, Paper, Signatures, Table, Text
from oblik.inventory.documents.issue import Issue, issue_of
from oblik.inventory.documents.typesetting import pdf_of
from oblik.inventory.logic.count import fingerprint
from oblik.inventory.logic.discrepancies import COMPARED
from oblik.inventory.logic.figures import figures_of
from oblik.registry.logic import fields

DAY = date(2026, 5, 4)


def english(count) -> Issue:
    return issue_of(count, language="en", issued_on=DAY)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def all_papers(issue: Issue) -> list[Paper]:
    owners = issue.count.owner_codes()
    return [
        *(owner_papers.inventory_list(issue, owner=owner) for owner in owners),
        *(owner_papers.reconciliation_statement(issue, owner=owner) for owner in owners),
        city_papers.protocol(issue),
        city_papers.act(issue),
    ]


def tables(paper: Paper) -> list[Table]:
    return [block for block in paper.blocks if isinstance(block, Table)]


def words(pdf: bytes, tmp_path: Path) -> list[str]:
    """The text of each page."""
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler-utils) is not installed: the pages cannot be read back")
    (tmp_path / "x.pdf").write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-layout", tmp_path / "x.pdf", "-"], capture_output=True, check=True, text=True)
    return done.stdout.split("\f")[:-1]


def test_each_camera_of_an_owner_stands_once_in_its_list(a_count):
    count = a_count()
    owner = count.owner_codes()[0]
    (cameras,) = (
        table
        for table in tables(owner_papers.inventory_list(english(count), owner=owner))
        if len(table.columns) == 9 and table.size_pt == 8
    )
    codes = [row[1] for row in cameras.rows]
    line = next(line for line in count.figures.owners if line.owner == owner)
    assert len(codes) == len(set(codes)) >= line.cameras
    assert [row[0] for row in cameras.rows] == [str(number) for number in range(1, len(codes) + 1)]


def test_the_acts_table_closes_to_the_last_record(a_count):
    count = a_count()
    table = next(table for table in tables(city_papers.act(english(count))) if table.columns[1].head == "Rows received")
    assert len(table.rows) == len(count.figures.owners)
    for line in (*table.rows, table.foot[0], table.foot[2]):
        rows, extra, received, *parts = (int(cell.replace("\u202f", "")) for cell in line[1:])
        assert rows + extra == received == sum(parts)


def test_statement_tells_every_discrepancy_of_its_owner(a_count):
    count = a_count()
    assert {part.kind for part in count.discrepancies} == {"surplus", "shortage", "mismatch"}
    for owner in count.owner_codes():
        told = sum(
            len(table.rows) for table in tables(owner_papers.reconciliation_statement(english(count), owner=owner))
        )
        assert told == sum(part.owner == owner for part in count.discrepancies)


def test_without_a_commission_there_are_blank_lines_to_sign(a_count):
    (signed,) = (
        block for block in city_papers.act(english(a_count(members=()))).blocks if isinstance(block, Signatures)
    )
    assert [role for role, _post, _name in signed.lines].count("Member of the commission") == 3
    assert all(name == "" for _role, _post, name in signed.lines)


def test_the_commission_signs_in_its_order(a_count):
    (signed,) = (block for block in city_papers.act(english(a_count())).blocks if isinstance(block, Signatures))
    assert [name for _role, _post, name in signed.lines] == [
        "О. П. Коваль",
        "І. І. Бондар",
        "Т. Г. Шевчук",
        "М. Д. Лисенко",
    ]


def test_numbers_and_file_names_are_the_same_in_all_languages(a_count):
    count = a_count()
    named = []
    for language in ("uk", "en", "ru"):
        with translation.override(language):
            named.append([paper.file_name for paper in all_papers(issue_of(count, language=language, issued_on=DAY))])
    assert named[0] == named[1] == named[2]
    assert len(set(named[0])) == len(named[0])
    assert named[0][0] == "1-inventory-list-01-DEPT-TR.pdf"


@pytest.mark.parametrize("language", ["uk", "en", "ru"])
def test_words_that_formulas_count_by_are_distinct(language):
    with translation.override(language):
        for table in (wording.CATEGORIES, wording.RECEIVED_AS, wording.DISCREPANCIES):
            assert len({str(word).casefold() for word in table.values()}) == len(table)


def test_every_compared_field_and_every_choice_has_a_word():
    assert set(COMPARED) <= set(wording.FIELDS)
    assert set(fields.KINDS) == set(wording.KINDS)
    assert set(fields.STATES) == set(wording.STATES)
    assert set(fields.MOUNTS) == set(wording.MOUNTS)
    assert set(fields.SURVEILLANCE) == set(wording.SURVEILLANCE)
    assert {fields.FIELDS[name].unit for name in COMPARED} - {""} <= set(wording.UNITS)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [("bearing_deg", "95.0", "95°"), ("height_m", "4.5", "4,5\u00a0м"), ("width_px", "1920", "1\u202f920\u00a0пікс."),
     ("audio", "true", "так"), ("serial", "00-1", "00-1"), ("height_m", "~4", "~4")],
)  # fmt: skip
def test_values_are_said_as_ukrainian_documents_say_them(field, value, said):
    with translation.override("uk"):
        assert wording.value_text(field, value=value) == said


def test_the_same_data_give_the_same_bytes(a_count):
    first, second = (all_papers(english(a_count(cameras=12, owners=2)))[-1] for _ in range(2))
    assert pdf_of(first) == pdf_of(second)


def test_the_fingerprint_follows_the_data(a_count):
    count = a_count()
    assert fingerprint(count) == fingerprint(a_count())
    assert fingerprint(count) != fingerprint(a_count(seed=8))
    assert fingerprint(count) != fingerprint(replace(count, campaign=replace(count.campaign, name="Інша")))


def test_a_long_list_repeats_its_header_and_numbers_its_pages(a_count, tmp_path):
    count = a_count(cameras=400, owners=2)
    issue = english(count)
    pages = words(pdf_of(owner_papers.inventory_list(issue, owner=count.owner_codes()[0])), tmp_path)
    assert len(pages) > 4
    for number, page in enumerate(pages, start=1):
        assert f"page {number} of {len(pages)}" in page
        assert issue.sha256 in page
    assert sum("Camera code" in page for page in pages) >= len(pages) - 1


@pytest.mark.parametrize("text", ['#panic("x")', "$x$", "*x* _y_ `z`", "\\", "[]{}<a>@b", "= x", "// x", "\x00\x07"])
def test_what_lists_say_never_becomes_markup(a_count, tmp_path, text):
    paper = all_papers(english(a_count(cameras=4, owners=1)))[-1]
    pdf = pdf_of(
        replace(
            paper, blocks=[Heading(text), Text(text), Table(tables(paper)[0].columns[:1], [[text], [[(text, text)]]])]
        )
    )
    page = "".join(words(pdf, tmp_path)[0].split())
    assert page.count(re.sub(r"[\s\x00-\x1f]", "", text)) >= 3


def test_a_word_longer_than_its_column_is_set_all_the_same(a_count, tmp_path):
    paper = all_papers(english(a_count(cameras=4, owners=1)))[0]
    table = next(table for table in tables(paper) if len(table.columns) == 9)
    row = ["1", "K-1", "9" * 80, "x" * 300, "м" * 90, "8" * 60, "—", "стан", "1·2"]
    (page,) = words(pdf_of(replace(paper, blocks=[replace(table, rows=[row])])), tmp_path)
    assert page.count("8") >= 60


def test_empty_papers_say_so(a_count):
    count = a_count(cameras=4, owners=1)
    rows = count.rows.clear()
    empty = replace(count, lists=(), discrepancies=(), rows=rows, figures=figures_of(rows))
    text = " ".join(table.empty for table in tables(city_papers.act(english(empty))) if not table.rows)
    assert "No list has been received." in text
    assert pdf_of(city_papers.act(english(empty))).startswith(b"%PDF")
