"""The folded text by which cameras are searched: case, punctuation and look-alike letters do not matter."""

import re
from typing import Final

_LOOKALIKES: Final = str.maketrans("авекмнорстухії'’ʼ`ґё", "abekmhopctyxii    гe")
# What no database keeps as text: NUL, and halves of signs that a broken encoding leaves behind.
_UNKEEPABLE: Final = re.compile("[\x00\ud800-\udfff]")
_GAPS: Final = re.compile(r"[\s\-_.:/\\,;()«»\"№#]+")


def folded(text: str) -> str:
    """Lower case, look-alike Cyrillic letters as Latin, gaps as one space; idempotent, never raises."""
    lowered = text.lower()
    return _GAPS.sub(" ", lowered.translate(_LOOKALIKES).lower()).strip()


def squeezed(text: str) -> str:
    """`folded` without gaps: finds 00:1A:2B by 001a2b."""
    return folded(text).replace(" ", "")


def plain(text: str) -> str:
    """The text without what a database cannot keep: such signs become U+FFFD; idempotent."""
    return _UNKEEPABLE.sub("\ufffd", text)
