"""What of a record is compared: the columns that matching derives from cleaned records, all by column."""

from typing import Final

import polars as pl

from oblik.intake.logic.matching.company import with_company
from oblik.intake.logic.matching.trust import with_trusted_ids
from oblik.intake.logic.matching.words import SAME_WORDS

TEXTS: Final = (
    "source_id", "inventory_number", "serial", "mac", "onvif_uuid", "ip", "name", "owner_name", "place_origin",
    "address", "street_key", "street", "house", "kind", "vendor", "model", "purpose", "installed_on", "site",
)  # fmt: skip
NUMBERS: Final = ("lon_deg", "lat_deg", "accuracy_m", "bearing_deg", "height_m")
WHOLES: Final = ("port", "camera", "part", "parts", "row_id")

METRES_PER_DEGREE: Final = 111_320.0
GIVEN_ACCURACY_M: Final = 10.0  # where a list does not say: a hand-placed or phone-taken point
GEOCODED_ACCURACY_M: Final = 40.0  # an address point stands inside the building, its cameras on the facades
COARSE_M: Final = 35.0  # a place known no better than this cannot tell neighbours apart
LOST_M: Final = 400.0  # a place known no better than this is a street or a district: no coordinate evidence
SHARED_ID: Final = 3  # an id on this many rows of one list is a recorder's or a placeholder, not a camera's

# One alphabet for Ukrainian, Russian and transliteration. It loses letters on purpose: equal after folding means
# "may be the same word", and the model learns how much that is worth.
_LETTERS: Final = {
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "є": "e", "э": "e", "ё": "e", "ж": "zh",
    "з": "z", "и": "i", "і": "i", "ї": "i", "ы": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o",
    "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch",
    "ю": "iu", "я": "ia", "ь": "", "ъ": "", "'": "", "’": "", "ʼ": "", "`": "", "y": "i", "w": "v", "j": "i",
    "é": "e", "è": "e", "ê": "e", "ë": "e", "à": "a", "â": "a", "ä": "a", "ö": "o", "ü": "u", "ç": "c", "ß": "ss",
}  # fmt: skip
_CAMERA_WORDS: Final = r"\b(?:videokamera|videocamera|vidiokamera|kamera|camera|kam|cam|vk|video|no|n)\b"
_STREET_WORDS: Final = (
    r"\b(?:vulitsia|ulitsa|vulitsa|vul|ul|prospekt|prosp|pr ?t|pr|avenue|av|provulok|pereulok|prov|per|ploscha|"
    r"ploschad|pl|bulvar|bulv|b ?r|bul|shose|naberezhna|nab|street|str|st|rue|bud|budinok|dom|d|m|misto|gorod|g)\b"
)
_CORNER_WORDS: Final = (
    r"\b(?:rig|kut|ugol|perehrestia|perekrestok|peretin|peresechenie|corner|crossing|naproti|naprotiv)\b"
)
# Endings of adjectives and cases: Сумська, Сумская, Сумской and Sumska leave one stem.
_ENDINGS: Final = r"\b([a-z]{3,}?)(?:aia|oho|ogo|oiu|oi|ei|ii|iu|ia|a|i|e|o|u)\b"
_LOOKALIKES: Final = {
    "А": "A", "В": "B", "Е": "E", "І": "I", "К": "K", "М": "M", "Н": "H", "О": "O", "Р": "P", "С": "C", "Т": "T",
    "Х": "X", "У": "Y",
}  # fmt: skip


def prepare(records: pl.DataFrame) -> pl.DataFrame:
    """One row per record with the columns that blocking and the model read; the order of rows is kept.

    records needs record_id and list_id; any other column may be missing or null. Texts that are only ever compared
    for equality become 64-bit codes (hashes), valid within one frame. Places become metres on one local grid around
    the middle of all places. Empty gives empty.
    """
    raw = _complete(records)
    middle = raw["lat_deg"].median()
    lat0 = float(middle) if isinstance(middle, float) else 0.0
    frame = raw.with_columns(_labelled()).with_columns(*_texts(), *_row())
    frame = _addressed(frame.with_columns(*_place(lat0), *_pose()))
    frame = frame.with_columns(*_ids(), *_label())
    frame = with_company(with_trusted_ids(frame))
    return _with_frequencies(frame).select(COLUMNS)


def _complete(records: pl.DataFrame) -> pl.DataFrame:
    """The records with every column that matching knows, in its type; what cannot be cast is null."""
    missing = pl.lit(None)

    def column(name: str, kind: type[pl.DataType]) -> pl.Expr:
        found = pl.col(name) if name in records.columns else missing
        return found.cast(kind, strict=False).alias(name)

    texts = [_emptied(column(name, pl.String)) for name in TEXTS]
    numbers = [column(name, pl.Float64) for name in NUMBERS]
    return records.select(
        pl.col("record_id").cast(pl.Int64),
        pl.col("list_id").cast(pl.Int64),
        column("owner", pl.String).fill_null(""),
        *texts,
        *[pl.when(number.is_finite()).then(number) for number in numbers],
        *[column(name, pl.Int64) for name in WHOLES],
    )


def _emptied(text: pl.Expr) -> pl.Expr:
    stripped = text.str.strip_chars()
    return pl.when(stripped.str.len_chars() > 0).then(stripped)


def folded(text: pl.Expr) -> pl.Expr:
    """Lower-case words of one alphabet, single spaces between; null stays null, punctuation alone gives ""."""
    letters = text.str.to_lowercase().str.replace_many(list(_LETTERS), list(_LETTERS.values()))
    return letters.str.replace_all(r"[^a-z0-9]+", " ").str.strip_chars()


def _labelled() -> pl.Expr:
    """The name; where there is none, an own identifier that reads like one: "Камера 7, двір" is no number."""
    spoken = pl.col("source_id").str.contains(r"\pL{3,}.*[\s,].*|[\s].*\pL{3,}")
    return pl.coalesce("name", pl.when(spoken).then("source_id")).alias("name")


def _texts() -> list[pl.Expr]:
    return [
        _spoken(folded(pl.col("name"))).alias("name_words"),
        _code(folded(pl.col("owner_name"))).alias("owner_named"),
        _emptied(folded(pl.col("site"))).alias("site_fold"),
        _emptied(folded(pl.col("vendor")).str.replace_all(" ", "")).alias("vendor_fold"),
        _emptied(_plain(pl.col("model"))).alias("model_fold"),
        folded(pl.col("address")).alias("address_words"),
        # OpenStreetMap calls "panning" what lists call PTZ.
        pl.col("kind").str.to_lowercase().replace("panning", "ptz").alias("kind_fold"),
        pl.col("installed_on").str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False).alias("installed"),
    ]


def _spoken(words: pl.Expr) -> pl.Expr:
    """The words of a label in one language, as far as they are the usual ones."""
    padded = pl.concat_str(pl.lit(" "), words.str.replace_all(" ", "  "), pl.lit(" "))
    changed = padded.str.replace_many([f" {w} " for w in SAME_WORDS], [f" {w} " for w in SAME_WORDS.values()])
    return changed.str.replace_all(" +", " ").str.strip_chars()


def _plain(text: pl.Expr) -> pl.Expr:
    """Upper-case letters and digits only, Cyrillic look-alikes made Latin."""
    upper = text.str.to_uppercase().str.replace_many(list(_LOOKALIKES), list(_LOOKALIKES.values()))
    return upper.str.replace_all(r"[^0-9A-ZА-ЯІЇЄ]+", "")


def _code(text: pl.Expr) -> pl.Expr:
    """A 64-bit code of the text, null for null and for nothing."""
    full = text.is_not_null() & (text.str.len_chars() > 0)
    return pl.when(full).then(text.hash(20_011).reinterpret(signed=True))


def _row() -> list[pl.Expr]:
    """The source row: given as row_id, else taken from the unbroken numbers of the parts of one row."""
    first_part = pl.col("record_id") - pl.col("part").fill_null(1)
    several = pl.col("parts").fill_null(1) > 1
    return [pl.when(several).then(pl.coalesce("row_id", first_part)).alias("row_key")]


def _place(lat0: float) -> list[pl.Expr]:
    lon, lat = pl.col("lon_deg"), pl.col("lat_deg")
    real = lon.is_between(-180, 180) & lat.is_between(-90, 90) & ~((lon.abs() < 1e-6) & (lat.abs() < 1e-6))
    geocoded = (pl.col("place_origin") == "geocoded").fill_null(value=False)
    thousandths = ((lon * 1000 - (lon * 1000).round()).abs() < 1e-6) & (
        (lat * 1000 - (lat * 1000).round()).abs() < 1e-6
    )
    default = pl.when(geocoded).then(GEOCODED_ACCURACY_M).otherwise(GIVEN_ACCURACY_M)
    stated = pl.when(pl.col("accuracy_m") > 0).then(pl.col("accuracy_m")).otherwise(default)
    floor = pl.when(thousandths).then(80.0).otherwise(pl.when(geocoded).then(20.0).otherwise(1.0))
    accuracy = pl.max_horizontal(stated, floor)
    usable = real & (accuracy < LOST_M)
    # cos(89°) keeps the poles finite; no city is there.
    scale = (pl.lit(min(abs(lat0), 89.0)) * (3.141592653589793 / 180)).cos() * METRES_PER_DEGREE
    return [
        pl.when(usable).then(lon * scale).alias("x_m"),
        pl.when(usable).then(lat * METRES_PER_DEGREE).alias("y_m"),
        pl.when(usable).then(accuracy).alias("acc_m"),
        pl.when(usable).then(geocoded | (accuracy > COARSE_M)).alias("coarse"),
    ]


def _pose() -> list[pl.Expr]:
    turning = pl.col("kind_fold").is_in(["ptz"]).fill_null(value=False)
    bearing = pl.col("bearing_deg")
    return [
        # A turning camera has no bearing of its own: what a list says of it is where it looked that day.
        pl.when(bearing.is_between(-360, 720) & ~turning).then(bearing % 360).alias("bearing"),
        pl.when(pl.col("height_m").is_between(0.3, 150)).then(pl.col("height_m")).alias("height"),
    ]


def _addressed(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with its addresses read, each wording once."""
    wording = ["address_words", "street", "house"]
    read = frame.select(wording).unique().with_columns(_address())
    streets = frame.with_columns(_code(pl.col("street_key")).alias("street_code"))
    return streets.join(read, on=wording, how="left", nulls_equal=True, maintain_order="left")


def _address() -> list[pl.Expr]:
    """Street and house: as resolved by the gazetteer, else as far as the text itself gives them."""
    words = pl.col("address_words")
    own_house = words.str.extract(r"(?:^|\D )(\d{1,4}(?: ?[a-z])?(?: \d{1,3})?)(?: \D*)?$", 1)
    own_street = words.str.replace_all(r"\b\d+ ?[a-z]?\b", " ").str.replace_all(_STREET_WORDS, " ")
    house = pl.coalesce(_emptied(folded(pl.col("house"))), own_house).str.replace_all(" ", "")
    named = folded(pl.col("street")).str.replace_all(_STREET_WORDS, " ")
    text_street = pl.coalesce(_emptied(named), _emptied(own_street)).str.replace_all(_ENDINGS, "${1}")
    text_street = text_street.str.extract_all(r"[a-z]{3,}").list.sort().list.join(" ")
    corner = own_street.str.replace_all(_CORNER_WORDS, " ").str.replace_all(_ENDINGS, "${1}")
    corner = corner.str.extract_all(r"[a-z]{3,}").list.unique().list.sort().list.join(" ")
    return [
        _code(text_street).alias("street_text"),
        _code(pl.when(house.is_null()).then(corner)).alias("corner_text"),
        _code(words.str.replace_all(_STREET_WORDS, " ").str.replace_all(" +", " ")).alias("address_code"),
        _code(house).alias("house_code"),
        house.str.extract(r"^(\d{1,4})", 1).cast(pl.Int64, strict=False).alias("house_number"),
    ]


def _ids() -> list[pl.Expr]:
    # Some makers (Axis and others) print the MAC as the serial number; lists then hold it in either column.
    worn = _plain(pl.col("serial")).str.extract(r"^((?:[0-9]{0,11}[A-F][0-9A-F]{0,11}|00408C[0-9]{6}))$", 1)
    worn = pl.when(worn.str.len_chars() == 12).then(worn)
    mac = pl.coalesce(_plain(pl.col("mac")).str.replace_all("O", "0").str.replace_all(r"[^0-9A-F]", ""), worn)
    real_mac = (mac.str.len_chars() == 12) & ~mac.is_in(["000000000000", "FFFFFFFFFFFF"])
    uuid = pl.col("onvif_uuid").str.to_lowercase().str.extract(r"([0-9a-f]{8}-?[0-9a-f-]{20,})", 1)
    # Read aloud, O is 0 and I is 1.
    serial, inventory = (
        _plain(pl.col(name)).str.replace_many(["O", "I"], ["0", "1"]) for name in ("serial", "inventory_number")
    )
    source = pl.col("source_id")
    # Every owner has its own number 12: a small number means nothing in another owner's list.
    small = inventory.str.contains(r"^0*[0-9]{1,4}$")
    inventory = pl.when(small).then(inventory + "\x1f" + pl.col("owner")).otherwise(inventory)
    host = pl.col("ip")
    private = host.str.contains(r"^(?:10\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.64\.|fd)")
    behind_router = host.str.contains(r"^(?:192\.168\.|169\.254\.|fe80)")
    address = pl.when(pl.col("port").is_null()).then(host).otherwise(host + ":" + pl.col("port").cast(pl.String))
    owned = [pl.col("owner"), pl.lit("\x1f")]
    plausible = (serial.str.len_chars() >= 5) & ~serial.str.contains(r"^(?:0+|1234567?8?9?0?|[X]+)$")
    return [
        _own(_code(pl.when(real_mac).then(mac))).alias("mac_code"),
        pl.when(real_mac).then(mac).alias("mac_text"),
        pl.when(plausible & (serial.str.len_chars() >= 7)).then(serial).alias("serial_text"),
        _own(_code(uuid.str.replace_all("-", ""))).alias("uuid_code"),
        _own(_code(pl.when(plausible).then(serial))).alias("serial_code"),
        _own(_code(pl.when(inventory.str.len_chars() >= 3).then(inventory))).alias("inventory_code"),
        _own(_code(pl.concat_str(*owned, source))).alias("source_code"),
        _own(_code(address)).alias("ip_code"),
        _own(_code(host)).alias("host_code"),
        private.alias("ip_private"),
        behind_router.alias("ip_router"),
        _code(pl.col("owner")).alias("owner_code"),
    ]


def _own(code: pl.Expr) -> pl.Expr:
    """The code, or null where too many rows of one list carry it to be one camera's own."""
    return pl.when(code.is_not_null() & (pl.len().over("list_id", code) < SHARED_ID)).then(code)


def _label() -> list[pl.Expr]:
    words = pl.col("name_words")
    after_word = words.str.extract(r"(?:kamera|camera|kam|cam|vk|no|n) ?0*(\d{1,4})\b", 1)
    last = words.str.extract(r"(\d{1,4})\D*$", 1)
    bare = words.str.replace_all(_CAMERA_WORDS, " ").str.replace_all(r" +", " ").str.strip_chars()
    no_digits = bare.str.replace_all(r"\d+", " ").str.replace_all(r" +", " ").str.strip_chars()
    return [
        pl.coalesce(after_word, last).cast(pl.Int64, strict=False).alias("label_number"),
        _code(words).alias("name_code"),
        _emptied(no_digits).alias("name_rest"),
        _code(pl.col("site_fold")).alias("site_code"),
        _code(pl.col("model_fold")).alias("model_code"),
    ]


def _with_frequencies(frame: pl.DataFrame) -> pl.DataFrame:
    """The share of each model and name among those given, smoothed so that a short list makes nothing look common."""

    def share(name: str) -> pl.Expr:
        given = pl.col(name).is_not_null()
        return pl.when(given).then(pl.len().over(name) / (given.sum() + 200.0)).alias(f"tf_{name}")

    return frame.with_columns(share("model_fold"), share("name_code"))


COLUMNS: Final = (
    "record_id", "list_id", "owner_code", "camera", "part", "parts", "row_key",
    "x_m", "y_m", "acc_m", "coarse", "bearing", "height",
    "street_code", "street_text", "corner_text", "address_code", "house_code", "house_number", "site_code",
    "gap_m", "close_by", "housemates",
    "mac_code", "mac_text", "uuid_code", "serial_code", "serial_text", "inventory_code", "source_code",
    "ip_code", "host_code", "ip_private", "ip_router",
    "name_code", "name_rest", "label_number", "owner_named", "kind_fold", "vendor_fold", "model_fold", "model_code",
    "installed", "tf_model_fold", "tf_name_code",
)  # fmt: skip
