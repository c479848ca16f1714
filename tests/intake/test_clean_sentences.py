"""Every problem has a sentence and a remedy, and every code that the logic names is a known problem."""

import re
from pathlib import Path

import pytest
from django.utils.translation import override

import oblik.intake.logic
from oblik.intake.logic.problems import PROBLEMS
from oblik.intake.sentences import FIELD_LABELS, SENTENCES, problem_text
from oblik.registry.logic.fields import FIELDS

LOGIC = Path(next(iter(oblik.intake.logic.__path__)))
CLEANING = [
    *LOGIC.glob("values/*.py"),
    *(LOGIC / f"{name}.py" for name in ("cleaning", "drafts", "parts", "places", "situating")),
]


def test_every_problem_has_a_sentence_and_a_remedy():
    assert set(SENTENCES) == set(PROBLEMS)


@pytest.mark.parametrize("code", sorted(PROBLEMS))
def test_a_sentence_can_be_filled_and_names_the_cell_or_the_row(code):
    with override("en"):
        sentence, remedy = problem_text(code, column="Азимут", value="720", field="bearing_deg")
    assert remedy
    assert "{" not in sentence + remedy
    assert PROBLEMS[code] == "broken" or "Азимут" in sentence + remedy or "720" in sentence


def test_every_field_has_a_label():
    assert set(FIELDS) <= set(FIELD_LABELS)


def test_every_code_named_by_the_cleaning_is_a_known_problem():
    named = set()
    for path in CLEANING:
        text = path.read_text(encoding="utf-8")
        named |= set(re.findall(r'(?:None|value|code|size|clean|hidden|mended|first|found), "([a-z]+_[a-z_]+)"', text))
        named |= set(re.findall(r'note\([^"\n]*"([a-z]+_[a-z_]+)"', text))
        named |= set(re.findall(r'code="([a-z]+_[a-z_]+)"', text))
    assert named - set(PROBLEMS) <= {"street_key", "street_part"}
    assert len(named) > 30
