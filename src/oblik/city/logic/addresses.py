"""What an address says: kind and name of the street, house, corner, settlement; Ukrainian, Russian or Latin."""

import re
from typing import Final, NamedTuple

from oblik.city.logic.names import house_key, kind_of, name_gender, one_script, street_fold, street_key
from oblik.city.logic.reading import Reader
from oblik.city.logic.words import NAME_KINDS


class ParsedAddress(NamedTuple):
    """An address taken apart.

    kind: Ukrainian word or "" where the text names none; name as written; house as `house_key`; corner_of: the second
    street of a corner as "вулиця Пушкінська"; opposite: the place is beside or across from the house, not at it;
    key: "kind|fold" of the street, "" where no street was found; folded: the name's skeleton; gender of the name ("" if
    its ending does not show it); sure: False where the abbreviation of the kind stands for several kinds ("пр.");
    latin: the whole text has no Cyrillic letter.
    """

    kind: str = ""
    name: str = ""
    house: str = ""
    corner_of: str = ""
    opposite: bool = False
    settlement: str = ""
    key: str = ""
    folded: str = ""
    district: str = ""
    corner_key: str = ""
    gender: str = ""
    sure: bool = True
    latin: bool = False

    def text(self) -> str:
        """The address in normal form; `parse_address` reads it back to the same street, house and corner."""
        street = f"{self.kind} {self.name}".strip()
        place = ("навпроти буд. " if self.opposite else "") + self.house if self.house else ""
        town = f"м. {self.settlement}" if self.settlement else ""
        whole = ", ".join(part for part in (town, street, place) if part)
        return f"{whole} / {self.corner_of}" if self.corner_of else whole


_MARKS: Final = str.maketrans(
    {**dict.fromkeys("’ʼ`´ʹ′‘ʻ", "'"), **dict.fromkeys("–—‑−―", "-"), **dict.fromkeys('«»“”„"\u00a0\t\n\r_*', " ")}
    | {"\\": "/", "|": ",", ":": " "}
)
_BRACKETS: Final = re.compile(r"\([^()]*\)?|\[[^\]]*\]?")
_SLASHED: Final = re.compile(r"(?i)\b([жабвп])/([мндз])\b")
_TOKENS: Final = re.compile(
    r"\d+(?:-?[^\W\d_]{1,7}\d*(?![^\W_']))?(?:[/-]\d+(?:[^\W\d_](?![^\W\d_]))?|/[^\W\d_](?![^\W\d_]))*"
    r"|[^\W\d_]+(?:['-][^\W\d_]+|-\d+(?![^\W_]))*\.?|[,;/№#&+-]"
)
_CYRILLIC: Final = re.compile("[а-яіїєґё]", re.IGNORECASE)


def parse_address(text: str) -> ParsedAddress:
    """The address taken apart; an empty ParsedAddress for a text without words. Never raises.

    Understands kinds before and after the name, house parts (корп., літ., ranges, fractions), corners ("ріг А та Б",
    "А / Б"), "навпроти буд. 5", postcodes, settlements, districts, flats and entrances (dropped), brackets (dropped).
    """
    marked = one_script(text.translate(_MARKS)).replace("''", "'")
    if "(" in marked or "[" in marked:
        marked = _BRACKETS.sub(" ", marked)
    if "/" in marked:
        marked = _SLASHED.sub(r"\1\2", marked)
    reader = Reader(_TOKENS.findall(marked))
    reader.read()
    return _taken_apart(reader, latin=not _CYRILLIC.search(marked))


def _taken_apart(read: Reader, *, latin: bool) -> ParsedAddress:
    street = read.streets[0]
    if not street.words and street.kind in NAME_KINDS and street.raw:
        street.words, street.kind = [street.raw], ""
    if not street.words and read.district:
        street.kind, street.words = "район", [read.district]
    if not street.words and not street.kind and read.settlement and read.house:
        street.words, read.settlement = [read.settlement], ""
    name = _joined(street.words)
    if not street_fold(name):
        return ParsedAddress(
            house=house_key(read.house),
            opposite=read.opposite,
            settlement=read.settlement,
            district=read.district,
            latin=latin,
        )
    other = read.streets[1] if len(read.streets) > 1 and read.streets[1].words else None
    corner = f"{other.kind or read.plural_kind} {_joined(other.words)}".strip() if other else ""
    kind = street.kind or read.plural_kind
    return ParsedAddress(
        kind=kind,
        name=name,
        house=house_key(read.house),
        corner_of=corner,
        opposite=read.opposite,
        settlement=read.settlement,
        key=street_key(kind, name),
        folded=street_fold(name),
        district=read.district,
        corner_key=street_key(other.kind or read.plural_kind, _joined(other.words)) if other else "",
        gender=name_gender(name) if not kind else "",
        sure=street.sure,
        latin=latin,
    )


def _joined(words: list[str]) -> str:
    return " ".join(word if len(word) == 2 else word.rstrip(".") for word in words)


def split_kind(kind: str, street: str) -> tuple[str, str]:
    """Kind and name of a street from two cells, where the kind may stand inside the name ("", "вул.Базарна").

    The kind is "" where neither cell names one; the name keeps its own words ("Тихий-1").
    """
    found = kind_of(kind)
    if found:
        first, _, rest = street.partition(" ")
        repeated = rest and kind_of(first) == found and first.lower() not in NAME_KINDS
        return found, rest if repeated else street
    parsed = parse_address(street)
    if parsed.kind and parsed.name and not parsed.house:
        return parsed.kind, parsed.name
    return "", street.strip()
