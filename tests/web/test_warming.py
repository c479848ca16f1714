"""What the first visitor would wait for is made when the program begins to serve."""

import pytest
from tests.kit import organisations

from oblik.inventory import counting
from oblik.web.desk import tiles, warming


@pytest.fixture
def town(transactional_db, data_dir, tmp_path) -> organisations.Organisations:
    made = organisations.build(tmp_path)
    counting._kept.clear()
    return made


def test_the_newest_open_campaign_is_counted_and_the_map_is_drawn(town, monkeypatch):
    monkeypatch.setattr(tiles, "_newest", None)
    warming.begin_warming().join()
    assert tiles._newest is not None
    (counted,) = counting._kept.values()
    assert counted.code == "C2"
    assert {"_figures", "_matters"} <= set(vars(counted))
    assert counting.counted("C2") is counted


def test_what_fails_is_left_to_the_page(town, monkeypatch):
    monkeypatch.setattr(warming, "snapshot", _broken)
    warming.begin_warming().join()
    assert not counting._kept


def _broken():
    raise OSError("the disk is gone")
