"""The folded text by which cameras are searched: case, punctuation and look-alike letters do not matter."""

import re
from typing import Final

_LOOKALIKES: Final = str.maketrans("авекмнорстухії'’ʼ`ґё", "abekmhopctyxii    ге")
_GAPS: Final = re.compile(r"[\s\-_.:/\\,;()«»\"№#]+")


def folded(text: str) -> str:
    """Lower case, look-alike Cyrillic letters as Latin, gaps as one space; idempotent, never raises."""
    lowered = text.lower()
    return _GAPS.sub(" ", lowered.translate(_LOOKALIKES).lower()).strip()


def squeezed(text: str) -> str:
    """`folded` without gaps: finds 00:1A:2B by 001a2b."""
    return folded(text).replace(" ", "")
