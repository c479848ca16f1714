"""The table of decisions at the console: its columns are a contract, and no cell of it is a formula."""

import csv
from datetime import date

import pytest

from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.config.commands import match as commands
from oblik.intake.actions import lists, matching
from oblik.inventory import actions as inventory
from oblik.registry import actions as registry

BY = Actor("console", "test")
LIST = "Інв. номер;Адреса;Широта;Довгота\nA-1;вул. Нова, 1;49.5;34.5\nA-2;вул. Нова, 2;49.6;34.6\n"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["=HYPERLINK(1).csv", "+1.csv", "-1.csv", "@SUM(1).csv", "＝1.csv", "plain.csv"])
def test_no_file_name_becomes_a_formula_in_the_table_of_decisions(tmp_path, data_dir, name):
    registry.add_owner("KP", name="КП", kind="enterprise", by=BY, at=now())
    inventory.open_campaign("C1", name="Перша", since=date(2025, 3, 1), until=date(2025, 6, 1), by=BY, at=now())
    path = tmp_path / name
    path.write_text(LIST, encoding="utf-8")
    lists.add_list(path, owner="KP", campaign="C1", by=BY, at=now())
    matching.run_matching("C1", by=BY, at=now())
    table = tmp_path / "out" / "decisions.csv"
    commands.export.callback(campaign="C1", output=table)
    with table.open(encoding="utf-8", newline="") as stream:
        head, *rows = csv.reader(stream)
    assert head == ["submission", "file", "sheet", "row", "camera", "decision", "probability"]
    assert [row[5] for row in rows] == ["not_a_camera", "new", "new"]
    assert {row[1] for row in rows} == {name if name == "plain.csv" else f"'{name}"}
    assert all(row[0].isdigit() and row[3].isdigit() for row in rows)
