"""One skeleton for all spellings of a street's name, and one form for a house number."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from oblik.city.logic.twins import TWINS
from oblik.city.logic.words import KIND_KEYS, KIND_WORDS

_APOSTROPHES: Final = "'’ʼ`´ʹ′‘ʻ\u02b9"
_SKELETON: Final = str.maketrans(
    dict(
        zip(
            "абвгґдеєэёжзиіїыйклмнопрстуфхцчшщюя",
            re.findall(r"\w+", "a b v g g d e e e e zh z i i i i i k l m n o p r s t u f kh ts ch sh shch u a"),
            strict=True,
        )
    )
    | dict.fromkeys("ьъ" + _APOSTROPHES, "")
    | {"ў": "u", "ß": "ss", "ø": "o", "æ": "e", "ł": "l", "đ": "d", "ı": "i"}
)
_LATIN: Final = (
    (re.compile(r"(?<=t)h"), ""),
    (re.compile(r"(?<![kszc])h"), "g"),
    (re.compile(r"c(?!h)"), "k"),
    (re.compile(r"sch"), "shch"),
)
_LETTERS: Final = str.maketrans({"y": "i", "j": "i", "w": "v", "x": "ks", "q": "k"})
_MIXED: Final = re.compile("[a-z]['-]?[а-яіїєґё]|[а-яіїєґё]['-]?[a-z]", re.IGNORECASE)
_TO_CYRILLIC: Final = str.maketrans("aceiopxykmhtbABCEHIKMOPTXY", "асеіорхукмнтвАВСЕНІКМОРТХУ")
_MIXED_WORD: Final = re.compile(r"[^\W\d_]+")
_DOUBLED: Final = re.compile(r"([a-z])\1+")
_SOFT_I: Final = re.compile(r"i(?=[aeou])|(?<=[aeou])i")
_OPEN_V: Final = re.compile(r"(?<=...)[ioe]v(sk|k|)$")
_WORDS: Final = re.compile(r"[^\W_]+(?:[" + _APOSTROPHES + r"-][^\W_]+)*")
_COMPOUND: Final = re.compile(r"(?<=[^\W\d_][оеo])-(?=[^\W\d_]{3})")
_ORDINAL: Final = re.compile(
    r"(\d++)-?(?:го|ого|его|й|ий|ій|ый|я|а|ая|ша|га|та|ма|ї|ої|ше|ге|е|th|st|nd|rd|er|re|ère|ème|i|y|a|ya|ho|go)?$"
)
_ZEROS: Final = re.compile(r"^0+(?=\d)")
_NOISE: Final = frozenset({"im", "imen", "i", "ta"})  # "імені", "им.", "Кирила і Мефодія"


def street_fold(name: str) -> str:
    """Latin skeleton of a street's name without its kind, the same for Ukrainian, Russian and transliterated spellings.

    Words are folded one by one and sorted, so that "Івана Франка" and "Франка Івана" agree. Lower-case ASCII letters
    and digits with single spaces; empty for a text without letters or digits. Idempotent; never raises.
    Сумська = Сумская = Sumska = Sumskaya = "sumsk". Gender and case endings are lost on purpose: the kind tells them.
    """
    return _fold_name(name)


@lru_cache(maxsize=200_000)
def _fold_name(name: str) -> str:
    return " ".join(sorted(fold_words(name)))


def fold_words(name: str) -> list[str]:
    """Folded words of a name in the order written; see `street_fold`."""
    if not name.isascii():
        name = unicodedata.normalize("NFC", name)
    text = _COMPOUND.sub("", one_script(name).lower())
    folded = (_fold_token(part) for word in _WORDS.findall(text) for part in _parts(word))
    return [word for word in folded if word and word not in _NOISE]


def one_script(text: str) -> str:
    """The text with Latin look-alikes inside Cyrillic words made Cyrillic ("Сумcька" typed with a Latin c)."""
    if text.isascii() or not _MIXED.search(text):
        return text
    return _MIXED_WORD.sub(lambda m: m[0].translate(_TO_CYRILLIC) if _MIXED.search(m[0]) else m[0], text)


def _parts(word: str) -> list[str]:
    if "-" not in word:
        return [word]
    ordinal = _ORDINAL.match(word)
    return [ordinal[1]] if ordinal else word.split("-")


@lru_cache(maxsize=200_000)
def _fold_token(word: str) -> str:
    folded = _plain_fold(word)
    return _TWIN.get(folded, folded)


def _plain_fold(word: str) -> str:
    ordinal = _ORDINAL.match(word)
    text = _ascii(ordinal[1] if ordinal else word)
    if text[:1].isdigit():
        ordinal = _ORDINAL.match(text)
        return _ZEROS.sub("", ordinal[1] if ordinal else text)
    for pattern, by in _LATIN:
        text = pattern.sub(by, text)
    text = text.translate(_LETTERS)
    before = ""
    while before != text:
        before = text
        text = _OPEN_V.sub(r"v\1", _SOFT_I.sub("", _DOUBLED.sub(r"\1", text)))
        stem = text.rstrip("aeiou")
        text = stem if len(stem) >= 2 else text
    return text


def _ascii(word: str) -> str:
    text = word.translate(_SKELETON)
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).lower()
        text = text.translate(_SKELETON).encode("ascii", "ignore").decode()
    return "".join(c for c in text if c.isalnum())


def _twins() -> dict[str, str]:
    table: dict[str, str] = {}
    for group in TWINS.replace("\n", "|").split("|"):
        folds = [_plain_fold(word) for word in group.split()]
        if not folds:
            continue
        target = folds[-1] if folds[-1].isdigit() else folds[0]
        table.update((fold, target) for fold in folds if fold not in table)
    return {fold: _last(table, fold) for fold in table}


def _last(table: dict[str, str], fold: str) -> str:
    seen = {fold}
    while table.get(fold, fold) not in seen:
        fold = table[fold]
        seen.add(fold)
    return fold


_TWIN: dict[str, str] = {}
_TWIN = _twins()

_GENDER: Final = (
    (re.compile(r"(?:[сцз]ьк(?:а|ої|ій|у)|(?:ая|яя)|ska|skaya|skaia)$"), "f"),
    (re.compile(r"(?:ий|ій|ый|ой|skyi|skiy|skyy|skii|skij|sky)$"), "m"),
    (re.compile(r"(?:[сцз]ьке|ое|ее|skoe|skoye|ske)$"), "n"),
)


def name_gender(name: str) -> str:
    """One of "f", "m" or "n" where an adjective's ending shows it ("Сумська", "Московский"), else "".

    Russian -ой may be a feminine genitive ("угол Сумской"), so it decides nothing when `name` has it after -ск.
    """
    last = name.rsplit(" ", 1)[-1].lower()
    if last.endswith(("ской", "цкой")):
        return ""
    return next((gender for pattern, gender in _GENDER if pattern.search(last)), "")


def kind_of(text: str) -> str:
    """Kind of street in Ukrainian for a word or abbreviation ("ул." -> "вулиця"); "" for what is no kind.

    A remark in brackets is dropped ("вулиця (частина)").
    """
    word = text.split("(")[0].strip().lower().rstrip(".").strip()
    for mark in _APOSTROPHES:
        word = word.replace(mark, "'")
    return word if word in _CANONICAL else KIND_WORDS.get(word, KIND_WORDS.get(word.split(" ")[-1].rstrip("."), ""))


_CANONICAL: Final = frozenset(KIND_WORDS.values())


def street_key(kind: str, name: str) -> str:
    """Stable key of a street by one of its names, such as "вулиця|sumsk"; "" for a name without letters or digits."""
    fold = street_fold(name)
    return f"{KIND_KEYS.get(kind, kind)}|{fold}" if fold else ""


_LOOK_ALIKE: Final = str.maketrans("ABCEHIKMOPTXDGVZFLNRSUЁҐ", "АВСЕНІКМОРТХДГВЗФЛНРСУЕГ")
_HOUSE_WORDS: Final = re.compile(r"КОРПУС|КОРП|KORP|(?<=\d)[ \-]?К[. ]+(?=\d)")
_STRUCTURE: Final = re.compile(r"СТРОЕНИЕ|СПОРУДА|СТР")
_BEFORE_NUMBER: Final = re.compile(r"^\D+")
_HOUSE_JUNK: Final = re.compile(r"[^\w/-]|_")
_HOUSE_DASH: Final = re.compile(r"(?<!\d)-|-(?!\d)")
_SECOND: Final = str.maketrans("ВСНРХІ", "БЦГПХІ")


@lru_cache(maxsize=200_000)
def house_key(house: str) -> str:
    """House number in one form: "12-а" -> "12А", "12 корп. 2" -> "12К2", "№ 5" -> "5", "12/14" and "5-9" as they are.

    Upper case, Cyrillic for Latin look-alikes, no separators but "/" and the dash of a range. Empty for a text without
    a number. Idempotent; never raises.
    """
    text = house.replace("–", "-").replace("—", "-").replace("\\", "/")
    before = None
    while before != text:
        before = text
        text = _STRUCTURE.sub("С", _HOUSE_WORDS.sub("К", text.upper().translate(_LOOK_ALIKE)))
        text = _BEFORE_NUMBER.sub("", _HOUSE_DASH.sub("", _HOUSE_JUNK.sub("", text)).strip("/-"))
    return text


def latin_house(key: str) -> str:
    """The other reading of a house letter typed in Latin: "12В" (from 12B) may stand for "12Б"."""
    return key.translate(_SECOND)
