"""Made-up lists of a town that does not exist, as text."""

from pathlib import Path

HEADER = ("№", "Інв. номер", "Адреса", "Широта", "Довгота", "Азимут", "MAC", "Тип")


def mac(number: int) -> str:
    return f"00:1A:2B:{number // 65536:02X}:{number // 256 % 256:02X}:{number % 256:02X}"


def camera_row(number: int, **changed: object) -> dict[str, object]:
    """The n-th camera of the town; every fourth pole carries two."""
    row: dict[str, object] = {
        "№": number + 1,
        "Інв. номер": f"INV-{number:04d}",
        "Адреса": f"вул. Садова, {number + 1}",
        "Широта": round(49.0 + number / 900, 6),
        "Довгота": round(34.0 + number / 700, 6),
        "Азимут": number * 37 % 360,
        "MAC": mac(number),
        "Тип": "купольна" if number % 2 else "стаціонарна",
    }
    return row | changed


def write_csv(path: Path, rows: list[dict[str, object]], *, columns: tuple[str, ...] = HEADER) -> Path:
    """A list as an owner would send it: utf-8, semicolons."""
    lines = [";".join(columns), *(";".join(str(row.get(column, "")) for column in columns) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
