"""Makers and models of devices in one spelling each."""

import re
from functools import lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from oblik.intake.logic.values.texts import latin, plain, words

# Maker -> other ways to write it, letters and digits only, in lower case.
_ALIASES: Final = {
    "Hikvision": "hikvision hik hikvisiondigitaltechnology хіквіжн хіквіжен хіквижн хиквижн хиквижен хіквізіон "
    "хиквизион"
    " хайквижн хайквіжн хіквіжин хікдвіжн хиквижин hikvison hickvision hiwatch hilook хіквижен",
    "Dahua": "dahua dahuatechnology дахуа дахау даxуа дагуа дахуя",
    "Axis": "axis axiscommunications аксіс аксис",
    "Bosch": "bosch boschsecurity boschsecuritysystems bosh бош",
    "Uniview": "uniview unv zhejianguniview юнів’ю юніверсвью юнивью юнів’ю унів’ю юнівью уневью",
    "Tiandy": "tiandy tiandytechnologies тіанді тианди тіенді тиенди",
    "Hanwha": "hanwha hanwhatechwin hanwhavision wisenet samsungtechwin samsungwisenet ханва ханвха ханва",
    "Samsung": "samsung самсунг",
    "Ajax": "ajax ajaxsystems аякс",
    "TP-Link": "tplink tplinkvigi vigi tapo тплінк тплинк",
    "Reolink": "reolink реолінк реолинк",
    "Vivotek": "vivotek вівотек вивотек",
    "Avigilon": "avigilon авігілон авигилон",
    "ZKTeco": "zkteco zkt зктеко",
    "Imou": "imou імоу имоу",
    "EZVIZ": "ezviz езвіз эзвиз",
    "Green Vision": "greenvision гринвижн грінвіжн грінвіжен",
    "Partizan": "partizan партизан",
    "Xiaomi": "xiaomi mijia ксяомі сяоми ксиаоми",
    "Panasonic": "panasonic ipro панасонік панасоник",
    "Sony": "sony соні сони",
    "Mobotix": "mobotix моботікс моботикс",
    "Pelco": "pelco пелко",
    "Honeywell": "honeywell ханівелл хоневелл",
    "Milesight": "milesight майлсайт",
    "Longse": "longse лонгсе",
    "Tecsar": "tecsar тексар",
    "ATIS": "atis атіс атис",
    "Provision-ISR": "provision provisionisr провіжн провижн",
    "Beward": "beward бевард",
    "Foscam": "foscam фоскам",
    "D-Link": "dlink ділінк длинк",
    "Ubiquiti": "ubiquiti unifi юбіквіті",
    "Grandstream": "grandstream",
    "GeoVision": "geovision",
    "ACTi": "acti",
    "Arecont Vision": "arecont arecontvision",
    "FLIR": "flir",
    "TVT": "tvt",
    "Jovision": "jovision",
    "Sunell": "sunell",
    "Kedacom": "kedacom кедаком",
    "Huawei": "huawei holowits хуавей",
    "Infinity": "infinity",
    "Hikmicro": "hikmicro",
    "Verkada": "verkada",
    "Annke": "annke",
    "Swann": "swann",
    "Lorex": "lorex",
    "Vicon": "vicon",
    "IDIS": "idis",
    "Trassir": "trassir трассір трассир",
    "Dallmeier": "dallmeier",
    "Basler": "basler",
    "Siemens": "siemens",
    "Eneo": "eneo",
    "Abus": "abus",
    "Rekor": "rekor",
    "Genetec": "genetec autovu",
}

# How some makers' model names begin, where no maker is written.
_BY_MODEL: Final = (
    (re.compile(r"^(?:DS2[A-Z]{2}|DS2C[DEV]|DSI?\d?TP|IDS2)"), "Hikvision"),
    (re.compile(r"^DHI?(?:IPC|SD|ITC|HAC|TPC)|^IPC(?:HFW|HDW|HDBW|HFS|HUM|EB|EBW)|^SD\d{2}[A-Z]?\d|^HAC(?:HFW|"
        r"HDW)|^DH[A-Z]{2}"), "Dahua"),
    (re.compile(r"^TCC\d|^TCA\d|^TCNC"), "Tiandy"),
    (re.compile(r"^[XQPLT]N[OVDBPF]?[VDOPBF]?\d{4}"), "Hanwha"),
    (re.compile(r"^VIGIC\d|^TAPOC\d"), "TP-Link"),
    (re.compile(r"^RLC\d"), "Reolink"),
    (re.compile(r"^GVI?\d{2,}"), "Green Vision"),
)  # fmt: skip
LONGEST_NAME: Final = 200  # a longer text is a description
_NOT_WORD: Final = re.compile(r"[\W_]+")
_LENS: Final = re.compile(r"\(?\s*\d+(?:[.,]\d+)?(?:\s*[-–]\s*\d+(?:[.,]\d+)?)?\s*(?:mm|мм)\.?\s*\)?", re.IGNORECASE)
_LABEL: Final = re.compile(
    r"^(?:(?:ip|ір)[- ]?)?(?:відеокамера|видеокамера|камера|camera|cam|kamera|caméra|cámara|модель|model|"
    r"тип)(?!\w)[\s:№.-]*",
    re.IGNORECASE,
)
_PIECES: Final = re.compile(r"[\s(,;-]*(?<!\w)(?:\d{1,3}\s*(?:шт|pcs)\.?|[xх×]\s?\d{1,3})[\s).]*$", re.IGNORECASE)
_CYRILLIC: Final = re.compile(r"[\u0400-\u04ff]")


def _folded(text: str) -> str:
    return _NOT_WORD.sub("", text.casefold())


_BY_ALIAS: Final = {_folded(alias): name for name, aliases in _ALIASES.items() for alias in (*aliases.split(), name)}
_LATIN_ALIASES: Final = tuple(
    sorted((alias.upper() for alias in _BY_ALIAS if alias.isascii() and len(alias) >= 3), key=len, reverse=True)
)
_LONG_ALIASES: Final = tuple(alias for alias in _BY_ALIAS if len(alias) >= 5)

Pair = tuple[str | None, str | None]


def vendor(text: str) -> tuple[str | None, str | None]:
    """The maker's usual name, read from Latin, Ukrainian and Russian spellings and small mistypings.

    An unknown maker stays as written.
    """
    clean, code = words(text)
    if clean is None:
        return None, None
    by_word = (name for word in re.split(r"[\s(),/]+", clean) if (name := _exact_vendor(word)))
    return known_vendor(clean) or next(by_word, clean), code


@lru_cache(maxsize=20_000)
def known_vendor(text: str) -> str | None:
    """The known maker that a text names as a whole, or None."""
    folded = _folded(text)
    if not folded or len(folded) > 40:
        return None
    name = _exact_vendor(text)
    if name is None and len(folded) >= 5 and folded.isalpha():
        slips = 1 if len(folded) < 8 else 2
        close = process.extractOne(folded, _LONG_ALIASES, scorer=OSA.distance, score_cutoff=slips)
        name = _BY_ALIAS[close[0]] if close else None
    return name


def _exact_vendor(text: str) -> str | None:
    return _BY_ALIAS.get(_folded(text)) or _BY_ALIAS.get(_folded(latin(text)))


def model(text: str) -> tuple[str | None, str | None]:
    """The model in upper-case letters and digits only, so that DS-2CD2043G0-I and ds 2cd2043g0 i are one.

    The maker's name in front, the lens in millimetres and "2 шт." behind are left out. Cyrillic look-alikes are mended.
    """
    if len(text) > LONGEST_NAME:
        return None, "cell_too_long"
    before, value = "", text
    while before != value:  # what is left may itself begin with a label or a maker
        before, value = value, _shortened(value)
    return value or None, None


def _shortened(text: str) -> str:
    clean = _LENS.sub(" ", _PIECES.sub("", plain(text)))
    return _without_vendor(fold_model(_LABEL.sub("", clean).strip()))


def fold_model(text: str) -> str:
    """Upper-case letters and digits of a model name, look-alikes mended where that leaves no Cyrillic letter."""
    folded = _NOT_WORD.sub("", text.upper())
    return folded if folded.isascii() else _NOT_WORD.sub("", latin(folded).upper())


def _without_vendor(folded: str) -> str:
    for alias in _LATIN_ALIASES:
        if folded.startswith(alias) and any(letter.isdigit() for letter in folded[len(alias) :]):
            return folded[len(alias) :]
    return folded


def vendor_model(text: str) -> tuple[Pair | None, str | None]:
    """(maker, model) of one cell, either None; the maker is found among the words or from the model's beginning."""
    if len(text) > LONGEST_NAME:
        return None, "cell_too_long"
    clean, code = words(text)
    if clean is None:
        return None, None
    clean = _LABEL.sub("", clean).strip() or clean
    parts = re.split(r"[\s,;/|:]+", clean)
    for length in (3, 2, 1):
        for at in range(max(0, min(len(parts) - length + 1, 6))):
            said = "".join(parts[at : at + length])
            name = known_vendor(said) if length == 1 else _exact_vendor(said)
            if name:
                rest = " ".join(parts[:at] + parts[at + length :])
                value = model(rest)[0] if any(map(str.isdigit, rest)) else None
                return (_today(name, value), value), code
    value = model(clean)[0]
    if value is None:
        return None, code
    maker = maker_of(value)
    if maker is None and not any(map(str.isdigit, value)):
        return (clean, None), code
    return (maker, value), code


def _today(maker: str, folded_model: str | None) -> str:
    """Samsung's cameras are Hanwha's since 2018 and keep their model names."""
    return "Hanwha" if maker == "Samsung" and folded_model and maker_of(folded_model) == "Hanwha" else maker


def maker_of(folded_model: str) -> str | None:
    """The maker whose models begin like this one, or whose name stands in front of it; None where unknown."""
    for pattern, name in _BY_MODEL:
        if pattern.match(folded_model):
            return name
    alias = next((alias for alias in _LATIN_ALIASES if len(alias) >= 4 and folded_model.startswith(alias)), None)
    return _BY_ALIAS[alias.lower()] if alias else None
