"""Header words of seven languages, as owners write them: each names its target, and units are told apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oblik.intake.logic.headers import folded, read_header, same_header
from oblik.intake.logic.headers_words import WORDS
from oblik.intake.logic.mapping import TARGETS

VARIANTS = {
    "ignore": "№ п/п|№ з/п|N п/п|№пп|Порядковий номер|Порядковый №|Lfd. Nr.|N° d'ordre|Row No.|@version",
    "source_id": """ID|id камери|№ камери|Номер камеры|Camera ID|camera_id|CamNo|OSM ID|Numéro de caméra
        |Kamera-Nr.|Ідентифікатор""",
    "inventory_number": """Інвентарний номер|Інв. №|інв.номер|Инвентарный №|Инв. номер|Inventory number
        |Inv. No.|Asset tag|Numéro d'inventaire|Número de inventario|Inventarisnummer|Inventarnummer
        |Інвентарний №\nосновного засобу""",
    "serial": """Серійний номер|Сер. №|Сер. номер|Заводський номер|Зав. №|Серийный номер|Serial No
        |Serial Number|S/N|Numéro de série|N° de série|Número de serie|Serienummer|Seriennummer
        |Серійний номер камери|SERIAL_NO|серийный №""",
    "mac": "MAC|MAC-адреса|МАС адреса|mac_address|Adresse MAC|MAC адрес камеры|Dirección MAC|MAC-adres",
    "ip": """IP|IP-адреса|IP адреса камери|ip_address|IP-адрес|Adresse IP|IP-Adresse|Dirección IP|ІР адреса
        |IP address""",
    "port": "Порт|Port|RTSP порт|HTTP port|Puerto",
    "name": """Назва|Назва камери|Найменування|Наименование камеры|Camera name|Nom de la caméra|Bezeichnung
        |Naam|Name""",
    "owner_name": """Власник|Балансоутримувач|Власник (балансоутримувач)|На балансі|Балансодержатель
        |Собственник|Владелец камеры|Owner|Propriétaire|Propietario|Eigenaar|Eigentümer|Підприємство
        |Організація-власник|Балансоутримувач камери""",
    "operator_name": """Оператор|Розпорядник|Експлуатуюча організація|Operator|Exploitant|Beheerder|Betreiber
        |Ответственное лицо|Operador""",
    "lat_deg": """Широта|Широта (WGS-84)|Latitude|lat|LAT|gps_lat|Широта, град.|Breitengrad|Breedtegraad
        |Latitud|Геогр. широта|Північна широта""",
    "lon_deg": """Довгота|Долгота|Longitude|lon|lng|Long|Довгота, град|Längengrad|Lengtegraad|Longitud
        |Восточная долгота|Довго-\nта""",
    "coordinates": """Координати|GPS-координати|Координаты|Координати (широта, довгота)|Coordinates
        |GPS coordinates|Coordonnées GPS|Coordenadas|Koordinaten|Coördinaten|Lat/Lon|geometry|WKT|Координаты GPS""",
    "x_m": "X|Координата X|Easting|X, м|Rechtswert|x_coord",
    "y_m": "Y|Координата Y|Northing|Hochwert|y_coord",
    "address": """Адреса|Адреса встановлення|Адреса встановлення камери|Місце встановлення
        |Місце розташування камери|Адреса об'єкта|Адрес установки|Место установки камеры|Местоположение
        |Installation address|Address|Adresse|Emplacement|Dirección|Ubicación|Adres|Standort
        |Адреса (вулиця, будинок)|Місцезнаходження|Фактична адреса розміщення|Adresse d'installation""",
    "street_part": """Вулиця|Назва вулиці|Улица|Street|Street name|Rue|Calle|Straat|Straße|addr:street
        |Straatnaam""",
    "house_part": """Будинок|№ будинку|Номер дома|House number|addr:housenumber|Hausnummer|Huisnummer|Буд.
        |N° de rue""",
    "settlement": "Місто|Населений пункт|Город|City|Commune|Municipio|Gemeente|Gemeinde|addr:city",
    "district": """Район|Район міста|Адміністративний район|District|Quartier|Bezirk|Wijk|Distrito
        |Административный район""",
    "site": "Об'єкт|Назва об’єкта|Объект|Site|Site name|place_id|Опора №|Перехрестя",
    "floor": "Поверх|Этаж|Floor|Étage|Stockwerk|Verdieping|Planta",
    "height_m": """Висота|Висота встановлення, м|Висота (м)|Высота установки|Mounting height|Height, m
        |Hauteur|Hauteur d'installation|Hoogte|Montagehöhe|Вис. встановлення|height_m|Altura de montaje""",
    "bearing_deg": """Азимут|Напрямок|Напрямок огляду|Напрям камери|Направление обзора|Azimuth|azimuth_deg
        |Bearing|Camera direction|camera:direction|Direction|Orientation|Blickrichtung|Kijkrichting|Куди дивиться
        |Азимут, °|Rumbo""",
    "tilt_deg": "Кут нахилу|Угол наклона|Tilt|Tilt angle|Neigung|Inclinaison",
    "hfov_deg": """Кут огляду|Кут огляду, град|Угол обзора|Viewing angle|viewing_angle|FOV|Angle de vue
        |Blickwinkel|Kijkhoek|Field of view""",
    "focal_mm": "Фокусна відстань, мм|Об'єктив|Фокусное расстояние|Focal length (mm)|Brennweite|Focale",
    "range_m": """Дальність|Дальність огляду, м|Дальность обзора|Range|range_m|Portée|Alcance|Reichweite
        |Bereik""",
    "ir_range_m": "ІЧ підсвітка, м|Дальність ІЧ|ИК подсветка|IR range|Infrarouge",
    "resolution": """Роздільна здатність|Роздільна здатність, Мп|Разрешение|Resolution|Résolution|Auflösung
        |Resolutie|Мегапікселі""",
    "fps": "Частота кадрів|FPS|Кадрів за секунду|Frame rate|Images par seconde",
    "codec": "Кодек|Codec|Compression|Стандарт стиснення",
    "vendor": """Виробник|Производитель|Manufacturer|Vendor|Brand|Fabricant|Fabricante|Hersteller|Fabrikant
        |Бренд""",
    "model": "Модель|Модель камери|Модель відеокамери|Model|Modèle|Modelo|Modell|Model No.",
    "vendor_model": """Марка, модель|Марка/модель|Марка та модель|Make and model|Марка и модель
        |Marque et modèle|Виробник, модель""",
    "kind": """Тип камери|Вид камери|Тип камеры|Camera type|camera:type|Type of camera|Type de caméra
        |Kameratyp|Cameratype""",
    "mount": """Кріплення|Спосіб кріплення|Тип крепления|Mount|camera:mount|Mounting|Fixation|Befestigung
        |Bevestiging""",
    "surveillance": "surveillance:type|Тип спостереження",
    "zone": "surveillance:zone|Зона спостереження|Зона огляду|Zone surveillée|Monitored area",
    "audio": "Звук|Запис звуку|Аудио|Audio|Микрофон|Microphone",
    "purpose": "Призначення|Мета встановлення|Назначение|Purpose|Finalité|Zweck|Finalidad|Doel",
    "retention_days": """Термін зберігання|Термін зберігання, діб|Глибина архіву|Срок хранения, сут.
        |Retention (days)|Durée de conservation|Speicherdauer""",
    "stream_url": "RTSP|Посилання на потік|RTSP URL|Stream URL|Ссылка на трансляцию|contact:webcam",
    "login": "Логін|Login|Username|Логин",
    "password": "Пароль|Password|Mot de passe|Passwort",
    "link": "Канал зв'язку|Тип підключення|Провайдер|Канал связи|Connection type|Anbindung",
    "contract": "Договір|№ договору|Номер договору|Договор №|Contract No|Contrat|Vertrag",
    "contractor": "Підрядник|Подрядная организация|Contractor|Installer|Prestataire",
    "warranty_until": "Гарантія до|Гарантійний термін|Warranty until|Гарантия|Fin de garantie|Garantie bis",
    "installed_on": """Дата встановлення|Рік встановлення|Дата введення в експлуатацію|Дата установки
        |Год установки|Installation date|Installed on|start_date|Date d'installation|Installationsdatum
        |Fecha de instalación|Datum plaatsing""",
    "state": "Стан|Статус|Технічний стан|Состояние|Status|État|Estado|Zustand|Working",
    "count": """Кількість|К-сть камер|Кількість камер, шт.|Кол-во|Количество камер|Count|Quantity
        |Nombre de caméras|Anzahl|Aantal|камер, шт""",
    "note": """Примітка|Примітки|Примечание|Notes|Comment|Remarques|Observaciones|Opmerkingen|Bemerkung
        |Коментар""",
    "tags": "tags|OSM tags",
    "onvif_uuid": "UUID|ONVIF UUID|Endpoint reference",
    "indoor": "surveillance|Indoor/Outdoor|Всередині/зовні",
}
CASES = [(text.strip(), target) for target, listed in VARIANTS.items() for text in listed.split("|")]


@pytest.mark.parametrize(("header", "target"), CASES)
def test_a_header_as_owners_write_it_names_its_target(header, target):
    meanings = read_header(header).meanings
    assert meanings, header
    assert meanings[0].target == target
    assert meanings[0].score >= 0.5


def test_enough_variants_are_measured():
    assert len(CASES) >= 350


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("Шырота", "lat_deg"),
        ("Довготта", "lon_deg"),
        ("Серийний номер", "serial"),
        ("Балансоутримувачь", "owner_name"),
        ("Виробнік", "vendor"),
        ("Примитка", "note"),
        ("Adress", "address"),
        ("Longtitude", "lon_deg"),
        ("Manufaturer", "vendor"),
    ],
)
def test_a_misspelt_header_is_still_known(header, target):
    assert read_header(header).meanings[0].target == target


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("Висота, м", "м"),
        ("Висота (см)", "см"),
        ("Height [ft]", "ft"),
        ("Фокусна відстань, мм", "мм"),
        ("Азимут, град.", "град"),
        ("Висота", ""),
        ("Lens (mm)", "mm"),
        ("Азимут (°)", "°"),
        ("Адреса (вулиця, будинок)", ""),
        ("Зберігання (діб)", "діб"),
    ],
)
def test_the_unit_is_read_off_the_header(header, unit):
    assert read_header(header).unit == unit


@pytest.mark.parametrize("header", ["", "   ", "???", "zzqx", "вельмишановний", "1", "—"])
def test_an_unknown_header_has_no_meaning(header):
    assert read_header(header).meanings == ()


def test_words_name_only_targets_that_exist():
    assert {name.removeprefix("~") for name in WORDS} - {"-"} <= set(TARGETS)


def test_case_breaks_and_apostrophes_do_not_matter():
    assert same_header("Назва об'єкта", " НАЗВА\nОБ’ЄКТА:")
    assert not same_header("Широта", "Довгота")


@given(st.text(max_size=40))
def test_folding_never_raises_and_is_idempotent(text):
    once = folded(text)
    assert folded(once) == once
    for meaning in read_header(text).meanings:
        assert 0 <= meaning.score <= 1


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("vysota_m", "height_m"),
        ("vyrobnyk", "vendor"),
        ("typ_kamery", "kind"),
        ("shyrota", "lat_deg"),
        ("dovhota", "lon_deg"),
        ("inv_nomer", "inventory_number"),
        ("adresa", "address"),
        ("prymitka", "note"),
        ("dolgota", "lon_deg"),
        ("vladelets", "owner_name"),
        ("seriynyy_nomer", "serial"),
    ],
)
def test_a_cyrillic_word_in_latin_letters_is_known(header, target):
    assert read_header(header).meanings[0].target == target


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("X, м (УСК-2000, зона 11)", "x_m"),
        ("Координата Y (СК-63)", "y_m"),
        ("Широта (WGS-84)", "lat_deg"),
        ("X [EPSG:6386]", "x_m"),
    ],
)
def test_the_system_of_coordinates_in_brackets_does_not_hide_the_axis(header, target):
    assert read_header(header).meanings[0].target == target
