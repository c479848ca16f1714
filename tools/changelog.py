"""Moves the fragments of changelog.d into CHANGELOG.md, under the version that pyproject.toml names."""

import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KINDS = {"added": "Added", "changed": "Changed", "fixed": "Fixed", "removed": "Removed"}


def section(fragments: dict[str, list[str]], *, version: str, day: str) -> str:
    """One version's part of the changelog; fragments: kind -> texts."""
    parts = [f"## {version} ({day})"]
    for kind, title in KINDS.items():
        items = [f"- {text.strip().replace(chr(10), chr(10) + '  ')}" for text in fragments.get(kind, [])]
        if items:
            parts.append(f"### {title}\n\n" + "\n".join(items))
    return "\n\n".join(parts) + "\n"


def main() -> int:
    """0 when moved, 1 where there is nothing to move or a fragment's kind is unknown."""
    files = sorted(path for path in (ROOT / "changelog.d").glob("*.md") if path.name != "README.md")
    unknown = [path.name for path in files if path.suffixes[-2:-1] not in ([f".{kind}"] for kind in KINDS)]
    if unknown or not files:
        print(f"unknown kind: {unknown}" if unknown else "changelog.d holds no fragment", file=sys.stderr)
        return 1
    fragments: dict[str, list[str]] = {}
    for path in files:
        fragments.setdefault(path.suffixes[-2][1:], []).append(path.read_text(encoding="utf-8"))
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    changelog = ROOT / "CHANGELOG.md"
    head, mark, older = changelog.read_text(encoding="utf-8").partition("\n## ")
    new = section(fragments, version=version, day=datetime.now(UTC).date().isoformat())
    changelog.write_text(f"{head.rstrip()}\n\n{new}{mark}{older}", encoding="utf-8")
    for path in files:
        path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
