"""A proof convinces somebody who has nothing of ours but the ten lines in the document and the public key."""

import copy
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from oblik.base.errors import NotFound
from oblik.journal import checkpoints
from oblik.journal.logic.canonical import part_hash
from oblik.journal.logic.merkle import climbed
from oblik.journal.proofs import proof_of

pytestmark = pytest.mark.django_db
DOCUMENT = Path(__file__).resolve().parents[2] / "docs/reference/journal.md"


def script():
    """The script as it stands in the document."""
    (found,) = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    assert len([line for line in found.splitlines() if line]) == 10
    assert "oblik" not in found
    return found


@pytest.fixture
def convinced(tmp_path):
    """Runs the document's script in a process of its own, without our packages in reach."""
    (tmp_path / "verify.py").write_text(script(), encoding="utf-8")

    def run(proof, key):
        path = tmp_path / "proof.json"
        path.write_text(json.dumps(proof, ensure_ascii=False), encoding="utf-8")
        command = [sys.executable, str(tmp_path / "verify.py"), str(path), key]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)

    return run


@pytest.mark.slow
def test_the_ten_lines_accept_the_proof_and_nothing_else(journal, convinced):
    key, proof = checkpoints.public_key(), proof_of(17)
    done = convinced(proof, key)
    assert (done.returncode, "список 17.csv" in done.stdout) == (0, True), done.stderr
    forgeries = {}
    for name, value in (("why", "тихо"), ("by", "person:x"), ("number", 18), ("recorded_at", "2020"), ("previous", "")):
        forgeries[name] = copy.deepcopy(proof)
        forgeries[name]["entry"][name] = value
    forgeries["path"] = copy.deepcopy(proof)
    forgeries["path"]["path"][2][1] = "00" * 32
    forgeries["root"] = copy.deepcopy(proof)
    forgeries["root"]["checkpoint"]["root"] = proof["leaf"]
    forgeries["root"]["path"] = []
    for name, forged in forgeries.items():
        assert convinced(forged, key).returncode != 0, name
    assert convinced(proof, "11" * 32).returncode != 0


def test_every_entry_and_part_can_be_proved_and_the_path_is_short(journal):
    for number in range(1, 41):
        proof = proof_of(number)
        path = [tuple(step) for step in proof["path"]]
        assert climbed(bytes.fromhex(proof["leaf"]), path=path).hex() == proof["checkpoint"]["root"]
        assert len(path) <= 6
    for place in range(7):
        part = proof_of(7, part=place)["part"]
        assert part["part"] == {"subject": f"camera:KHA-{place}", "details": f'{{"height_m":{place}}}'}
        path = [tuple(step) for step in part["path"]]
        leaf = part_hash(part["part"]["subject"], details=part["part"]["details"])
        assert climbed(leaf, path=path).hex() == proof_of(7)["entry"]["parts_root"]


def test_what_no_checkpoint_covers_yet_is_signed_first(journal, one_more):
    one_more()
    assert proof_of(41)["checkpoint"]["number"] == 41


@pytest.mark.parametrize(("number", "part"), [(0, None), (99, None), (7, 7), (7, -1), (8, 0)])
def test_what_is_not_there_cannot_be_proved(journal, number, part):
    with pytest.raises(NotFound):
        proof_of(number, part=part)
