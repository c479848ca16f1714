"""Documents keep in step with the code: every setting, command, format and room has its place in them."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"


def settings_named(text: str) -> set[str]:
    return set(re.findall(r"\bOBLIK_[A-Z0-9_]+\b", text))


def test_every_setting_stands_in_the_reference_and_the_other_way_round():
    in_code = set()
    for path in (ROOT / "src").rglob("*.py"):
        in_code |= settings_named(path.read_text(encoding="utf-8"))
    assert in_code == settings_named((REFERENCE / "settings.md").read_text(encoding="utf-8"))


def test_a_setting_is_recognised():
    assert settings_named('x = os.environ["OBLIK_DATA"]') == {"OBLIK_DATA"}
    assert not settings_named("oblik_data, OBLIK")


@pytest.fixture(scope="module")
def generated() -> dict[Path, str]:
    # In a process of its own: click keeps the options for help of whatever command a test has called by itself.
    code = (
        "import json, runpy; pages = runpy.run_path('tools/reference.py')['pages']();"
        "print(json.dumps({str(path): text for path, text in pages.items()}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return {Path(path): text for path, text in json.loads(done.stdout).items()}


def test_generated_pages_are_in_step(generated):
    stale = [path.name for path, text in generated.items() if not path.exists() or path.read_text("utf-8") != text]
    assert not stale, f"run `make docs`: {stale}"


def test_the_page_of_commands_holds_the_commands_of_the_contract(generated):
    contract = """init;owner add;campaign open;campaign list;campaign show;city load;intake add;intake report;match run;
        match export;match explain;match judge;camera list;camera show;camera history;camera export;inventory act;
        check-data;demo make;demo load;serve"""
    page = generated[REFERENCE / "commands.md"]
    missing = [name for name in map(str.strip, contract.split(";")) if f"\n## oblik {name}\n" not in page]
    assert not missing


def test_every_format_has_a_page_and_every_page_a_format():
    from oblik.intake.formats import FORMATS

    assert {path.stem for path in (REFERENCE / "formats").glob("*.md")} == {known.name for known in FORMATS}


def rooms_described(text: str) -> set[str]:
    """The rooms that ARCHITECTURE.md names, each at the start of a line of its drawing of the floors."""
    return set(re.findall(r"(?m)^([a-z]+)/ {2,}\S", text))


def test_the_architecture_names_every_room_and_no_other():
    rooms = {path.parent.name for path in (ROOT / "src/oblik").glob("*/__init__.py")}
    assert rooms_described((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")) == rooms


def test_a_room_is_recognised():
    assert rooms_described("city/         streets\n  city/ no\nbase/  ids\n") == {"city", "base"}


def links(text: str) -> set[str]:
    """Relative links of a Markdown page, without the part after #."""
    found = re.findall(r"\]\(([^)\s]+)\)", text)
    return {link.partition("#")[0] for link in found if not re.match(r"[a-z]+:|#", link)}


def test_links_between_documents_lead_somewhere():
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{page.relative_to(ROOT)}: {link}"
        for page in pages
        for link in links(page.read_text(encoding="utf-8"))
        if not (page.parent / link).exists()
    ]
    assert not broken


def test_a_link_is_recognised():
    assert links("[a](docs/a.md#x) [b](https://x) [c](#d)") == {"docs/a.md"}
