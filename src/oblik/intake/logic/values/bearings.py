"""Where a camera looks: degrees, compass letters and words of seven languages to degrees from true north."""

import re
from typing import Final

from oblik.intake.logic.values.texts import plain

_N, _E, _S, _W = 0.0, 90.0, 180.0, 270.0

# Stems of the words; the abbreviated ones stand alone or before another direction, but take no ending.
_STEMS: Final = {
    "північ": _N, "південь": _S, "південн": _S, "півден": _S, "півдн": _S, "схід": _E, "сход": _E, "захід": _W,
    "заход": _W, "север": _N, "юж": _S, "юг": _S, "восток": _E, "восточ": _E, "запад": _W, "north": _N, "south": _S,
    "east": _E, "west": _W, "noord": _N, "zuid": _S, "oost": _E, "nord": _N, "norte": _N, "süd": _S, "sued": _S,
    "sud": _S, "sur": _S, "ost": _E, "este": _E, "est": _E, "ouest": _W, "oeste": _W,
}  # fmt: skip
_SHORT_STEMS: Final = {
    "пн": _N, "пд": _S, "півн": _N, "півд": _S, "сх": _E, "зх": _W, "зах": _W, "сев": _N, "вост": _E, "зап": _W,
    "nor": _N,
}  # fmt: skip
_SORTED_STEMS: Final = tuple(sorted((_STEMS | _SHORT_STEMS).items(), key=lambda pair: -len(pair[0])))
_ENDING: Final = re.compile(
    r"(?:н?(?:ий|ої|ому|ій|их|им|ими|ый|ая|ое|ого|ой|ом|ую|ые|ых|а|е|у|о)|я|ю|ь|і|и|ем|ою|ern|erly|ward|wards|en)?"
)
_LINK: Final = re.compile(r"(?:но|нно|о|е)?(?=\w)")
_LETTERS: Final = {"n": _N, "e": _E, "s": _S, "w": _W, "с": _N, "в": _E, "ю": _S, "з": _W}
_FILLERS: Final = frozenset(
    [
        "на",
        "в",
        "у",
        "до",
        "к",
        "по",
        "від",
        "от",
        "та",
        "і",
        "и",
        "й",
        "and",
        "the",
        "to",
        "of",
        "towards",
        "toward",
        "facing",
        "looking",
        "direction",
        "бік",
        "бок",
        "сторону",
        "сторона",
        "сторони",
        "стороны",
        "напрямок",
        "напрямку",
        "напрям",
        "направление",
        "направлении",
        "направлена",
        "дивиться",
        "смотрит",
        "азимут",
        "azimuth",
        "richtung",
        "nach",
        "gen",
        "vers",
        "direction",
        "le",
        "la",
        "l",
        "el",
        "hacia",
        "al",
        "dirección",
        "richting",
        "naar",
        "het",
        "частина",
        "частину",
        "orientation",
        "орієнтація",
    ]
)
_TURNS: Final = re.compile(
    r"кругов|поворот|купол|ptz|птз|роботиз|панорам|omni|all round|rundum|speed ?dome|fisheye|всі боки|все стороны|"
    r"во все|усі боки|керован|управля|обертов|вращ|panoram|^(?:0\s*°?\s*[-–—…]\s*)360\D*$|360\s*°?\s*\w*\s*огляд|"
    r"(?:огляд|обзор|view)\w*\s*\D{0,10}360",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(
    r"^(?:~|≈|азимут|azimuth|az\.?|а\s*=|a\s*=|=|:|\s)*([-−+]?\d+(?:[.,]\d+)?)\s*(?:°|º|˚|o(?=\W|$)|deg\w*|град\w*|grad\w*|)?\.?"
    r"(?:\s*(\d{1,2})\s*['’′](?:\s*\d{1,2}(?:[.,]\d+)?\s*(?:[\"”″]|''))?)?\s*(.*)$",
    re.IGNORECASE | re.DOTALL,
)
_RANGE: Final = re.compile(
    r"^(?:від|от|from)?\s*(\d+(?:[.,]\d+)?)\s*[°º˚]?\s*(?:[-–—−…]|\.\.+|до|to|bis)\s*(\d+(?:[.,]\d+)?)\s*(?:[°º˚]|град\w*|deg\w*)?$",
    re.IGNORECASE,
)
_SEVERAL: Final = re.compile(r"\d\s*[°º˚]?\s*(?:[;/|\n&]|, |\sта\s|\si\s|\sі\s|\sи\s|\sand\s)\s*[-−]?\d")
_WORD: Final = re.compile(r"[^\W\d_]+")
_EAST_OR_WEST: Final = frozenset({"no", "so", "o", "nno", "sso", "ono", "oso"})


def bearing(text: str) -> tuple[float | None, str | None]:
    """Degrees clockwise from true north in [0, 360), rounded to 2 digits, or None with the reason.

    A range gives its middle, walked clockwise. Negative numbers down to -360 count from north to the left. Codes:
    "bearing_turns" for a camera that turns, "bearing_of_several" for a list, "bearing_in_words" for a description
    that names no direction, "bearing_ambiguous" (NO is north-east in German, north-west in French and Spanish),
    "not_a_bearing" for numbers such as 720.
    """
    try:
        return _turned(float(text))
    except ValueError:
        pass
    text = plain(text)
    if not text:
        return None, None
    if _TURNS.search(text):
        return None, "bearing_turns"
    if _SEVERAL.search(text):
        return None, "bearing_of_several"
    if span := _RANGE.match(text):
        return _middle(_float(span[1]), _float(span[2]))
    if number := _NUMBER.match(text):
        minutes = int(number[2]) / 60 if number[2] else 0.0
        rest = number[3].strip(" .()")
        if not rest or from_words(rest)[0] is not None:
            return _turned(_float(number[1]) + minutes)
    value, code = from_words(text)
    return (None, "not_a_bearing") if code is None and value is None else (value, code)


def _float(text: str) -> float:
    return float(text.replace(",", ".").replace("−", "-"))


def _turned(value: float) -> tuple[float | None, str | None]:
    if not -360.0 <= value <= 360.0:
        return None, "not_a_bearing"
    return round(value % 360.0, 2) % 360.0 + 0.0, None


def _middle(low: float, high: float) -> tuple[float | None, str | None]:
    if low > 360.0 or high > 360.0:
        return None, "not_a_bearing"
    if high - low == 360.0:
        return None, "bearing_turns"
    value, _ = _turned((low + ((high - low) % 360.0) / 2) % 360.0)
    return value, ("range_taken_as_middle" if low != high else None)


def from_words(text: str) -> tuple[float | None, str | None]:
    """Degrees of a direction said in letters or words; "bearing_in_words" where other words remain."""
    found: list[float] = []
    for word in _WORD.findall(text.casefold()):
        if word in _EAST_OR_WEST:
            return None, "bearing_ambiguous"
        if word in _FILLERS and word != "в":
            continue
        parts = _directions(word)
        if parts is None:
            if word in ("в", "у"):
                continue
            return None, "bearing_in_words"
        found.extend(parts)
    if not found:
        return None, "not_a_bearing"
    return _combined(_without_preposition(text, found))


def _without_preposition(text: str, found: list[float]) -> list[float]:
    """In Russian "в" is both the preposition "to" and the letter of the east: before a word it is the preposition."""
    said = [word for word in _WORD.findall(text.casefold()) if word not in _FILLERS or word == "в"]
    if len(said) > 1 and said[0] == "в" and len(said[1]) > 1 and found[0] == _E:
        return found[1:]
    return found


def _directions(word: str) -> list[float] | None:
    """The main directions named by one word, "північносхідний" giving two; None where it names none."""
    if len(word) <= 3 and all(letter in _LETTERS for letter in word) and _one_alphabet(word):
        return [_LETTERS[letter] for letter in word]
    found: list[float] = []
    while word:
        stem = next((stem for stem, _ in _SORTED_STEMS if word.startswith(stem)), None)
        if stem is None:
            return None
        found.append(_STEMS[stem] if stem in _STEMS else _SHORT_STEMS[stem])
        word = word[len(stem) :]
        if stem in _STEMS and _ENDING.fullmatch(word):
            break
        link = _LINK.match(word)
        word = word[link.end() :] if link else word
    return found


def _one_alphabet(word: str) -> bool:
    return word.isascii() or not any(letter.isascii() for letter in word)


def _combined(found: list[float]) -> tuple[float | None, str | None]:
    if len(found) == 1:
        return found[0], None
    if len(found) == 2:
        return _between(found[0], found[1])
    if len(found) == 3:
        inner, code = _between(found[1], found[2])
        return (None, code) if inner is None else _between(found[0], inner)
    return None, "bearing_in_words"


def _between(one: float, other: float) -> tuple[float | None, str | None]:
    turn = (other - one + 180.0) % 360.0 - 180.0
    if abs(turn) > 90.0:
        return None, "bearing_in_words"
    return (one + turn / 2) % 360.0, None
