"""How an owner is named in the name of a file: so that no two owners are named alike."""

import hashlib
import re
from typing import Final

_OTHER: Final = re.compile(r"[^A-Za-z0-9_-]+")


def owner_part(code: str) -> str:
    """The code where a file system minds none of its letters; else what is left of it, a tilde and eight digits of its
    SHA-256, by which "A.B" is told from "A_B" and Ukrainian codes from each other.
    """
    plain = _OTHER.sub("_", code)
    return plain if plain == code else f"{plain}~{hashlib.sha256(code.encode()).hexdigest()[:8]}"
