"""A mapping file read from disk."""

from pathlib import Path

from oblik.base.errors import InvalidInput, msg
from oblik.intake.logic.mapping import parse_mapping

_LARGEST_BYTES = 1_000_000


def read_mapping(path: Path) -> dict[str, str]:
    """Header -> target as `parse_mapping` gives it; InvalidInput where the file cannot be read or is wrong."""
    try:
        with Path(path).open("rb") as stream:
            text = stream.read(_LARGEST_BYTES).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(
            msg("The mapping file {file} cannot be read: {reason}. Write it as UTF-8 text."),
            code="bad_mapping",
            file=Path(path).name,
            reason=getattr(error, "strerror", None) or "not UTF-8",
        ) from error
    return parse_mapping(text)
