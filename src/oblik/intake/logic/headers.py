"""What a column header means: folding, units, and the synonyms of seven languages compared leniently."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from rapidfuzz import fuzz, process

from oblik.intake.logic.headers_words import NOISE, UNITS, WORDS

_NUMBER: Final = re.compile(
    r"(?<!\w)(?:№|n°|nº|#|no|nr|num|numéro|numero|número|number|nummer|номер|номера|номеру|nomer)(?!\w)\.?"
)
_NUMBER_END: Final = re.compile(r"(?<=\w{3})(?:nummer|nr)\b\.?")
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_HYPHENATED: Final = re.compile(r"(?<=[a-zа-яіїєґё])-\s*\n\s*(?=[a-zа-яіїєґё])")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
_BRACKETED: Final = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]")
_AFTER_COMMA: Final = re.compile(r",\s*([^\s,]+?)\.?\s*$")
_APOSTROPHE: Final = re.compile("(?<=[а-яіїєґё])['’ʼ`´](?=[а-яіїєґё])")
_SYSTEM: Final = re.compile(
    r"[(\[,;]\s*(?:уск|ск|мск|сск|ucs|sk|epsg|wgs|utm|etrs|gps)\b[^)\]]*[)\]]?|\bwgs[\s-]*84\b", re.IGNORECASE
)
_TOKEN: Final = re.compile(r"№|[^\W_]+\.?")
_PIECES: Final = frozenset(("шт", "штук", "pcs", "од", "ед"))
_SUFFIX_UNITS: Final = {"deg": "deg", "m": "m", "mm": "mm", "cm": "cm", "px": "px", "s": "s", "days": "days"}


class Meaning(NamedTuple):
    """A target and how surely the header names it, in [0, 1]."""

    target: str
    score: float


class Header(NamedTuple):
    """meanings: best first, one per target, empty where nothing is known; unit as written, "" where absent."""

    meanings: tuple[Meaning, ...]
    unit: str


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """The header without case, accents, punctuation, line breaks and units; words joined by one space. Idempotent."""
    return " ".join(token.rstrip(".") for token in _tokens(_without_unit(text)[0]))


@lru_cache(maxsize=4096)
def read_header(text: str) -> Header:
    """What the header may mean; an empty or unknown one has no meanings.

    1.0 is the phrase itself, 0.9 the phrase among words that say nothing, 0.85 its abbreviation, 0.5-0.85 a phrase
    inside a longer header, 0.55-0.8 a misspelling. Measured in tests/intake/test_headers.py.
    """
    bare, unit = _without_unit(text)
    tokens = _tokens(bare)
    if not tokens or len(tokens) > 14:
        return Header((), unit)
    found: dict[str, float] = {}
    for target, score in _candidates(tokens):
        found[target] = max(found.get(target, 0.0), score)
    if "lat_deg" in found and "lon_deg" in found:
        found["coordinates"] = 0.9  # "Координати (широта, довгота)"
    if not found and _plain(unit) in _PIECES:
        found["count"] = 0.8  # "камер, шт."
    ranked = sorted((Meaning(target, round(score, 3)) for target, score in found.items()), key=lambda one: -one.score)
    return Header(tuple(ranked[:4]), unit)


def best_score(text: str) -> float:
    """How surely the text is a header at all, in [0, 1]; the words of any target count."""
    meanings = read_header(text).meanings
    return meanings[0].score if meanings else 0.0


def same_header(first: str, second: str) -> bool:
    """True where two headers differ only in what folding removes."""
    return folded(first) == folded(second)


def _without_unit(text: str) -> tuple[str, str]:
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    text = _CAMEL.sub(" ", text)
    text = _HYPHENATED.sub("", text.casefold()).replace("ё", "е")
    text = _SYSTEM.sub(" ", text)  # the system of coordinates is found from the numbers
    unit = ""
    for found in _BRACKETED.finditer(text):
        inside = found.group(1).strip(" .,;")
        if _plain(inside) in UNITS:
            unit = unit or inside
            text = text.replace(found.group(0), " ", 1)
    found_end = _AFTER_COMMA.search(text)
    if found_end and _plain(found_end.group(1)) in UNITS:
        unit = unit or found_end.group(1)
        text = text[: found_end.start()]
    if "°" in text and not unit:
        before, _, after = text.rpartition("°")
        if not before.rstrip().endswith(" n") and not after.strip(" .,"):
            unit, text = "°", before
    return text, unit


def _plain(text: str) -> str:
    """Latin accents removed; Cyrillic letters keep what belongs to them."""
    if text.isascii():
        return text
    text = text.replace("ß", "ss")
    return "".join(
        letter
        if letter >= "\u0400"
        else "".join(part for part in unicodedata.normalize("NFD", letter) if not unicodedata.combining(part))
        for letter in text
    )


def _tokens(text: str) -> list[str]:
    """Words, abbreviations with their dot; every way of writing "number" is №."""
    text = _APOSTROPHE.sub("", _plain(text.replace("ё", "е")))
    text = _NUMBER.sub(" № ", text.replace("_", " "))
    return _TOKEN.findall(_NUMBER_END.sub(" № ", text))


def _candidates(tokens: list[str]) -> list[tuple[str, float]]:
    words = [token.rstrip(".") for token in tokens]
    found = _exact(" ".join(words), 1.0)
    if found:
        return found
    core = [word for word in words if word not in NOISE] or words
    unit_end = _SUFFIX_UNITS.get(core[-1]) if len(core) > 1 else None
    if unit_end:
        core = core[:-1]
    joined = " ".join(core)
    found = _exact(joined, 0.93) or _exact_sorted(core, 0.9) or _abbreviated(tokens, 0.87)
    if found:
        return found
    return _contained(core) + _misspelt(joined)


def _exact(phrase: str, score: float) -> list[tuple[str, float]]:
    return [(target, score * weight) for target, weight in _PHRASES.get(phrase, ())]


def _exact_sorted(core: list[str], score: float) -> list[tuple[str, float]]:
    return [(target, score * weight) for target, weight in _SORTED.get(" ".join(sorted(core)), ())]


def _abbreviated(tokens: list[str], score: float) -> list[tuple[str, float]]:
    """Phrases of which each word begins with the header's: "сер. номер", "вис. вст."."""
    if not any(token.endswith(".") for token in tokens):
        return []
    stems = [token.rstrip(".") for token in tokens if token.rstrip(".") not in NOISE]
    if not stems or len(stems[0]) < 2:
        return []
    found = []
    for phrase, meanings in _BY_START.get((stems[0][:2], len(stems)), ()):
        if all(word.startswith(stem) for stem, word in zip(stems, phrase, strict=True)):
            found += [(target, score * weight) for target, weight in meanings]
    return found


def _contained(core: list[str]) -> list[tuple[str, float]]:
    """Known phrases inside a longer header; Slavic and Romance headers say the main word first."""
    whole = sum(map(len, core))
    found = []
    for start in range(len(core)):
        for end in range(start + 1, min(len(core), start + 6) + 1):
            if end - start == len(core):
                continue
            meanings = _PHRASES.get(" ".join(core[start:end]))
            if not meanings or core[start:end] == ["№"]:
                continue
            length = sum(map(len, core[start:end]))
            if length < 2:
                continue
            score = 0.45 + 0.4 * length / whole + (0.08 if start == 0 else 0.0)
            found += [(target, min(score, 0.85) * weight) for target, weight in meanings]
    return found


def _misspelt(joined: str) -> list[tuple[str, float]]:
    if len(joined) < 5 or all(word in NOISE for word in joined.split()):
        return []
    near = process.extract(joined, _LONG_PHRASES, scorer=fuzz.ratio, score_cutoff=82, limit=3)
    return [
        (target, (0.55 + 0.25 * (likeness - 82) / 18) * weight)
        for phrase, likeness, _ in near
        for target, weight in _PHRASES[phrase]
    ]


def _latin(phrase: str) -> set[str]:
    """Cyrillic words in Latin letters, as programs write names of fields: "vysota", "vyrobnyk"."""
    if not re.search("[а-яіїєґ]", phrase) or len(phrase) < 3:
        return set()
    return {phrase.translate(letters) for letters in _SPELLINGS}


_UKRAINIAN: Final = dict(zip("абвгґдезиіїйклмнопрстуф", "abvhgdezyiiiklmnoprstuf", strict=True)) | {
    "є": "ie", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ь": "", "ю": "iu", "я": "ia",
}  # fmt: skip
_RUSSIAN: Final = {
    **_UKRAINIAN,
    "г": "g",
    "и": "i",
    "й": "y",
    "ы": "y",
    "э": "e",
    "ю": "yu",
    "я": "ya",
    "ъ": "",
    "ь": "",
}
_SPELLINGS: Final = (
    str.maketrans(_UKRAINIAN),
    str.maketrans({**_UKRAINIAN, "й": "y", "ї": "yi", "є": "ye", "ю": "yu", "я": "ya"}),
    str.maketrans({**_UKRAINIAN, "г": "g", "й": "j", "ї": "ji", "є": "je", "ю": "ju", "я": "ja"}),
    str.maketrans(_RUSSIAN),
)


def _index() -> dict[str, tuple[tuple[str, float], ...]]:
    phrases: dict[str, dict[str, float]] = defaultdict(dict)
    cores: list[tuple[str, str, float]] = []
    for name, listed in WORDS.items():
        target, weight = (name[1:], 0.62) if name.startswith("~") else (name, 1.0)
        target = "ignore" if target == "-" else target
        for written in listed.split("|"):
            words = [token.rstrip(".") for token in _tokens(written.strip().casefold())]
            cores += [(spelling, target, 0.9 * weight) for spelling in _latin(" ".join(words))]
            whole, core = " ".join(words), " ".join(word for word in words if word not in NOISE)
            if whole and (len(whole) > 1 or whole in "xyху"):
                phrases[whole][target] = max(phrases[whole].get(target, 0.0), weight)
            if len(core) > 2 and core != whole:
                cores.append((core, target, 0.9 * weight))
    for core, target, weight in cores:
        # "type of camera" leaves "type", which its own entry already gives a lower weight: that one stands.
        if core not in phrases or target not in phrases[core]:
            phrases[core].setdefault(target, weight if core not in phrases or not phrases[core] else 0.5)
    # "№" alone: the number of the row, or, where the content says so, of the camera.
    phrases["№"] = {"ignore": 0.6, "source_id": 0.55}
    return {phrase: tuple(targets.items()) for phrase, targets in phrases.items()}


_PHRASES: Final[Mapping[str, tuple[tuple[str, float], ...]]] = _index()
_SORTED: Final = {" ".join(sorted(phrase.split())): meanings for phrase, meanings in _PHRASES.items()}
_LONG_PHRASES: Final = [phrase for phrase in _PHRASES if len(phrase) >= 5]


def _starts() -> dict[tuple[str, int], list[tuple[list[str], tuple[tuple[str, float], ...]]]]:
    starts: dict[tuple[str, int], list[tuple[list[str], tuple[tuple[str, float], ...]]]] = defaultdict(list)
    for phrase, meanings in _PHRASES.items():
        words = phrase.split()
        if len(words[0]) >= 2 or words[0] == "№":
            starts[words[0][:2], len(words)].append((words, meanings))
    return starts


_BY_START: Final = _starts()
