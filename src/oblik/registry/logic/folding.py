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


def place_mark(street_key: str, house: str = "") -> str:
    """What stands in a searched text for the key of a street and a house on it; "" for no street.

    Without a house it is found in the mark of every house of the street. No word that people type looks like it.
    """
    if not street_key:
        return ""
    return f"¦{street_key}¦{house.lower()}¦" if house else f"¦{street_key}¦"


def needles(text: str) -> list[tuple[str, ...]] | None:
    """What to look for in searched texts: every tuple must be met, by any of its forms; None where nothing can be.

    As words, or without gaps: 00:1A:2B is written 001A2B in one list and 00-1A-2B in another. The longest first: it is
    met by the fewest. An empty text needs nothing; one of punctuation alone means nothing that a camera has.
    """
    words = [word for word in plain(text).split() if squeezed(word)]
    if text.strip() and not words:
        return None
    forms = {tuple(dict.fromkeys((folded(word), squeezed(word)))) for word in words}
    return sorted(forms, key=lambda form: (-len(form[0]), form))


def plain(text: str) -> str:
    """The text without what a database cannot keep: such signs become U+FFFD; idempotent."""
    return _UNKEEPABLE.sub("\ufffd", text)


def spans(text: str, words: str) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether some word of `words` is met there; the pieces together are the text.

    Case and look-alike letters do not matter. No words give one piece; an empty text gives none.
    """
    # Letter by letter, so that places in the folded text are places in the text.
    alike = "".join(letter.lower().translate(_LOOKALIKES).lower()[:1] or " " for letter in text)
    met = [False] * len(text)
    for word in {folded(word) for word in plain(words).split()} - {""}:
        at = alike.find(word)
        while at >= 0:
            met[at : at + len(word)] = [True] * len(word)
            at = alike.find(word, at + len(word))
    pieces: list[tuple[str, bool]] = []
    for letter, hit in zip(text, met, strict=True):
        if pieces and pieces[-1][1] == hit:
            pieces[-1] = (pieces[-1][0] + letter, hit)
        else:
            pieces.append((letter, hit))
    return pieces
