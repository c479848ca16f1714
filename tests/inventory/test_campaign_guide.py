"""The guide of a campaign is true: its commands run in their order, on two lists like those it speaks of."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from oblik.config.commands.root import oblik

GUIDE = Path(__file__).parents[2] / "docs/guide/campaign.md"
FILES = {
    "light.csv": """Перелік камер КП «Світло»;;;;;
№;Інв. номер;Адреса;Координати;Азимут;Код точки
1;10480001;вул. Садова, 1;49.0412, 34.3340;на північ;MAC 00:1A:2B:00:00:01
2;10480002;вул. Садова, 9;49.0431, 34.3362;90;MAC 00:1A:2B:00:00:02
3;10480003;пл. Ринкова, 2;49.0450, 34.3391;пд-зх;00:1A:2B:00:00:03
Разом: 3;;;;;
""",
    "police.csv": """Назва;Адреса;Широта;Довгота;MAC-адреса;Висота
Садова 1;Садова вул., буд. 1;49.04121;34.33402;00-1A-2B-00-00-01;6
Ринок;площа Ринкова 2;49.0450;34.3391;001A2B000003;4
Вокзал;вул. Вокзальна, 1;49.0400;34.3300;001A2B000009;5
""",
    "addresses.csv": "kind,street,house,lat,lon\nвулиця,Садова,1,49.0412,34.3340\n",
    "renames.csv": "kind_old,kind_new,old_uk,new_uk,old_ru,new_ru\nвулиця,вулиця,Стара,Садова,Старая,Садовая\n",
}


def commands(text: str) -> list[str]:
    return re.findall(r"^    (oblik .+)$", text, flags=re.MULTILINE)


@pytest.fixture
def desk(django_db_reset_sequences, data_dir, tmp_path, monkeypatch):
    """A folder that holds what the guide names."""
    text = GUIDE.read_text(encoding="utf-8")
    mapping = re.search(r"```toml\n(.*?)```", text, flags=re.DOTALL)
    for name, content in (FILES | {"light.toml": mapping[1]}).items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_commands_of_the_guide_run_as_written(desk):
    said = {}
    for line in commands(GUIDE.read_text(encoding="utf-8")):
        if line == "oblik init":
            continue  # The tables are there already.
        done = CliRunner().invoke(oblik, shlex.split(line)[1:])
        assert done.exit_code == 0, f"{line}\n{done.output}{done.exception}"
        said[line] = done.output
    assert len(said) > 15
    assert (desk / "papers" / "4-act.pdf").read_bytes().startswith(b"%PDF-")
    assert (desk / "register.xlsx").is_file()
    judged = next(text for line, text in said.items() if "different" in line)
    assert "2:3" in judged
    # The answer of the command that the reader copies: the mapping of the guide was taken.
    mapped = next(text for line, text in said.items() if "--mapping" in line)
    assert re.search(r"Код точки.*mac", mapped)
