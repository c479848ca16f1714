"""What a column holds, read off its values alone: addresses on a network, coordinates, dates, models, bearings."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

Check = Callable[[str], bool]

_OCTET: Final = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_IP: Final = re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}(?:/\d+|:\d+|\s*-\s*[\d.]+)?(?:\s*[,;]\s*[\d.\-]+)*")
_MAC: Final = re.compile(
    r"[0-9a-f]{2}(?:[:\-\s][0-9a-f]{2}){5}|[0-9a-f]{4}(?:[.\-][0-9a-f]{4}){2}|(?=.*[a-f])[0-9a-f]{12}", re.I
)
_UUID: Final = re.compile(r"(?:urn:)?(?:uuid:)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.I)
_STREAM: Final = re.compile(r"(?:rtsps?|rtmps?|srt|mms)://\S+", re.I)
_WEB: Final = re.compile(r"https?://\S+", re.I)
_MAP_LINK: Final = re.compile(r"https?://\S*(?:maps|goo\.gl|openstreetmap|yandex\.\w+/map)\S*", re.I)
_NUMBER: Final = re.compile(r"[+-]?\d{1,3}(?:[\u00a0 ]\d{3})*(?:[.,]\d+)?|[+-]?\d+(?:[.,]\d+)?(?:e[+-]?\d+)?", re.I)
_DEGREES: Final = re.compile(r"[+-]?\d{1,3}[.,]\d{3,}")
_DESTROYED: Final = re.compile(r"[+-]?\d{1,3}(?:\.\d{3}){2,}")
_DMS: Final = re.compile(
    r"(?:[nsewпсзв]\w{0,4}\.?\s*)?\d{1,3}\s*[°º˚]\s*\d{1,2}(?:[.,]\d+)?\s*['’′ʹ]?"
    r"(?:\s*\d{1,2}(?:[.,]\d+)?\s*(?:[\"”″]|''|’’)?)?\s*(?:[nsewпсзв]\S{0,4}(?:\s*[шд]\.?)?)?",
    re.I,
)
_MARKED: Final = re.compile(r"[nsew]\s*\d{1,3}[.,]\d+°?|\d{1,3}[.,]\d+\s*°?\s*[nsew]", re.I)
_PAIR: Final = re.compile(
    r"\(?[+-]?\d{1,3}[.,]\d{3,}\s*°?\s*[nsew]?\s*(?:[;,/|]\s*|\s+)[+-]?\d{1,3}[.,]\d{3,}\s*°?\s*[nsew]?\)?", re.I
)
_WKT: Final = re.compile(r"(?:SRID=\d+;)?\s*(?:MULTI)?(?:POINT|POLYGON|LINESTRING)\s*Z?\s*\(.*", re.I | re.DOTALL)
_DATE: Final = re.compile(
    r"(?:19|20)\d\d[-./](?:0?[1-9]|1[0-2])[-./](?:[0-2]?\d|3[01])(?:[ T]\d\d:\d\d.*)?"
    r"|(?:[0-2]?\d|3[01])[-./](?:0?[1-9]|1[0-2])[-./](?:(?:19|20)\d\d|\d\d)(?:\s*р\.?|\s*г\.?)?(?: \d\d?:\d\d.*)?"
    r"|[0-3]?\d\s+[^\W\d]{3,10}\.?\s+(?:19|20)\d\d.*",
    re.I,
)
_YEAR: Final = re.compile(r"(?:19[89]\d|20[0-4]\d)(?:\s*[рг]\.?)?")
_RESOLUTION: Final = re.compile(
    r"\d{3,4}\s*[xх×*]\s*\d{3,4}.*|\d{1,2}(?:[.,]\d)?\s*(?:мп|мпікс|мпикс|mp|mpx|мегапікс\w*|мегапикс\w*|megapixels?)\b.*"
    r"|(?:720|1080|1440|2160)[pi]|[248]k|full\s?hd|fhd|uhd|hd",
    re.I,
)
_CODEC: Final = re.compile(r"(?:h\.?26[45]\+?|x26[45]|hevc|avc|mjpe?g|mpeg-?4)(?:[\s,/+]+.*)?", re.I)
_FOCAL: Final = re.compile(
    r"f?\s*+(?:=\s*+)?\d{1,3}(?:[.,]\d{1,2})?(?:\s*[-–~…]\s*\d{1,3}(?:[.,]\d{1,2})?)?\s*(?:мм|mm)", re.I
)
_BEARING_WORD: Final = re.compile(
    r"(?:на\s+)?(?:пн|пд|сх|зх|північ\w*|півден\w*|схід\w*|захід\w*|пів[нд]\w*[\s-]*(?:схід|захід|східн|західн)\w*|ю|с|в|з|юг\w*|север\w*"
    r"|восток\w*|запад\w*|ю[вз]|с[вз]|пн[\s-]?сх|пн[\s-]?зх|пд[\s-]?сх|пд[\s-]?зх"
    r"|n|s|e|w|[ns][ew]|[nsew][ns][ew]|north\w*|south\w*|east\w*|west\w*|nord\w*|süd\w*|sud\w*|ost\w*|est|ouest|oest\w*|noord\w*|zuid\w*|oost"
    r"|norte|sur|este|oeste)(?:[\s-]+(?:схід|захід|восток|запад|east|west|est|ouest|ost)\w*)?\.?",
    re.I,
)
_BEARING_NUMBER: Final = re.compile(r"~?(?:[0-2]?\d?\d|3[0-5]\d|360)(?:[.,]\d+)?\s*(?:°|град\.?|deg)?")
_STREET: Final = re.compile(
    r"\b(?:вул|вулиця|просп|проспект|пр-т|пр|бульв|бульвар|б-р|пров|провулок|площа|пл|майдан|набережна|наб|шосе|узвіз|проїзд|тупик|в'їзд|ул"
    r"|улица|пер|переулок|площадь|проезд|шоссе|спуск|мкр|мікрорайон|street|st|avenue|ave|road|rd|square|lane|boulevard|blvd|rue|place"
    r"|chemin|route|quai|calle|plaza|avenida|straat|laan|plein|weg|gasse|allee|platz|vul|ul|prosp|prov)\b\.?|\w(?:straße|strasse|straat|weg)\b",
    re.I,
)
_DISTRICT: Final = re.compile(
    r"[\w'’ʼ.-]+(?:ськ|ск|зьк|цьк)ий(?:\s+(?:район|р-н))|(?:район|р-н)\s+\S+|[\w'’ʼ-]+\s+(?:район|р-н|district|quartier)",
    re.I,
)
_HOUSE: Final = re.compile(
    r"\d{1,4}\s*[-/]?\s*[а-яіїєa-z]?(?:\s*[/\-,]\s*\d{1,4}\s*[а-яіїєa-z]?)*(?:\s*(?:корп|к|буд|bis|ter)\.?\s*\S{0,4})?",
    re.I,
)
_MODEL: Final = re.compile(
    r"(?:.*\b)?(?:DS-?\d[A-Z0-9]\w*|i?DS-\w+|IPC?-[A-Z]{2,}\w+|DH-\w+|IPC-\w+|HAC-\w+|SD\d{2}\w+|HWI-\w+|NBE-\d+\w*|NDE-\d+\w*|VB-\w+|FLEXIDOME.*"
    r"|DINION.*|AUTODOME.*|[A-Z]{1,2}\d{4}-?[A-Z]{0,4}|[A-Z]{2,5}-[A-Z]*\d{2,}[\w/()-]*)(?:\b.*)?"
)
_VENDOR: Final = re.compile(
    r"(?:hikvision|hik|dahua|axis|bosch|hanwha|samsung|uniview|unv|tiandy|ezviz|imou|panasonic|sony|avigilon|pelco|vivotek|mobotix|milesight"
    r"|honeywell|tp-?link|tapo|reolink|ajax|zkteco|hiwatch|partizan|covi|gazer|tecsar|canon|geovision|arecont|ubiquiti|sunell|infinova|flir"
    r"|longse|provision|greenvision|green vision|i-pro|wisenet|hik-vision|hikvison|hickvision|bosh|tiandi|dahau|hilook"
    r"|хі[кг]в\w+|хи[кг]в\w+|хайкв\w+|дахуа|дагуа|дахау|бош|акс[иі]с|ханв\w+|ун[иі]в\w+|юн[иі]\w+|т[иі]ан\w+|самсунг|аякс"
    r"|партизан|езв[иі]з|сон[иі]|панасон[иі]к|грінвіжн|гринвижн)\b",
    re.I,
)
_KIND: Final = re.compile(
    r"(?:fixed|dome|panning|ptz|bullet|box|turret|speed\s?dome|fisheye|купольн\w*|куполь?|поворотн\w*|стаціонарн\w*|стационарн\w*|фіксован\w*"
    r"|фиксированн\w*|циліндричн\w*|цилиндрическ\w*|корпусн\w*|вуличн\w*|оглядов\w*|обзорн\w*|керован\w*|управляем\w*|fixe|dôme|fija|domo|vast"
    r"|koepel|kuppel|starr)(?:[\s,/(-].*)?",
    re.I,
)
_MOUNT: Final = re.compile(
    r"(?:на\s+)?(?:wall|pole|ceiling|street_lamp|lamp|traffic_signals|roof|gantry|building|стін\w*|фасад\w*|стовп\w*|опор\w*|щогл\w*|дах\w*|стел\w*"
    r"|світлофор\w*|кронштейн\w*|стен\w*|столб\w*|мачт\w*|крыш\w*|потол\w*|светофор\w*|ферм\w*|mur|poteau|plafond|toit|pared|poste|techo|muur|paal"
    r"|dak|wand|mast|dach|decke)(?:[\s,/(].*)?",
    re.I,
)
_SURVEILLANCE: Final = re.compile(
    r"camera|alpr|anpr|guard|lpr|камера|розпізнавання номерів|распознавание номеров", re.I
)
_INDOOR: Final = re.compile(
    r"public|outdoor|indoor|всередині|ззовні|зовні|назовні|внутрішня|зовнішня|внутри|снаружи|внутренняя|наружная|вулиця|приміщення|помещение|webcam",
    re.I,
)
_STATE: Final = re.compile(
    r"(?:не\s*)?(?:працю\w*|справн\w*|робоч\w*|діюч\w*|работа\w*|исправн\w*|рабоч\w*|действу\w*)|active|inactive|working"
    r"|not working|offline|online|ok|в роботі|в работе|несправн\w*|неисправн\w*|демонтован\w*|демонтирован\w*|списан\w*"
    r"|планується|планируется|встановлен\w*"
    r"|в експлуатації|faulty|installed|planned|retired|in service|out of service|en service"
    r"|hors service|ремонт|на ремонті|в ремонте",
    re.I,
)
_BOOLEAN: Final = re.compile(r"так|ні|да|нет|yes|no|true|false|є|немає|есть|oui|non|si|sí|ja|nein|nee|\+|-|0|1", re.I)
_TAGS: Final = re.compile(
    r"\{\s*['\"][^'\"]{1,80}['\"]\s*:|\"[\w:]{1,80}\"\s*=>|[\w:]{2,60}=[^;=]{1,200};\s*[\w:]{2,60}="
)
_SERIAL: Final = re.compile(r"(?=(?:.*\d){4})(?=.*[A-Za-z])[A-Z0-9][A-Z0-9\-/]{7,39}|\d{9,20}|\d[.,]\d+E\+\d+", re.I)
_CODE: Final = re.compile(r"[\w./№\- ]{1,40}")
_BARE_CODE: Final = re.compile(r"(?=.*\d)(?!.*[^\W\d_]{5})[\w./№#:\-]+")
_CAMERA_NUMBER: Final = re.compile(r"(?:cam(?:era)?|кам(?:ера)?|k|к|c)[\W_]*\d{1,5}[a-zа-я]?", re.I)
# Our own camera codes. Source: registry.logic.codes.
_CITY_CODE: Final = re.compile(r"[A-Z]{2,6}-\d{6,9}-\d")
_PHONE: Final = re.compile(r"\+?3?8?\s*\(?0\d{2}\)?[\s-]*\d{3}[\s-]*\d{2}[\s-]*\d{2}")


def number(text: str) -> float | None:
    """The number a person reads in the cell, with a decimal comma, spaces and "~" allowed; None where there is none."""
    text = text.strip().lstrip("~≈").strip()
    if not _NUMBER.fullmatch(text):
        return None
    return float(text.replace("\u00a0", "").replace(" ", "").replace(",", "."))


def _between(low: float, high: float) -> Check:
    def check(text: str) -> bool:
        value = number(text)
        return value is not None and low <= value <= high

    return check


def _measure(low: float, high: float) -> Check:
    """A number with at most a unit behind it."""
    inner = _between(low, high)

    def check(text: str) -> bool:
        return inner(re.sub(r"\s*(?:[a-zа-яіїє°]+\.?|/\w+)$", "", text.strip(), flags=re.IGNORECASE))

    return check


def _full(pattern: re.Pattern[str]) -> Check:
    return lambda text: pattern.fullmatch(text) is not None


def is_coordinate(text: str) -> bool:
    """True for one latitude or longitude in any spelling, also one whose point a spreadsheet lost."""
    value = number(text)
    if value is not None:
        return -180 <= value <= 180 and ("." in text or "," in text)
    return bool(_DESTROYED.fullmatch(text) or _DMS.fullmatch(text) or _MARKED.fullmatch(text))


def is_coordinates(text: str) -> bool:
    """True for a point in one cell: a pair, WKT, a map link, degrees with letters."""
    return bool(
        _PAIR.fullmatch(text)
        or _WKT.fullmatch(text)
        or _MAP_LINK.fullmatch(text)
        or (len(re.findall("[°º˚]", text)) == 2 and any(map(str.isdigit, text)))
        or _two_marked(text)
    )


def _two_marked(text: str) -> bool:
    return len(re.findall(r"(?:[nsew]\s*\d{1,3}[.,]\d+)|(?:\d{1,3}[.,]\d+\s*°?\s*[nsew])", text, re.I)) == 2


def _is_projected(text: str) -> bool:
    value = number(text)
    return value is not None and 1_000 <= abs(value) <= 20_100_000


def is_code(text: str) -> bool:
    """True for a mark without spaces that holds a digit and no word: "CAM-07", "17", "K3/2"."""
    return len(text) <= 30 and _BARE_CODE.fullmatch(text) is not None


def is_camera_number(text: str) -> bool:
    """True for "CAM-07" or "К12", which else looks like a model."""
    return _CAMERA_NUMBER.fullmatch(text) is not None


def is_address(text: str) -> bool:
    """True where a word for a street stands beside other words."""
    return len(text) > 5 and _STREET.search(text) is not None and not _WEB.match(text)


# A target's values must mostly pass its check; a header that promises otherwise loses against the content.
CHECKS: Final[dict[str, Check]] = {
    "city_code": _full(_CITY_CODE),
    "ip": _full(_IP),
    "mac": _full(_MAC),
    "onvif_uuid": _full(_UUID),
    "stream_url": lambda text: bool(_STREAM.match(text) or _WEB.match(text) or _IP.match(text)),
    "coordinates": is_coordinates,
    "lat_deg": lambda text: is_coordinate(text) or _is_projected(text) or number(text) is not None,
    "lon_deg": lambda text: is_coordinate(text) or _is_projected(text) or number(text) is not None,
    "x_m": lambda text: number(text) is not None,
    "y_m": lambda text: number(text) is not None,
    "bearing_deg": lambda text: bool(
        _BEARING_NUMBER.fullmatch(text)
        or _BEARING_WORD.fullmatch(text)
        or "вздовж" in text.lower()
        or _BEARING_WORD.search(text)
    ),
    "installed_on": lambda text: bool(
        _DATE.fullmatch(text) or _YEAR.fullmatch(text) or re.search(r"\d{4}|\d\d[./]\d\d", text)
    ),
    "warranty_until": lambda text: bool(_DATE.fullmatch(text) or _YEAR.fullmatch(text) or re.search(r"\d", text)),
    "height_m": _measure(-50, 5000),
    "hfov_deg": _measure(0, 360),
    "tilt_deg": _measure(-180, 180),
    "range_m": _measure(0, 100_000),
    "ir_range_m": lambda text: _measure(0, 100_000)(text) or bool(_BOOLEAN.fullmatch(text)),
    "width_px": _measure(1, 20_000),
    "height_px": _measure(1, 20_000),
    "fps": _measure(0, 1000),
    "port": _measure(1, 65535),
    "count": lambda text: re.search(r"\d", text) is not None,
    "retention_days": lambda text: re.search(r"\d", text) is not None,
    "tags": lambda text: _TAGS.match(text) is not None,
    "house_part": lambda text: re.search(r"\d", text) is not None or len(text) < 6,
    "floor": lambda text: len(text) < 30,
    "audio": lambda text: len(text) < 30,
}
# Evidence by itself: how sure one is of the target when every value passes and the header says nothing.
ALONE: Final[tuple[tuple[str, float, Check], ...]] = (
    ("stream_url", 0.95, _full(_STREAM)),
    ("coordinates", 0.93, is_coordinates),
    ("onvif_uuid", 0.92, _full(_UUID)),
    ("mac", 0.95, _full(_MAC)),
    ("ip", 0.95, _full(_IP)),
    ("city_code", 0.85, _full(_CITY_CODE)),
    ("tags", 0.85, lambda text: _TAGS.match(text) is not None),
    ("resolution", 0.85, _full(_RESOLUTION)),
    ("codec", 0.9, _full(_CODEC)),
    ("focal_mm", 0.7, _full(_FOCAL)),
    ("address", 0.75, is_address),
    ("district", 0.7, _full(_DISTRICT)),
    ("bearing_deg", 0.7, lambda text: _BEARING_WORD.fullmatch(text) is not None and not text.isdigit()),
    ("vendor", 0.75, _full(_VENDOR)),
    ("model", 0.65, _full(_MODEL)),
    ("kind", 0.65, _full(_KIND)),
    ("mount", 0.65, _full(_MOUNT)),
    ("surveillance", 0.5, _full(_SURVEILLANCE)),
    ("indoor", 0.65, _full(_INDOOR)),
    ("state", 0.6, _full(_STATE)),
    ("installed_on", 0.45, _full(_DATE)),
    ("serial", 0.5, _full(_SERIAL)),
)
_SURE: Final = frozenset(("stream_url", "onvif_uuid", "mac", "ip", "coordinates"))


@dataclass(frozen=True, slots=True)
class Profile:
    """A column's sample. scores: target -> evidence in [0, 1] without the header; filled: share of rows filled."""

    values: tuple[str, ...]
    filled: float
    scores: dict[str, float]
    counts_rows: bool
    median: float | None

    def fits(self, target: str) -> float:
        """Share of values that can be the target; 1 where anything can, or where there is no value."""
        check = CHECKS.get(target)
        if check is None or not self.values:
            return 1.0
        return sum(map(check, self.values)) / len(self.values)

    def is_sure(self, target: str) -> bool:
        """True where the values alone leave no doubt, whatever the header says."""
        return target in _SURE and self.scores.get(target, 0.0) > 0.75


def profile(column: Sequence[str]) -> Profile:
    """What the sampled column holds; blanks and "-" do not count. An empty column has no evidence."""
    values = [text for cell in column if (text := cell.strip()[:_LONGEST]) and text not in _BLANKS]
    unique = tuple(dict.fromkeys(values))[:150]
    scores: dict[str, float] = {}
    for target, weight, check in ALONE if unique else ():
        share = sum(map(check, unique)) / len(unique)
        if share >= 0.5:
            scores[target] = weight * share
    numbers = [value for text in unique if (value := number(text)) is not None]
    median = sorted(numbers)[len(numbers) // 2] if numbers and len(numbers) > 0.5 * len(unique) else None
    _add_degrees(unique, median, scores)
    _settle(unique, scores)
    return Profile(
        values=unique,
        filled=len(values) / max(1, len(column)),
        scores=scores,
        counts_rows=_counts_rows(values[:_RUN]),
        median=median,
    )


_RUN: Final = 150  # only the head of a sample stands in one piece
_LONGEST: Final = 300  # no evidence stands further right, and a pattern must not be made to search a novel
_BLANKS: Final = frozenset(
    ("-", "--", "–", "—", "(empty)", "n/a", "N/A", "null", "NULL", "None", "nan", "NaN", "?", "б/н")
)


def _add_degrees(unique: Sequence[str], median: float | None, scores: dict[str, float]) -> None:
    """Latitude and longitude look alike; the ranges of Ukraine tell them apart, elsewhere the order of columns does."""
    if not unique:
        return
    share = sum(
        bool(is_coordinate(text) and (_DEGREES.fullmatch(text) or number(text) is None)) for text in unique
    ) / len(unique)
    if share < 0.6:
        return
    letters = "".join(unique[:20]).casefold()
    north = bool(re.search(r"[ns]|пн|пд|с\.?\s*ш", letters)) and not re.search(r"e\b|w|сх|зх|в\.?\s*д", letters)
    east = bool(re.search(r"\d\W*e|w|сх|зх|в\.?\s*д", letters)) and not re.search(r"n|s|пн|пд|с\.?\s*ш", letters)
    likely_lat = north or (median is not None and 43 <= median <= 61)
    likely_lon = east or (median is not None and (22 <= median <= 41 or abs(median) > 90))
    scores["lat_deg"] = share * (0.75 if likely_lat else 0.3 if likely_lon else 0.5)
    scores["lon_deg"] = share * (0.75 if likely_lon else 0.3 if likely_lat else 0.5)


def _settle(unique: Sequence[str], scores: dict[str, float]) -> None:
    """Maker and model in one cell; a phone number is no serial number."""
    if "vendor" in scores or "model" in scores:
        both = sum(bool(_VENDOR.match(text)) and len(text.split()) > 1 for text in unique) / len(unique)
        if both >= 0.5:
            scores["vendor_model"] = 0.8 * both
            scores.pop("model", None)
            scores.pop("vendor", None)
    if "serial" in scores and (
        "mac" in scores or "model" in scores or sum(map(_full(_PHONE), unique)) > len(unique) / 2
    ):
        scores.pop("serial")


def _counts_rows(values: Sequence[str]) -> bool:
    """True for 1, 2, 3 ... (also "1." and beginning anew in each section)."""
    numbers = [int(text) for value in values if (text := value.rstrip(".)")).isdecimal() and len(text) < 8]
    if len(numbers) < max(2, 0.95 * len(values)) or 1 not in numbers[:2]:
        return False
    steps = sum(after - before == 1 or after == 1 for before, after in pairwise(numbers))
    return steps >= 0.95 * (len(numbers) - 1)


def looks_like_data(text: str) -> bool:
    """True for a cell that no header holds: a number, a date, an address on a network, a point, a house."""
    text = text.strip()[:_LONGEST]
    if not text:
        return False
    if number(text) is not None:
        return True
    if text[0].isdigit() and (
        _DATE.fullmatch(text) or _DMS.fullmatch(text) or _DESTROYED.fullmatch(text) or _RESOLUTION.fullmatch(text)
    ):
        return True
    return bool(
        _IP.fullmatch(text)
        or _MAC.fullmatch(text)
        or _UUID.fullmatch(text)
        or _STREAM.match(text)
        or _WEB.match(text)
        or is_coordinates(text)
        or _TAGS.match(text)
        or _MARKED.fullmatch(text)
        or _DMS.fullmatch(text)
        or (is_address(text) and re.search(r"\d", text))
        or (_MODEL.fullmatch(text) and re.search(r"\d", text))
        or (_SERIAL.fullmatch(text) and " " not in text)
    )
