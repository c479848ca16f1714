"""Sign-in names: what can be one, and which two a reader would take for the same."""

import re
import unicodedata
from typing import Final

from oblik.base.errors import InvalidInput, msg

LONGEST: Final = 60
_NAME: Final = re.compile(r"[^\W_](?:[\w.@+-]*\w)?")
# Letters of other alphabets that look like Latin ones, in lower case. Source: Unicode TR 39, confusables, the part that
# Ukrainian and Russian keyboards type.
_LOOKS: Final = str.maketrans(
    {
        "а": "a", "в": "b", "с": "c", "ԁ": "d", "е": "e", "ё": "e", "һ": "h", "і": "i", "ї": "i", "ј": "j", "к": "k",
        "м": "m", "н": "h", "о": "o", "ө": "o", "р": "p", "ԛ": "q", "ѕ": "s", "т": "t", "у": "y", "ү": "y", "х": "x",
        "ѡ": "w", "ь": "b", "б": "6", "з": "3", "ɡ": "g", "0": "o", "1": "i", "l": "i",
    }
)  # fmt: skip


def sign_in_name(text: str) -> str:
    """The name itself, where it can be one; else InvalidInput.

    Letters of one alphabet, digits, and . _ @ + - between them, at most LONGEST: two alphabets in one name, invisible
    signs and other forms of the same letter are how one name is passed off as another.
    """
    scripts = {unicodedata.name(letter, "?").split()[0] for letter in text if letter.isalpha()}
    same = unicodedata.normalize("NFKC", text) == text and len(text) <= LONGEST
    if not (same and _NAME.fullmatch(text) and len(scripts) <= 1 and scripts <= {"LATIN", "CYRILLIC"}):
        raise InvalidInput(
            msg(
                "“{value}” cannot be a sign-in name: use letters of one alphabet, digits, and . _ @ + - between them, "
                "at most {most}."
            ),
            value="".join(letter if letter.isprintable() else "?" for letter in text[:LONGEST]),
            most=LONGEST,
        )
    return text


def look_of(name: str) -> str:
    """What a name looks like at a glance: equal for two names that a reader would confuse. "" for ""."""
    return name.lower().translate(_LOOKS)
