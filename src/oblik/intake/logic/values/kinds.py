"""Words of seven languages to the choices of the register: kind, mount, surveillance, zone, state, yes and no."""

import re
from typing import Final

from oblik.intake.logic.values.texts import plain, words

Choice = tuple[str | None, str | None]
Patterns = tuple[tuple[str, "re.Pattern[str]"], ...]


def _patterns(table: dict[str, str]) -> Patterns:
    return tuple((choice, re.compile(pattern, re.IGNORECASE)) for choice, pattern in table.items())


# The first pattern that is found decides: the narrower word stands above the wider one.
_KIND: Final = _patterns(
    {
        "ptz": r"ptz|птз|поворотн|роботиз|speed ?-?dome|швидкісн|скоростн|керован|управляем|schwenk-?neige|pan-?tilt",
        "panning": r"panning|панорамн\w* поворот|поворот\w* по горизонт|schwenkbar|panoramique|girator",
        "dome": r"dome|куп[оу]л|купольн|kuppel|dôme|domo|koepel|turret|турель|eyeball|кульов|шаров|півсфер|fish-?eye"
        r"|риб.яче|рыбий",
        "fixed": r"fixed|bullet|фікс|фикс|стаціонар|стационар|циліндр|цилиндр|корпусн|box|вулична|уличная|fest|"
        r"fija|fixe"
        r"|vast|статичн|нерухом|неподвижн|тубус|кубічн|кубич|cube|оглядова|обзорная",
    }
)
_MOUNT: Final = _patterns(
    {
        "traffic_signals": r"traffic.?(?:signal|light)|світлофор|светофор|ampel|feu tricolore|semáforo|verkeerslicht",
        "street_lamp": r"street.?lamp|lamp.?post|ліхтар|фонар|освітл|освещ|laterne|lampadaire|farola|lantaarn",
        "gantry": r"gantry|рамк|рамн\w* конструкц|портал|ферм|арк[аи]|bridge|міст|мост|schilderbrücke|portique|pórtico",
        "ceiling": r"ceiling|стел[яіею]|потол|decke|plafond|techo|навіс|навес",
        "roof": r"roof|дах|крыш|кровл|покрівл|dach|toit|tejado|dak|парапет",
        "wall": r"wall|стін|стен|фасад|fa[cç]ade|будин|будів|здани|building|wand|mauer|mur|pared|muur|кронштейн",
        "pole": r"pole|mast|опор|стовп|столб|щогл|мачт|стійк|стойк|pfahl|poteau|poste|paal|mât|труб",
    }
)
_SURVEILLANCE: Final = _patterns(
    {
        "ALPR": r"alpr|anpr|lpr|номер\w* знак|держ\w* номер|гос\w* номер|розпізнав\w* номер|распознав\w* номер|номерн|"
        r"автономер|фотовідеофікс|фотовидеофикс|фотофікс|фотофикс|kennzeichen|plaque|matrícula|kenteken|license plate|"
        r"licence plate|швидкост|скорост|speed",
        "guard": r"guard|охорон(?:ець|ник)|охранник|wächter|gardien|vigilante|bewaker",
        "camera": r"cam|камер|відео|видео|огляд|обзор|overview|video|kamera|caméra|cámara|спостереж|наблюд",
    }
)
_STATE: Final = _patterns(
    {
        "lost": r"втрач|утрач|потер|викрад|украд|вкрад|зникл|пропал|знищен|уничтож|lost|stolen|destroyed|"
        r"gestohlen|volé|robad",
        "retired": r"демонт|списан|виведен|выведен|знят|снят|retired|removed|dismantl|decommission|abgebaut|démont|"
        r"retirad|verwijderd|ліквідован|ликвидирован|disused|abandoned",
        "refused": r"відмов|отказ(?:ано)|refus|відхилен|отклонен|rejected|abgelehnt|rechazad|geweigerd",
        "faulty": r"несправ|неисправ|не\s*(?:в\s*)?(?:прац|роботі|рабо[тч]|експл|эксплуат)|"
        r"не\s*робоч|непрац|нерабоч|неробоч|зламан|слом|"
        r"пошкодж|повреж|"
        r"ремонт|fault|broken|defect|defekt|out of order|offline|офлайн|оффлайн|не\s*діє|не\s*функц|вимкн|"
        r"відключ|выключ|отключ|"
        r"з ладу|из строя|збо[їйя]|сбо[йия]|не\s*п[іо]дключ|"
        r"(?:потребу|требу)\w*\s(?:рем|зам)|нема\w* живл|"
        r"нет питан|нет связи|немає зв|en panne|averiad|kapot|"
        r"немає сигнал|нет сигнал|no signal|not working|inactive|not active|неактив",
        # Bought and lying in store: it watches nothing yet.
        "planned": r"план|проєкт|проект|"
        r"^(?:зберіг\w*|хран\w*|знаход\w*|наход\w*)?\s*(?:на|у|в) склад|на збер|на хран|"
        r"резерв|замовл|заказан|(?<![змс])монтаж|in stock|"
        r"planned|proposed|geplant|prévu|previst|gepland|перспектив",
        "applied": r"заявк|подан|applied|beantragt|заявлен",
        "approved": r"погодж|затвердж|согласован|утвержд|approved|genehmigt|approuv|aprobad|goedgekeurd|дозвол",
        "in_service": r"в роботі|в работе|прац[юі]|работа|діюч|діє|действ|експлуат|эксплуат|справн|робоч[аийе]|"
        r"рабоч|active|актив|"
        r"online|онлайн|"
        r"in service|in use|operational|working|in betrieb|en service|en servicio|in gebruik|функціон|функцион|"
        r"введен|увімкн|включен|^ок$|^ok$",
        "installed": r"встановл|установл|змонт|смонт|installed|montiert|installé|instalad|geïnstalleerd|new|нова|новая",
    }
)
_ZONES: Final = _patterns(
    {
        "parking": r"parking|парк(?:ов|інг|инг)|стоянк|parkplatz|parkeer|aparcamiento",
        "traffic": r"traffic|дорог|дорож|трафік|трафик|перехрест|перекр[её]ст|проїзна|проезжая|рух|движени|"
        r"verkehr|circulation|tráfico|verkeer|шосе|шоссе|транспорт",
        "entrance": r"entrance|вхід|вход|в.їзд|въезд|підїзд|під’їзд|подъезд|прохідн|проходн|eingang|entrée|"
        r"entrada|ingang|gate|ворота",
        "atm": r"\batm\b|банкомат",
        "bank": r"\bbank|банк",
        "shop": r"shop|магазин|крамниц|торг|laden|boutique|tienda|winkel",
        "station": r"station|станці|станци|вокзал|зупин|остановк|bahnhof|gare|estación",
        "school": r"school|школ|ліцей|лицей|садок|детский сад|навчальн|учебн",
        "street": r"street|вулиц|улиц|тротуар|пішохід|пешеход|straße|\brue\b|calle|straat",
        "park": r"\bpark|парк|сквер|сад\b",
        "building": r"building|будів|здани|будин|приміщ|помещ|gebäude|bâtiment|edificio|gebouw",
        "town": r"town|міст[оа]|город|площ|stadt|ville|ciudad|\bstad\b|громадськ|общественн",
    }
)
_YES: Final = frozenset(
    [
        "yes",
        "y",
        "true",
        "1",
        "1.0",
        "+",
        "так",
        "т",
        "да",
        "д",
        "є",
        "есть",
        "наявна",
        "наявний",
        "наявно",
        "ja",
        "j",
        "oui",
        "si",
        "sí",
        "x",
        "v",
        "✓",
        "✔",
        "☑",
        "істина",
        "истина",
        "присутній",
    ]
)
_NO: Final = frozenset(
    [
        "no",
        "n",
        "false",
        "0",
        "0.0",
        "-",
        "–",
        "—",
        "ні",
        "нi",
        "н",
        "нет",
        "немає",
        "нема",
        "без",
        "відсутня",
        "відсутній",
        "відсутнє",
        "отсутствует",
        "nein",
        "non",
        "nee",
        "хибність",
        "ложь",
        "☐",
        "✗",
        "✘",
    ]
)
_INDOOR: Final = re.compile(
    r"внутр|всеред|усеред|приміщ|помещ|indoor|inside|innen|intérieur|interior|binnen|в будівлі|в здании|хол|коридор",
    re.IGNORECASE,
)
_OUTDOOR: Final = re.compile(
    r"зовніш|наруж|внешн|вулич|уличн|на вулиці|на улице|outdoor|outside|außen|extérieur|exterior|buiten|"
    r"street|двір|двор",
    re.IGNORECASE,
)


# OpenStreetMap's "surveillance" says whose ground is watched as well; that tells nothing of walls.
_NEITHER: Final = frozenset(("public", "private", "webcam", "yes", "traffic", "town"))


def _choose(text: str, patterns: Patterns, *, own: tuple[str, ...]) -> Choice:
    text = plain(text)
    if not text:
        return None, None
    folded = text.casefold()
    for choice in own:
        if folded in (choice.casefold(), choice.casefold().replace("_", " ")):
            return choice, None
    for choice, pattern in patterns:
        if pattern.search(text):
            return choice, None
    return None, "not_a_choice"


def kind(text: str) -> Choice:
    """How the camera is built: fixed, dome, panning or ptz; "not_a_choice" for other words."""
    return _choose(text, _KIND, own=("fixed", "dome", "panning", "ptz"))


def mount(text: str) -> Choice:
    """What carries the camera: wall, pole, ceiling, street_lamp, traffic_signals, roof or gantry."""
    own = ("wall", "pole", "ceiling", "street_lamp", "traffic_signals", "roof", "gantry")
    return _choose(text, _MOUNT, own=own)


def surveillance(text: str) -> Choice:
    """What watches: camera, ALPR (reads number plates) or guard."""
    return _choose(text, _SURVEILLANCE, own=("camera", "ALPR", "guard"))


def state(text: str) -> Choice:
    """The state of the camera's life; "так" and "ні" in such a column mean that it works or not."""
    plain_text = plain(text)
    answer = boolean(plain_text)[0]
    if plain_text and answer is not None:
        return ("in_service" if answer else "faulty"), None
    own = ("planned", "applied", "approved", "installed", "in_service", "faulty", "retired", "refused", "lost")
    return _choose(text, _STATE, own=own)


def zone(text: str) -> Choice:
    """What is watched, in OpenStreetMap's words where one fits, else as written."""
    clean, code = words(text)
    if clean is None:
        return None, None
    own = next((choice for choice, _ in _ZONES if clean.casefold() == choice), None)
    if own or (clean.isascii() and clean == clean.lower() and " " not in clean):
        return own or clean, code
    return next((choice for choice, pattern in _ZONES if pattern.search(clean)), clean), code


def boolean(text: str) -> tuple[bool | None, str | None]:
    """Yes or no; an empty cell is neither, a dash is neither, "немає" is no; "not_a_choice" for other words."""
    text = " ".join(text.split()).casefold().strip(".!*\"'")
    if text in ("-", "–", "—"):
        return None, None
    if text in _YES:
        return True, None
    if text in _NO:
        return False, None
    clean = plain(text)
    if not clean:
        return None, None
    first = re.split(r"\W+", clean, maxsplit=1)[0]
    if first in _YES and len(first) > 1:
        return True, None
    if first in _NO and len(first) > 1:
        return False, None
    return None, "not_a_choice"


def indoor(text: str) -> tuple[bool | None, str | None]:
    """True inside a building, False outside; also from yes and no."""
    answer, code = boolean(text)
    if answer is not None or code is None:
        return answer, code
    if plain(text).casefold() in _NEITHER:
        return None, None
    inside, outside = bool(_INDOOR.search(text)), bool(_OUTDOOR.search(text))
    if inside == outside:
        return None, "not_a_choice"
    return inside, None


def codec(text: str) -> tuple[str | None, str | None]:
    """H.264, H.265, MJPEG or MPEG-4 (the best of several), else as written."""
    clean, code = words(text)
    if clean is None:
        return None, None
    folded = re.sub(r"[\s._-]", "", clean.casefold())
    known = (("265", "H.265"), ("hevc", "H.265"), ("264", "H.264"), ("avc", "H.264"), ("mjpeg", "MJPEG"))
    for mark, name in (*known, ("mpeg4", "MPEG-4"), ("av1", "AV1")):
        if mark in folded:
            return name, code
    return clean, code
