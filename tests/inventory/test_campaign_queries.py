"""From handed-in lists to figures, discrepancies, documents: the whole room over the real rooms below it."""

import json
from datetime import UTC, date, datetime

import openpyxl
import pytest
from click.testing import CliRunner
from django.db import transaction
from tests.kit.lists import HEADER, camera_row, write_csv

from oblik.base.actors import Actor
from oblik.base.errors import InvalidInput, NotFound, UnreadableFile
from oblik.config.commands.campaign import campaign as campaign_command
from oblik.config.commands.inventory import inventory as inventory_command
from oblik.intake.actions import lists, matching
from oblik.intake.models import Judgement, Record
from oblik.inventory import actions, checks, queries
from oblik.inventory.logic.figures import FiguresError
from oblik.journal.queries import entries_about
from oblik.registry.actions import add_owner

BY = Actor("person", "olena")
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
COLUMNS = (*HEADER, "Балансоутримувач", "Висота")


def camera(number, **changed):
    return {"Балансоутримувач": "КП «Садове світло»", "Висота": "4"} | camera_row(number) | changed


@pytest.fixture(scope="module")
def prepared(django_db_setup, django_db_blocker, tmp_path_factory):
    """The town below, matched once for all tests; each of them works on it inside a savepoint of its own."""
    folder = tmp_path_factory.mktemp("town")
    with django_db_blocker.unblock():
        whole = transaction.atomic()
        whole.__enter__()
        _prepare(folder)
    yield folder
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        whole.__exit__(None, None, None)


@pytest.fixture
def town(prepared, db, tmp_path):
    return tmp_path


def _prepare(folder):
    """KP holds ten cameras; POL lists five of them and five more, with other heights, and says all are KP's."""
    add_owner("KP", name="КП «Садове світло»", kind="enterprise", by=BY, at=AT)
    add_owner("POL", name="Поліція", kind="state", by=BY, at=AT)
    actions.open_campaign("C1", name="Перша", since=date(2026, 3, 1), until=date(2026, 4, 1), by=BY, at=AT)
    actions.add_member("C1", name="О. Коваль", role="chair", by=BY, at=AT)
    ours = [camera(i) for i in range(10)]
    theirs = [camera(i, **{"Інв. номер": f"P-{i}", "Висота": "9"}) for i in range(5, 15)]
    _hand_in(folder / "kp.csv", ours, owner="KP")
    _hand_in(folder / "pol.csv", theirs, owner="POL")
    matching.run_matching("C1", by=BY, at=AT)


def _hand_in(path, rows, *, owner):
    lists.add_list(write_csv(path, rows, columns=COLUMNS), owner=owner, campaign="C1", by=BY, at=AT)


def test_figures_close_and_count_shared_cameras_once(town):
    found = queries.campaign_figures("C1")
    assert [(line.owner, line.rows, line.cameras, line.shared) for line in found.owners] == [
        ("KP", 10, 10, 5),
        ("POL", 10, 10, 5),
    ]
    total = found.total
    assert (total.rows, total.cameras, total.repeats_between, total.difference) == (20, 15, 5, 0)
    assert found.names["KP"] == "КП «Садове світло»"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, 20),
        ({"owner": "KP"}, 10),
        ({"owner": "POL", "category": "camera"}, 10),
        ({"category": "camera", "in_all": True}, 15),
        ({"category": "repeat"}, 5),
        ({"category": "broken"}, 0),
        ({"owner": "NOBODY"}, 0),
    ],
)
def test_each_figure_opens_to_its_rows(town, asked, expected):
    found = queries.rows_of("C1", **asked, per_page=7)
    assert found.total == expected
    assert found.pages == max(1, -(-expected // 7))
    last = queries.rows_of("C1", **asked, per_page=7, page=99)
    assert last.number == found.pages
    every = [
        line for n in range(1, found.pages + 1) for line in queries.rows_of("C1", **asked, per_page=7, page=n).lines
    ]
    assert len({line.record for line in every}) == expected


def test_a_category_that_is_none_is_refused(town):
    with pytest.raises(InvalidInput, match="kameras"):
        queries.rows_of("C1", category="kameras")


def test_what_sources_disagree_on_is_found(town):
    heights = queries.discrepancies("C1", owner="KP", kind="mismatch")
    assert {part.field for part in heights} == {"height_m"}
    assert len(heights) == 5
    assert {said.value: said.sources for said in heights[0].values} == {"4.0": ("kp.csv · 7",), "9.0": ("pol.csv · 2",)}
    assert all(part.gap == 5 for part in heights)


def test_cameras_that_anothers_list_calls_ours_are_a_surplus(town):
    found = queries.discrepancies("C1", kind="surplus")
    assert [part.owner for part in found] == ["KP"] * 5
    held = {line.camera for line in queries.rows_of("C1", owner="KP").lines}
    assert not held & {part.camera for part in found}


def test_a_newer_list_replaces_the_older_and_what_it_lacks_is_a_shortage(town):
    gone = {line.camera for line in queries.rows_of("C1", owner="KP").lines if line.row in (2, 3)}
    _hand_in(town / "kp-2.csv", [camera(i) for i in range(2, 10)], owner="KP")
    matching.run_matching("C1", by=BY, at=AT)
    kp = queries.campaign_figures("C1").owners[0]
    assert (kp.rows, kp.cameras, kp.replaced) == (8, 8, 10)
    assert {part.camera for part in queries.discrepancies("C1", kind="shortage")} == gone


def test_before_any_matching_all_rows_wait(town):
    actions.open_campaign("C2", name="Друга", since=date(2026, 3, 1), until=date(2026, 4, 1), by=BY, at=AT)
    path = write_csv(town / "new.csv", [camera(i) for i in range(3)], columns=COLUMNS)
    lists.add_list(path, owner="KP", campaign="C2", by=BY, at=AT)
    total = queries.campaign_figures("C2").total
    assert (total.rows, total.waiting, total.cameras) == (3, 3, 0)


def test_an_empty_campaign_has_figures_and_documents(town):
    actions.open_campaign("C2", name="Друга", since=date(2026, 3, 1), until=date(2026, 4, 1), by=BY, at=AT)
    assert queries.campaign_figures("C2").total.rows == 0
    written = actions.write_documents("C2", directory=town / "empty", by=BY, at=AT)
    assert [path.name for path in written] == ["3-protocol.pdf", "4-act.pdf", "5-workbook.xlsx"]


def test_a_file_that_cannot_be_read_is_told_and_counts_nothing(town):
    (town / "bad.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    with pytest.raises(UnreadableFile):
        lists.add_list(town / "bad.xlsx", owner="POL", campaign="C1", by=BY, at=AT)
    found = queries.campaign_figures("C1")
    assert found.total.rows == 20
    assert [line.file for line in found.lists if not line.is_read] == ["bad.xlsx"]


def test_documents_are_written_whole_journalled_and_listed(town, data_dir):
    folder = queries.documents_folder("C1", language="uk")
    assert queries.documents("C1") == []
    written = actions.write_documents("C1", directory=folder, by=BY, at=AT)
    assert sorted(path.name for path in folder.iterdir()) == sorted(path.name for path in written)
    assert [(line.kind, line.owner) for line in queries.documents("C1")] == [
        ("inventory-list", "KP"),
        ("inventory-list", "POL"),
        ("reconciliation", "KP"),
        ("reconciliation", "POL"),
        ("protocol", ""),
        ("act", ""),
        ("workbook", ""),
    ]
    entry = entries_about("inventory:C1")[-1]
    assert entry.what == "documents_printed" and len(entry.details["documents"]) == 7
    assert openpyxl.load_workbook(written[-1]).properties.subject == "C1"


def test_the_same_data_are_printed_as_the_same_bytes(town):
    first = [path.read_bytes() for path in actions.write_documents("C1", directory=town / "a", by=BY, at=AT)]
    second = [path.read_bytes() for path in actions.write_documents("C1", directory=town / "b", by=BY, at=AT)]
    assert first == second


def test_a_language_that_is_none_of_ours_is_refused(town):
    with pytest.raises(InvalidInput, match="fr"):
        actions.write_documents("C1", directory=town / "fr", language="fr", by=BY, at=AT)
    assert not (town / "fr").exists()


def test_unknown_campaigns_are_named(town):
    for ask in (queries.campaign, queries.campaign_figures, queries.require_open, queries.rows_of, queries.documents):
        with pytest.raises(NotFound, match="C9"):
            ask("C9")


def run(command, *words):
    done = CliRunner().invoke(command, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_the_command_line_opens_lists_and_shows_campaigns(town):
    run(campaign_command, "open", "C2", "--name", "Друга", "--from", "2026-05-01", "--until", "2026-06-01")
    run(campaign_command, "member", "C2", "--name", "О. Коваль", "--role", "chair")
    newest, first = json.loads(run(campaign_command, "list", "--json"))
    assert (newest["code"], newest["since"], newest["state"], newest["rows"]) == ("C2", "2026-05-01", "open", 0)
    assert (first["submissions"], first["rows"], first["cameras"]) == (2, 20, 15)
    shown = json.loads(run(campaign_command, "show", "C1", "--json"))
    assert shown["total"]["cameras"] == 15 and shown["owners"][0]["received"] == 10
    assert "5 repeats between lists" in run(campaign_command, "show", "C1")
    assert "Друга" in run(campaign_command, "list")


def test_the_command_line_prints_documents(town):
    words = ("act", "--campaign", "C1", "--output", str(town / "out"), "--language", "en", "--json")
    written = json.loads(run(inventory_command, *words))
    assert len(written) == 7 and all(one["size_bytes"] > 5_000 for one in written)


def test_a_row_lost_between_reading_and_counting_is_found(town):
    assert list(checks.broken()) == []
    lost = Record.objects.get(pk=queries.rows_of("C1", owner="KP").lines[0].record)
    Judgement.objects.filter(record=lost).delete()
    lost.delete()
    (found,) = checks.broken()
    assert (found.rule, found.subject) == ("figures_close", "inventory:C1")
    assert "KP: +1" in found.said
    with pytest.raises(FiguresError):
        actions.write_documents("C1", directory=town / "never", by=BY, at=AT)
    assert not (town / "never").exists()
