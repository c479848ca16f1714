"""How people write what they know about a camera: addresses, bearings, numbers, dates, spelt in many ways."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from oblik.demo import names
from oblik.demo.cameras import Site
from oblik.demo.catalogue import SPELLINGS, Model
from oblik.demo.streets import Ground, Rng, Street

_MONTHS_UK: Final = ("січня", "лютого", "березня", "квітня", "травня", "червня", "липня", "серпня", "вересня", "жовтня",
                     "листопада", "грудня")  # fmt: skip
_SECTORS: Final = {
    "uk": ("на північ", "на північний схід", "на схід", "на південний схід", "на південь", "на південний захід",
           "на захід", "на північний захід"),
    "short": ("Пн", "ПнСх", "Сх", "ПдСх", "Пд", "ПдЗх", "Зх", "ПнЗх"),
    "ru": ("север", "северо-восток", "восток", "юго-восток", "юг", "юго-запад", "запад", "северо-запад"),
    "latin": ("N", "NE", "E", "SE", "S", "SW", "W", "NW"),
}  # fmt: skip
KIND_WORDS: Final = {
    "uk": {"fixed": ("стаціонарна", "фіксована", "вулична циліндрична"), "dome": ("купольна", "купол"),
           "ptz": ("поворотна", "PTZ", "роботизована (PTZ)")},
    "ru": {"fixed": ("стационарная", "фиксированная", "цилиндр"), "dome": ("купольная", "купол"),
           "ptz": ("поворотная", "PTZ", "поворотная (PTZ)")},
    "en": {"fixed": ("fixed", "bullet"), "dome": ("dome",), "ptz": ("PTZ", "ptz")},
}  # fmt: skip
STATE_WORDS: Final = {
    "uk": {"in_service": ("працює", "в роботі", "справна"), "faulty": ("не працює", "несправна"),
           "installed": ("встановлено", "змонтована"), "planned": ("запланована", "план"),
           "retired": ("демонтована", "списана")},
    "ru": {"in_service": ("работает", "в работе", "исправна"), "faulty": ("не работает", "неисправна"),
           "installed": ("установлена", "смонтирована"), "planned": ("планируется", "план"),
           "retired": ("демонтирована", "списана")},
    "en": {"in_service": ("online", "OK"), "faulty": ("offline", "fault"), "installed": ("installed",),
           "planned": ("planned",), "retired": ("removed",)},
}  # fmt: skip


def pick(rng: Rng, options: tuple[str, ...], *, first: float = 0.6) -> str:
    """One of the options; the first with probability `first`."""
    if len(options) == 1 or rng.random() < first:
        return options[0]
    return options[1 + int(rng.integers(len(options) - 1))]


@dataclass(frozen=True, slots=True)
class Habit:
    """How one row writes addresses: language uk or ru, old names or new, and which abbreviations (0 to 3)."""

    language: str
    old: bool
    habit: int


def street_words(rng: Rng, street: Street, *, how: Habit) -> str:
    """A street as people write it: kind before or after, short or long, under its old name when `old`."""
    kind, name = street.old if how.old and street.old else (street.kind, street.name)
    if how.language == "ru":
        word, text = (names.SHORT_RU[kind][how.habit], name[1]) if how.habit < 3 else (names.KINDS[kind][0], name[1])
    else:
        word, text = (names.SHORT_UK[kind][how.habit], name[0]) if how.habit < 3 else (kind, name[0])
    if how.habit < 3 and rng.random() < 0.06:
        return f"{word.removesuffix('.')}.{text}" if word.endswith(".") else f"{text} {word}"
    return f"{word} {text}" if rng.random() < 0.93 else f"{text} {word}"


def misspell(rng: Rng, text: str) -> str:
    """The text with two neighbouring letters swapped, one doubled or one lost, never the first letter of a word."""
    spots = [
        i for i in range(2, len(text) - 1) if text[i].isalpha() and text[i - 1].isalpha() and text[i + 1].isalpha()
    ]
    if not spots:
        return text
    i = spots[int(rng.integers(len(spots)))]
    how = int(rng.integers(3))
    if how == 0:
        return text[:i] + text[i + 1] + text[i] + text[i + 2 :]
    return text[:i] + text[i] + text[i:] if how == 1 else text[:i] + text[i + 1 :]


def house_address(rng: Rng, ground: Ground, index: int, *, how: Habit) -> str:
    """Street and house, joined the way this list-keeper is used to."""
    house = ground.houses[index]
    street = street_words(rng, ground.streets[house.street], how=how)
    number = house.number if rng.random() < 0.9 else house.number.replace("-", "").lower()
    joints = (", д. ", ", дом ", ", ") if how.language == "ru" else (", буд. ", ", ", " ")
    return f"{street}{joints[how.habit % 3]}{number}"


def opposite_address(rng: Rng, ground: Ground, index: int, *, how: Habit) -> str:
    """A place told by the house across the street."""
    house = ground.houses[index]
    street = street_words(rng, ground.streets[house.street], how=how)
    if how.language == "ru":
        return f"{street}, напротив дома {house.number}" if how.habit % 2 else f"напротив {street}, {house.number}"
    return f"{street}, навпроти буд. {house.number}" if how.habit % 2 else f"навпроти {street}, {house.number}"


def corner_address(rng: Rng, ground: Ground, site: Site, *, how: Habit) -> str:
    """A place told by the two streets that cross there."""
    first, second = (
        street_words(rng, street, how=how) for street in _crossing_streets(ground, site, how.habit % 2 == 1)
    )
    if how.language == "ru":
        return (
            f"{first} / {second}",
            f"угол {first} и {second}",
            f"пересечение {first} и {second}",
            f"{first} - {second}",
        )[how.habit]
    return (f"{first} / {second}", f"ріг {first} та {second}", f"перехрестя {first} – {second}", f"{first} - {second}")[
        how.habit
    ]


def _crossing_streets(ground: Ground, site: Site, turned: bool) -> list[Street]:
    """One street along and one across, in the order this list-keeper names them."""
    streets = [ground.streets[i] for i in ground.at[site.crossing]] if site.crossing else []
    along = next(s for s in streets if len(s.path) > 1 and s.path[0][1] == s.path[1][1])
    across = next(s for s in streets if len(s.path) > 1 and s.path[0][0] == s.path[1][0])
    return [across, along] if turned else [along, across]


def bearing_words(bearing_deg: float, *, how: str) -> str:
    """A bearing as a word of the compass, in the words `how` names."""
    return _SECTORS[how][round(bearing_deg / 45) % 8]


def spell_mac(mac: str, *, how: str) -> str:
    """A MAC address in one of the notations colon, dash, dot, plain and lower."""
    pairs = [mac[i : i + 2] for i in range(0, 12, 2)]
    return {
        "colon": ":".join(pairs), "dash": "-".join(pairs), "plain": mac, "lower": ":".join(pairs).lower(),
        "dot": f"{mac[:4]}.{mac[4:8]}.{mac[8:]}".lower(),
    }[how]  # fmt: skip


def spell_date(rng: Rng, day: date, *, how: str, language: str) -> str:
    """A date in one of the styles dots, iso, words, month, slash."""
    if how == "mixed":
        how = ("dots", "iso", "month", "slash", "short", "words" if language == "uk" else "dots")[int(rng.integers(6))]
    if how == "words":
        return f"{day.day} {_MONTHS_UK[day.month - 1]} {day.year} р."
    return day.strftime(
        {"dots": "%d.%m.%Y", "iso": "%Y-%m-%d", "month": "%m.%Y", "slash": "%d/%m/%Y", "short": "%d.%m.%y"}[how]
    )


def spell_model(rng: Rng, model: Model, *, loose: float) -> str:
    """A model's name; with probability `loose` in one of the careless ways."""
    name = model.name
    if rng.random() >= loose:
        return name
    return (
        name.lower(), name.replace("-", ""), name.replace("-", " "), name.replace("-", "", 1), name + " ",
        name.split("/")[0], name.replace("-", "_"),
    )[int(rng.integers(7))]  # fmt: skip


def spell_vendor(rng: Rng, model: Model, *, loose: float) -> str:
    """A maker's name; with probability `loose` in one of the careless ways."""
    return pick(rng, SPELLINGS[model.vendor], first=1 - loose)


def spell_height(rng: Rng, height_m: float, *, how: str) -> str:
    """A mount height: `num` 4.5, `comma` 4,5 and `loose` ~4м."""
    plain = f"{height_m:g}"
    if how == "num":
        return plain
    if how == "comma":
        return plain.replace(".", ",")
    return pick(
        rng, (f"~{height_m:.0f}м", f"{plain} м", plain.replace(".", ","), f"{height_m:.0f}м", f"до {height_m:.0f} м")
    )


def eaten_by_spreadsheet(digits: str) -> str:
    """A long number as a spreadsheet shows it: 8,12E+11."""
    return f"{float(digits):.2E}".replace(".", ",")


def dms(value_deg: float, *, positive: str) -> str:
    """Degrees, minutes and seconds with the letter of the hemisphere."""
    minutes_all = abs(value_deg) * 60
    degrees, minutes = divmod(int(minutes_all), 60)
    return f"{degrees}°{minutes:02d}'{(minutes_all - int(minutes_all)) * 60:04.1f}\"{positive}"
