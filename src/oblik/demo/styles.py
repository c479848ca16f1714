"""How each owner of the demo city keeps its list: format, columns, language, habits and care, for two profiles."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

Format = Literal["xlsx", "xls", "ods", "csv", "tsv16", "geojson", "kml", "docx", "osm", "pbf"]


@dataclass(frozen=True, slots=True)
class Style:
    """columns are (key, header) with "group|header" for a two-row header; rates are per row or site.

    address weighs house, corner and opposite; habit picks abbreviations; loose is carelessness in spelling
    makers and models; fill is how often a column is filled; quotes names holders whose inventory numbers stand here.
    """

    owner: str
    file: str
    format: Format
    columns: tuple[tuple[str, str], ...]
    sheet: str = ""
    language: str = "uk"
    second_language: float = 0.0
    titles: tuple[str, ...] = ()
    noise_m: float = 3.0
    digits: int = 6
    by_hand: float = 0.06
    address: tuple[float, float, float] = (0.4, 0.45, 0.15)
    habit: int = 0
    old: float = 0.1
    typo: float = 0.015
    bearing: str = "deg"
    bearing_noise_deg: float = 5.0
    mac: str = "colon"
    date: str = "dots"
    height: str = "num"
    decimal: str = "."
    loose: float = 0.1
    fill: Mapping[str, float] = field(default_factory=dict)
    quotes: tuple[str, ...] = ()
    counts: float = 0.0
    ranges: float = 0.0
    duplicates: float = 0.02
    sections: Literal["", "district", "title"] = ""
    totals: bool = False
    merged: bool = False
    second: tuple[str, str] = ("", "")  # kind of site that stands on a sheet of its own, name of that sheet
    hidden: bool = False
    swapped: float = 0.0
    zero: float = 0.0
    far: float = 0.0
    eaten: float = 0.0
    blanks: float = 0.0
    own_labels: float = 0.0
    turned_labels: float = 0.0
    vague: float = 0.008


_DEFAULT: Final = (
    Style(
        "DCT", "Реєстр камер ДЦТ 2025.xlsx", "xlsx",
        (("no", "№ з/п"), ("inv", "Інвентарний номер"), ("label", "Назва камери"), ("address", "Адреса встановлення"),
         ("lat", "Координати|Широта"), ("lon", "Координати|Довгота"), ("bearing", "Орієнтація|Азимут, °"),
         ("height", "Орієнтація|Висота, м"), ("tilt", "Орієнтація|Нахил, °"), ("hfov", "Оптика|Кут огляду, °"),
         ("pixels", "Оптика|Роздільна здатність"), ("kind", "Тип"), ("vendor", "Обладнання|Виробник"),
         ("model", "Обладнання|Модель"), ("serial", "Обладнання|Серійний номер"), ("mac", "Мережа|MAC-адреса"),
         ("ip", "Мережа|IP-адреса"), ("date", "Дата встановлення"), ("state", "Стан"), ("note", "Примітка")),
        sheet="Камери",
        titles=("Департамент цифрової трансформації", "Реєстр камер відеоспостереження станом на 01.09.2025", ""),
        noise_m=2.5, address=(0.35, 0.5, 0.15), old=0.03, mac="colon", loose=0.04, sections="district", totals=True,
        fill={"bearing": 0.9, "mac": 0.9, "serial": 0.93, "lat": 0.97, "note": 0.04, "height": 0.9}, merged=True,
        second=("square", "Сквери і площі"), hidden=True, swapped=0.006, zero=0.006, far=0.003, eaten=0.02,
        blanks=0.002,
    ),
    Style(
        "EDU", "камери_заклади_освіти.xls", "xls",
        (("no", "№"), ("title", "Заклад"), ("address", "Адреса"), ("label", "Місце встановлення"), ("inv", "Інв. №"),
         ("vendor_model", "Марка, модель"), ("serial", "Заводський №"), ("mac", "MAC"), ("ip", "IP"),
         ("resolution", "Роздільна здатність"), ("date", "Рік/дата встановлення"), ("note", "Примітки")),
        sheet="Заклади", titles=("Інформація про камери відеоспостереження у закладах освіти",), language="uk",
        habit=1, old=0.3,
        address=(1, 0, 0), mac="dash", date="mixed", loose=0.25, merged=True, totals=True, eaten=0.06, typo=0.02,
        fill={"serial": 0.82, "mac": 0.78, "ip": 0.9, "resolution": 0.7, "note": 0.03, "inv": 0.95}, blanks=0.004,
    ),
    Style(
        "SVT", "svitlo_kamery_opory.csv", "csv",
        (("no", "№"), ("pole", "№ опори"), ("address", "адреса"), ("lat", "широта"), ("lon", "довгота"),
         ("count", "к-сть камер"), ("vendor", "виробник"), ("model", "модель"), ("serial", "с/н"),
          ("mac", "мак адреса"),
         ("height", "висота підвісу"), ("holder", "балансоутримувач"), ("inv", "інв.номер"), ("note", "примітка")),
        language="uk", habit=2, old=0.35, noise_m=5, digits=5, decimal=",", height="loose", mac="dot", loose=0.2,
        address=(0.25, 0.6, 0.15), counts=0.06, fill={"serial": 0.75, "mac": 0.8, "height": 0.8, "note": 0.05,
        "lat": 0.9},
        quotes=("DCT", "ZHK"), zero=0.012, swapped=0.008, eaten=0.04, typo=0.025, by_hand=0.1,
    ),
    Style(
        "TRN", "ostanovki_kamery.txt", "tsv16",
        (("no", "№ п/п"), ("title", "Остановка"), ("address", "Адрес"), ("x", "X, м (УСК-2000, зона 11)"),
         ("y", "Y, м (УСК-2000, зона 11)"), ("bearing", "Азимут"), ("kind", "Тип камеры"), ("inv", "Инв. номер"),
         ("ip", "IP адрес"), ("model", "Модель"), ("serial", "Серийный номер"), ("date", "Дата ввода"),
          ("state", "Состояние")),
        language="ru", habit=0, old=0.3, noise_m=4, address=(0.45, 0, 0.55), date="iso", loose=0.1, eaten=0.03,
        fill={"bearing": 0.85, "serial": 0.85, "x": 0.95}, titles=("Перечень камер на остановках",),
    ),
    Style(
        "ZHK", "Відомість камер Житлосервіс.docx", "docx",
        (("no", "№ п/п"), ("address", "Адреса будинку"), ("label", "Під'їзд"), ("count", "Кількість камер"),
         ("vendor_model", "Модель"), ("inv", "Інв. №"), ("mac", "MAC"), ("dms", "Координати"),
          ("state", "Технічний стан")),
        sheet="table 1", language="uk", second_language=0.3, habit=0, old=0.35, noise_m=6, address=(1, 0, 0),
        counts=0.22, loose=0.2, merged=True,
        fill={"dms": 0.5, "mac": 0.6, "state": 0.9}, titles=("Відомість наявності камер відеоспостереження",),
        mac="lower",
    ),
    Style(
        "SHL", "mosty_kamery.geojson", "geojson",
        (("inv", "inv_nomer"), ("title", "object"), ("bearing", "azimut"), ("height", "vysota_m"), ("kind", "typ"),
         ("vendor", "vyrobnyk"), ("model", "model"), ("serial", "serial"), ("ip", "ip"), ("date", "vvedeno"),
          ("state", "stan")),
        language="uk", noise_m=3, date="iso", loose=0.05, fill={"serial": 0.9, "bearing": 0.92},
    ),
    Style(
        "POL", "Патрульна_камери_доступ.ods", "ods",
        (("no", "№"), ("label", "Наименование камеры"), ("address", "Адреса / ориентир"), ("pair", "Координаты"),
         ("bearing", "Напрямок"), ("kind", "Тип"), ("ip", "IP"), ("holder", "Власник"), ("state", "Статус"),
          ("note", "Прим.")),
        sheet="Лист1", language="ru", second_language=0.45, habit=3, old=0.4, noise_m=7, address=(0.25, 0.6, 0.15),
        bearing="short",
        fill={"ip": 0.72, "bearing": 0.9, "note": 0.05, "pair": 0.93}, ranges=0.04, typo=0.025, swapped=0.012,
        zero=0.005, far=0.004,
        by_hand=0.1, bearing_noise_deg=8, own_labels=0.12, turned_labels=0.05,
        titles=("Камеры, к которым есть доступ",),
    ),
    Style(
        "TRC", "orion_cctv.xlsx", "xlsx",
        (("no", "#"), ("title", "Object"), ("address", "Address"), ("floor", "Floor"), ("label", "Camera name"),
         ("ip", "IP"),
         ("login", "Login"), ("password", "Password"), ("mac", "MAC"), ("vendor", "Vendor"), ("model", "Model"),
         ("serial", "S/N"), ("uuid", "ONVIF UUID"), ("gmap", "Google Maps"), ("inv", "Asset"), ("state", "Status")),
        sheet="CCTV", language="ru", habit=1, old=0.2, address=(1, 0, 0), mac="plain", loose=0.08, noise_m=4,
        fill={"mac": 0.93, "serial": 0.9, "uuid": 0.3, "gmap": 0.4}, eaten=0.05,
    ),
    Style(
        "SEC", "Бастіон об'єкти.kml", "kml",
        (("label", "name"), ("title", "Об'єкт"), ("address", "Адреса"), ("kind", "Тип"), ("vendor_model", "Камера"),
         ("mac", "MAC"),
         ("ip", "IP"), ("date", "Дата монтажу"), ("note", "Коментар")),
        language="uk", second_language=0.5, habit=1, old=0.25, noise_m=6, address=(1, 0, 0), mac="colon",
        date="slash", loose=0.2,
        fill={"mac": 0.62, "ip": 0.8, "address": 0.95, "note": 0.04}, far=0.004, own_labels=0.14, turned_labels=0.03,
    ),
    Style(
        "OSM", "surveillance.osm", "osm", (("bearing", "camera:direction"), ("kind", "camera:type"),
        ("mount", "camera:mount"),
                                          ("holder", "operator")),
        language="en", noise_m=6, digits=7, fill={"bearing": 0.6, "kind": 0.65, "mount": 0.4, "holder": 0.08},
        bearing_noise_deg=9,
        duplicates=0.0,
    ),
)  # fmt: skip

_OTHER: Final = (
    Style(
        "DCT", "Камери_ДЦТ_жовтень.ods", "ods",
        (("no", "№"), ("label", "Камера"), ("street", "Вулиця"), ("house", "Будинок"), ("pair", "GPS"),
         ("bearing", "Напрямок огляду"),
         ("vendor_model", "Камера (марка)"), ("serial", "Серійник"), ("ip", "IP"), ("state", "Стан"),
          ("date", "Введено")),
        sheet="Аркуш1", titles=("Додаток 1", "до листа № 12/04"), language="uk", habit=1, noise_m=6, digits=5,
        address=(1, 0, 0),
        bearing="uk", date="mixed", loose=0.3, fill={"serial": 0.8, "ip": 0.85, "bearing": 0.85, "pair": 0.9},
        old=0.15, swapped=0.02,
        zero=0.01, totals=True, eaten=0.05,
    ),
    Style(
        "EDU", "shkoly.csv", "csv",
        (("title", "Школа"), ("address", "Адрес"), ("label", "Камера"), ("count", "Кол-во"), ("mac", "MAC-адрес"),
         ("model", "Модель"),
         ("lat", "Широта"), ("lon", "Долгота"), ("inv", "Инвентарный №")),
        language="ru", habit=0, old=0.5, noise_m=8, digits=5, decimal=",", counts=0.1, mac="dot", loose=0.3,
        address=(1, 0, 0),
        fill={"mac": 0.7, "lat": 0.6, "model": 0.8}, typo=0.03, zero=0.02,
    ),
    Style(
        "SVT", "Опори з камерами.xls", "xls",
        (("no", "№ п/п"), ("inv", "Інв. №"), ("address", "Місце"), ("lat", "Координати|N"), ("lon", "Координати|E"),
         ("bearing", "Азимут"), ("height", "Висота"), ("vendor", "Камера|Фірма"), ("model", "Камера|Модель"),
          ("serial", "Камера|S/N"),
         ("mac", "Камера|MAC"), ("ip", "IP"), ("note", "Примітка")),
        sheet="Опори", titles=("КП «Міськсвітло»", "Перелік опор, на яких розміщено відеокамери"), habit=0,
        old=0.25, noise_m=3.5,
        mac="plain", height="comma", loose=0.1, sections="district", totals=True, ranges=0.03, merged=True,
        address=(0.2, 0.65, 0.15),
        fill={"bearing": 0.75, "mac": 0.75, "serial": 0.85, "ip": 0.5, "note": 0.04}, far=0.005, eaten=0.03,
    ),
    Style(
        "TRN", "Додаток камери зупинки.docx", "docx",
        (("no", "№"), ("title", "Зупинка"), ("address", "Розташування"), ("dms", "Координати"),
         ("bearing", "Куди спрямована"),
         ("vendor_model", "Модель"), ("ip", "IP"), ("inv", "Інв. №")),
        sheet="table 1", language="uk", habit=2, old=0.1, noise_m=5, address=(0.3, 0, 0.7), bearing="uk", loose=0.15,
        fill={"dms": 0.9, "ip": 0.7},
        titles=("Камери на зупинках громадського транспорту",),
    ),
    Style(
        "ZHK", "ZhKH видео 2025.xlsx", "xlsx",
        (("no", "№ п/п"), ("district", "Район"), ("address", "Адрес дома"), ("label", "Подъезд"),
         ("vendor_model", "Оборудование"),
         ("serial", "Серийный номер"), ("mac", "MAC"), ("inv", "Инв. номер"), ("gmap", "Точка на карте"),
          ("date", "Дата установки"),
         ("state", "Состояние")),
        sheet="Дома", titles=("КП «Житлосервіс»", "Сведения о видеокамерах"), language="ru", second_language=0.25,
        habit=1, old=0.45,
        noise_m=5, address=(1, 0, 0), totals=True, merged=True, hidden=True, date="mixed", loose=0.25, typo=0.03,
        eaten=0.08,
        fill={"serial": 0.7, "mac": 0.65, "gmap": 0.5},
    ),
    Style(
        "SHL", "mosty.kml", "kml",
        (("label", "name"), ("title", "Обʼєкт"), ("inv", "Інв. номер"), ("bearing", "Азимут"),
         ("vendor_model", "Тип камери"),
         ("serial", "Серійний номер"), ("ip", "IP")),
        language="uk", noise_m=4, loose=0.1, fill={"serial": 0.85, "bearing": 0.8, "ip": 0.7},
    ),
    Style(
        "POL", "dostup_pp.txt", "tsv16",
        (("no", "№"), ("label", "Назва"), ("address", "Місце"), ("x", "X (УСК-2000, зона 11)"),
         ("y", "Y (УСК-2000, зона 11)"),
         ("bearing", "Напрям"), ("kind", "Тип"), ("ip", "IP"), ("holder", "Балансоутримувач")),
        language="uk", second_language=0.3, habit=1, old=0.5, noise_m=9, bearing="latin", ranges=0.05, typo=0.03,
        by_hand=0.15,
        address=(0.35, 0.45, 0.2), fill={"ip": 0.8, "bearing": 0.85, "x": 0.9}, bearing_noise_deg=10,
        own_labels=0.2, turned_labels=0.06,
    ),
    Style(
        "TRC", "Оріон-камери.csv", "csv",
        (("no", "№"), ("title", "ТЦ"), ("address", "Адреса"), ("floor", "Поверх"), ("label", "Назва"), ("ip", "IP"),
         ("mac", "MAC"),
         ("vendor_model", "Модель"), ("serial", "Серійний №"), ("date", "Дата")),
        language="uk", habit=0, old=0.1, address=(1, 0, 0), mac="dash", loose=0.15, fill={"mac": 0.85,
        "serial": 0.8}, eaten=0.06,
    ),
    Style(
        "SEC", "bastion.geojson", "geojson",
        (("label", "name"), ("title", "object"), ("address", "addr"), ("kind", "type"), ("vendor", "vendor"),
         ("model", "model"),
         ("serial", "sn"), ("ip", "ip")),
        language="ru", noise_m=7, habit=1, old=0.35, address=(1, 0, 0), loose=0.2, fill={"serial": 0.55, "ip": 0.75,
        "address": 0.9},
        second_language=0.4, far=0.006, swapped=0.01, own_labels=0.2, turned_labels=0.05,
    ),
    Style(
        "OSM", "extract.osm.pbf", "pbf", (("bearing", "direction"), ("kind", "camera:type"), ("holder", "operator")),
        language="en", noise_m=7.5, digits=7, fill={"bearing": 0.5, "kind": 0.55, "holder": 0.1},
        bearing_noise_deg=12, duplicates=0.0,
    ),
)  # fmt: skip
STYLES: Final[dict[str, tuple[Style, ...]]] = {"default": _DEFAULT, "other": _OTHER}
