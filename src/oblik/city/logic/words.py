"""The words of an address: kinds of street, house, corner, settlement; in Ukrainian, Russian and Latin letters."""

from functools import lru_cache
from typing import Final

# Kinds are named in Ukrainian. `майдан` and `площа` are both `площадь` in Russian lists and share one kind in keys.
KIND_FORMS: Final[dict[str, str]] = {
    "вулиця": "вул вулиця вулиці вулицю вулиць вулицями улица улицы улице улицу улиц ул вл vul vulytsia vulytsya "
    "vulitsa ul ulitsa ulica street str st rue strasse straße straat calle via katu",
    "проспект": "просп проспект проспекту проспекта проспекті проспекте пр-т пр-та пр-ту пр-кт прт прсп пр prosp "
    "prospekt prospect pr-t prospekta avenue ave av",
    "провулок": "пров провулок провулку провулка пр-к пер переулок переулка переулку "
    "prov provulok per pereulok lane ln",
    "бульвар": "бул бульв бульвар бульвару бульвара б-р бр-р bul bulv bulvar boulevard blvd bd",
    "площа": "пл площа площі площу площадь площади pl ploshcha ploshchad square sq place platz plaza aukio",
    "майдан": "майдан майдану майдана майдані м-дан maidan maydan",
    "шосе": "шосе шоссе ш shose shosse highway",
    "набережна": "наб набережна набережної набережній набережная набережной nab naberezhna naberezhnaya quai "
    "embankment",
    "узвіз": "узвіз узвозу узвозі узв сп спуск спуска спуску uzviz spusk",
    "в'їзд": "в'їзд в'їзду вїзд в-д въезд въезда vizd vyizd v'izd vezd vyezd",
    "проїзд": "проїзд проїзду проезд проезда пр-д пр-зд прд прзд proizd proyizd proezd drive",
    "тупик": "тупик тупика тупику туп tupyk tupik",
    "алея": "алея алеї аллея аллеи ал aleia aleya alleya alley allée",
    "шлях": "шлях шляху shliakh shlyakh way chemin",
    "дорога": "дорога дороги автодорога автошлях doroha doroga road rd route tie",
    "лінія": "лінія лінії линия линии liniia liniya",
    "мікрорайон": "мкр мікрорайон мікрорайону микрорайон микрорайона мкрн мкр-н м-н мк-н мікр mkr mikroraion "
    "mikrorayon",
    "житловий масив": "жилмасив жилмасиву жилмассив житломасив жм ж-м масив массив zhylmasyv zhilmassiv",
    "квартал": "квартал кварталу квартала kvartal",
    "станція метро": "метро м-ро metro",
    "зупинка": "зупинка зупинки зупинці зуп остановка остановки ост stop zupynka ostanovka",
    "район": "район",
    "парк": "парк парку парка park",
    "сквер": "сквер скверу сквера skver",
}
KIND_WORDS: Final = {form: kind for kind, forms in KIND_FORMS.items() for form in forms.split()}
PLURAL_KINDS: Final = frozenset({"вулиць", "вулицями", "улиц"})
UNSURE_KINDS: Final = {"пр": ("проспект", "проїзд", "провулок")}  # the abbreviation stands for any of these
AREA_KINDS: Final = frozenset({"мікрорайон", "житловий масив", "квартал", "район", "парк", "сквер"})
STOP_KINDS: Final = frozenset({"станція метро", "зупинка"})
# Streets so large that a list may call them simply "street"; lanes and entries are never meant by that word.
MAJOR_KINDS: Final = frozenset({"проспект", "бульвар", "шосе", "набережна"})
# Kinds that are also names by themselves: "вул. Набережна".
NAME_KINDS: Final = frozenset({"набережна", "шлях", "лінія", "алея", "дорога", "в'їзд", "парк", "площа"})
KIND_KEYS: Final = {"майдан": "площа"}
GENDERS: Final = {
    "f": frozenset({"вулиця", "площа", "набережна", "алея", "дорога", "лінія", "станція метро", "зупинка"}),
    "m": frozenset(
        {"проспект", "провулок", "бульвар", "узвіз", "в'їзд", "проїзд", "тупик", "шлях", "мікрорайон", "площа", "район",
         "житловий масив", "квартал"}
    ),
    "n": frozenset({"шосе"}),
}  # fmt: skip

_ROLE_FORMS: Final[dict[str, str]] = {
    "house": "буд будинок будинку будинка д дом дома будівля budynok bud dom house building bldg nr no",
    "block": "корп корпус korp korpus",
    "building": "стр строение споруда",
    "letter": "літ літера лит литер литера",
    "drop": "кв квартира під'їзд під'їзду підїзд під подъезд подъезда подезд п-д поверх поверху этаж этажа эт офіс "
    "офис оф кімн кімната ком комната приміщення помещение прим секція секция apt flat floor entrance",
    "corner": "ріг розі рогу кут угол угла углу перехрестя перехресті перекресток перекрёсток перекрестке пересечение "
    "пересечении перетин перетині corner crossroads intersection rih uhol ugol",
    "opposite": "навпроти напротив opposite навпр напр navproty naprotiv",
    "near": "біля около поруч поряд рядом возле коло near при bilia okolo",
    "join": "та і й и з с із зі со and und et",
    "settlement": "місто город смт село селище пгт поселок посёлок пос сел хутір misto gorod",
    "region": "обл область области області oblast",
    "district": "р-н р-ну район районі районе р-он раион raion rayon district",
    "skip": "україна украина ukraine індекс индекс адреса адрес бн на боку "
    "стороны в у за по від от the of колишня колишній бывшая бывший ул-ца",
    "landmark": "тц трц тк школа школи школы ліцей лицей гімназія зош нвк сош днз дитсадок ринок рынок лікарня "
    "больница супермаркет магазин азс аптека кафе вокзал стадіон стадион university готель гостиница аэропорт аеропорт",
}
ROLES: Final[dict[str, str]] = {form: role for role, forms in _ROLE_FORMS.items() for form in forms.split()}
SHORT_SETTLEMENT: Final = frozenset({"м", "г", "с"})  # "м. Харків", "г. Харьков", "с. Лісне"
YEAR_WORDS: Final = frozenset({"року", "года", "році", "рр", "років", "лет", "річчя", "летия", "річниці"})
# A number before these is part of the name ("8 Березня"), even where no house follows.
_COUNTED: Final = (
    "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня января февраля марта "
    "апреля мая июня июля августа сентября октября ноября декабря років лет річчя армії армии гвардійської гвардейской "
    "bereznia travnia serpnia veresnia zhovtnia marta maya avgusta oktyabrya"
)
COUNTED_WORDS: Final = frozenset(_COUNTED.split())


def _deletions(word: str) -> set[str]:
    return {word} | {word[:i] + word[i + 1 :] for i in range(len(word))}


_NEAR_KINDS: Final = {
    cut: kind for form, kind in KIND_WORDS.items() if len(form) >= 5 and "-" not in form for cut in _deletions(form)
}


@lru_cache(maxsize=50_000)
def mistyped_kind(word: str) -> str:
    """The kind that a lower-case word of five letters or more misses by one slip ("вулця", "улиац"), else ""."""
    if len(word) < 5 or word in KIND_WORDS or word in ROLES:
        return ""
    kinds = {_NEAR_KINDS[cut] for cut in _deletions(word) if cut in _NEAR_KINDS}
    return kinds.pop() if len(kinds) == 1 else ""
