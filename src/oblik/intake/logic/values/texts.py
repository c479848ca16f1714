"""What a cell says once spaces, quotes and words for "nothing" are taken away."""

import re
import unicodedata
from typing import Final

# Words by which people of seven languages say that a cell holds nothing.
_NOTHING_WORDS: Final = """
-|--|---|–|—|―|_|.|..|...|…|?|??|???|*|/|\\|(empty)|empty|null|none|nan|n/a|#n/a|n.a.|na|nil|unknown|(blank)|blank|tbd
н/д|н\\д|нд|н.д.|н/з|немає|нема|відсутній|відсутня|відсутнє|відсутні|невідомо|не відомо|не вказано|не визначено|не має
нет|н/у|отсутствует|отсутствуют|неизвестно|не известно|не указано|не указан|не определено|б/н|б/с|без номера|без номеру
#н/д|#ref!|#value!|#name?|#div/0!|#знач!|#ссылка!|#имя?
k.a.|keine|unbekannt|aucun|aucune|inconnu|ninguno|ninguna|desconocido|onbekend|geen
"""
NOTHING: Final = frozenset(word for line in _NOTHING_WORDS.split("\n") for word in line.split("|") if word)
LONGEST_NOTHING: Final = max(map(len, NOTHING))

_SPACES = re.compile(r"[\s\u00a0\u2000-\u200b\u2028-\u202f\u205f\u2060\u3000\ufeff\u00ad\x00-\x1f\x7f-\x9f]+")
_DOUBLE_QUOTES = str.maketrans(dict.fromkeys("«»“”„‟〝〞＂", '"'))
_APOSTROPHE = re.compile(r"(?<=\w)['`ʼ‘´′＇](?=\w)")
_ODD_QUOTES = frozenset("«»“”„‟〝〞＂'`ʼ‘´′＇")
_FORMULA_STARTS: Final = "=+-@'"
_FORMULA = re.compile(r"^[=@]\s*[\w'\"+(-]|^[+-]\s*[^\W\d_]+\s*[(|!]")

# Cyrillic letters that look like Latin ones, as typed by people with two keyboards.
_LOOKALIKES: Final = str.maketrans("АВЕКМНОРСТУХІЈЅаеорсухіјѕ", "ABEKMHOPCTYXIJSaeopcyxijs")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")


def squeeze(text: str) -> str:
    """The text in Unicode form C with every run of white or invisible characters turned into one space."""
    if text.isprintable() and (text.isascii() or unicodedata.is_normalized("NFC", text)):  # printable: no odd spaces
        return " ".join(text.split()) if "  " in text else text.strip(" ")
    # Removing an invisible character can bring two combining parts together, so composing comes last as well.
    squeezed = _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()
    return unicodedata.normalize("NFC", squeezed)


def is_nothing(squeezed: str) -> bool:
    """True for an empty text or one of the words for "nothing"; wants a text that went through `squeeze`."""
    return not squeezed or (len(squeezed) <= LONGEST_NOTHING and squeezed.casefold() in NOTHING)


def plain(text: str) -> str:
    """The text to work with: squeezed, and "" where it only says that there is nothing."""
    squeezed = squeeze(text)
    return "" if is_nothing(squeezed) else squeezed


def words(text: str) -> tuple[str | None, str | None]:
    """A text for people: one kind of quotes, no stray spaces; (None, None) for nothing.

    A text that a spreadsheet would run as a formula stays text and is noted as "formula_text"; the apostrophe that our
    own export and spreadsheets put in front of such a text goes.
    """
    clean = plain(text)
    while clean.startswith("'") and clean[1:2] in _FORMULA_STARTS and len(clean) > 1:
        clean = plain(clean[1:])
    if not clean:
        return None, None
    if not clean.isascii() or "'" in clean or "`" in clean:
        clean = _one_kind_of_quotes(clean)
    if len(clean) > 2 and clean[0] == '"' == clean[-1] and clean.count('"') == 2:
        clean = plain(clean[1:-1])
        if not clean:
            return None, None
    return clean, ("formula_text" if clean[0] in "=@+-" and _FORMULA.match(clean) else None)


def _one_kind_of_quotes(text: str) -> str:
    if _ODD_QUOTES.isdisjoint(text):
        return text
    return _APOSTROPHE.sub("’", text.translate(_DOUBLE_QUOTES))


def latin(text: str) -> str:
    """The text with Cyrillic look-alikes turned Latin, if that leaves no Cyrillic letter at all; else unchanged."""
    if text.isascii():
        return text
    mended = text.translate(_LOOKALIKES)
    return text if _CYRILLIC.search(mended) else mended
