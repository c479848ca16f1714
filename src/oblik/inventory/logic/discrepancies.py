"""Where the lists disagree: cameras beyond an owner's list, cameras gone from it, fields on which sources differ."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import polars as pl

from oblik.registry.logic.fields import FIELDS

DiscrepancyKind = Literal["surplus", "shortage", "mismatch"]
DISCREPANCY_KINDS: Final[tuple[DiscrepancyKind, ...]] = ("surplus", "shortage", "mismatch")

# One line per claim: what one source says about one field of one camera.
CLAIMS_SCHEMA: Final = {
    "camera": pl.String,
    "field": pl.String,
    "value": pl.String,
    "source": pl.String,  # as a person is told of it: "list.xlsx, Лист1, 17"
    "kind": pl.String,  # list | osm | field | device | person
    "owner": pl.String,  # whose list it is; null for sources that are nobody's list
    "current": pl.Boolean,  # False where a newer list of the same owner replaced it
}

POSITION: Final = "position"
# Claims of this field hold street and house together, where both are known: a corner may be named by either street.
ADDRESS: Final = "address"
POSITION_TOLERANCE_M: Final = 30.0  # two lists that walk to one pole differ by less; the other side of a square by more
_M_PER_DEG: Final = 111_320.0  # one degree of latitude, WGS 84, to 0.5 %

# Each owner numbers and contracts by itself, so these are compared among one owner's own sources only.
_OWN: Final = ("inventory_number", "contract", "contractor", "warranty_until")
# Free wording, keys of one list, and what other comparisons already say.
_NOT_COMPARED: Final = frozenset(
    {
        "city_code",
        "source_id",
        "name",
        "owner_name",  # answered by surplus
        "operator_name",
        "lon_deg",  # compared together as POSITION
        "lat_deg",
        "accuracy_m",
        "place_origin",
        "street",  # compared together as ADDRESS
        "street_key",
        "house",
        "site",
        "note",
        "purpose",
        "link",
        "state",  # the life of a camera moves between two lists' dates
    }
)
COMPARED: Final = tuple(name for name, field in FIELDS.items() if name not in _NOT_COMPARED and not field.secret)
_NUMBERS: Final = tuple(name for name in COMPARED if FIELDS[name].type in ("number", "integer"))
_TEXTS: Final = tuple(name for name in COMPARED if name not in _NUMBERS)

# Letters that look alike: a serial typed with a Cyrillic "С" is the same serial.
_LOOKALIKES: Final = str.maketrans("авекмнорстухіё", "abekmhopctyxie")
_LEGAL_FORMS: Final = re.compile(
    r"\b(комунальне підприємство|коммунальное предприятие|державне підприємство|приватне підприємство|фізична особа"
    r" підприємець|товариство з обмеженою відповідальністю|общество с ограниченной ответственностью|кп|дп|пп|фоп|тов|"
    r"ооо|ао|ат|прат|llc|ltd)\b"
)

# "Липовий район" and "Липовий" are one district.
_DISTRICT_WORDS: Final = r"(?i)\b(район|р-н|district)\b\.?"


@dataclass(frozen=True, slots=True)
class Said:
    """One value of a field and the sources that say it; owners: whose list each of them is, "" for nobody's.

    Without sources: others' lists say something else, and the reader may not know what.
    """

    value: str
    sources: tuple[str, ...]
    owners: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One discrepancy of one owner's list about one camera.

    field: a name of FIELDS or POSITION for a mismatch, "owner_name" for a surplus, "" for a shortage.
    gap: the largest difference between numbers in the field's unit (metres for POSITION); None where none applies.
    """

    owner: str
    kind: DiscrepancyKind
    camera: str
    field: str
    values: tuple[Said, ...]
    gap: float | None = None

    def for_owner(self) -> "Discrepancy":
        """The discrepancy as its owner may know it: with their own lists' words and those that are nobody's.

        That others' lists say something is told, what they say is not.
        """
        values: list[Said] = []
        for said in self.values:
            own = [
                (source, owner)
                for source, owner in zip(said.sources, said.owners, strict=True)
                if owner in ("", self.owner)
            ]
            if own:
                values.append(Said(said.value, tuple(source for source, _ in own), tuple(owner for _, owner in own)))
        hidden = sum(len(said.sources) for said in self.values) > sum(len(said.sources) for said in values)
        told = (*values, Said("", (), ())) if hidden else tuple(values)
        return Discrepancy(self.owner, self.kind, self.camera, self.field, told, None if hidden else self.gap)


def folded(text: str) -> str:
    """The text in lower case without spaces, signs, accents and look-alike letters; "" for a text of signs alone."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(_LOOKALIKES)
    return "".join(letter for letter in plain if letter.isalnum())


def folded_name(text: str) -> str:
    """An organisation's name folded, without its legal form: "КП «Світло»" and "ТОВ Світло" agree."""
    words = re.sub(r"[^\w]+", " ", unicodedata.normalize("NFKC", text).casefold().replace("’", "").replace("'", ""))
    bare = _LEGAL_FORMS.sub(" ", words)
    return folded(bare) or folded(words)


def discrepancies_of(
    rows: pl.DataFrame,
    claims: pl.DataFrame,
    *,
    owners: Mapping[str, str],
    retired: Collection[str] = (),
    asked: Collection[tuple[str, str]] = (),
) -> tuple[Discrepancy, ...]:
    """All discrepancies, ordered by owner, kind (surplus, shortage, mismatch), camera and field.

    rows: classified rows of the campaign. claims: CLAIMS_SCHEMA, of all cameras worth asking about. owners: code ->
    name; both are recognised in claims of owner_name. retired: cameras whose absence is in order. asked: owner and
    camera where a row waiting for review may be that camera: it is not known to be absent. Empty gives empty.
    """
    held = _held(rows)
    listed = set(held["camera"])
    parts: list[Discrepancy] = []
    handed_in = set(rows.filter(pl.col("current"))["owner"])
    parts += [
        part
        for part in _surplus(held, claims, owners=owners)
        # What nobody's current list holds concerns this campaign only where the owner takes part in it.
        if part.owner in handed_in or part.camera in listed
    ]
    told = {(part.owner, part.camera) for part in parts} | set(asked)
    parts += _shortage(rows, claims, retired=set(retired), told=told)
    parts += mismatches(claims.join(held, on="camera", how="semi"), held=held)
    order = {kind: place for place, kind in enumerate(DISCREPANCY_KINDS)}
    return tuple(sorted(parts, key=lambda part: (part.owner, order[part.kind], part.camera, part.field)))


def _held(rows: pl.DataFrame) -> pl.DataFrame:
    """camera, holder: which owners' current lists hold which camera."""
    mine = rows.filter(pl.col("category").is_in(("camera", "duplicate")) & pl.col("camera").is_not_null())
    return mine.select("camera", holder="owner").unique(maintain_order=True)


def _surplus(held: pl.DataFrame, claims: pl.DataFrame, *, owners: Mapping[str, str]) -> list[Discrepancy]:
    """Cameras that other sources place at an owner whose own lists do not hold them."""
    codes = {folded_name(name): code for code, name in owners.items()} | {folded(code): code for code in owners}
    named = claims.filter((pl.col("field") == "owner_name") & pl.col("current"))
    meant = {name: codes.get(folded_name(name)) or codes.get(folded(name)) for name in named["value"].unique()}
    placed = named.with_columns(
        holder=pl.col("value").replace_strict(meant, default=None, return_dtype=pl.String)
    ).filter(pl.col("holder").is_not_null() & pl.col("holder").ne_missing(pl.col("owner")))
    lacking = placed.join(held, on=("camera", "holder"), how="anti")
    return [
        Discrepancy(owner=owner, kind="surplus", camera=camera, field="owner_name", values=values)
        for (owner, camera), values, _ in _groups(lacking, "holder", "camera")
    ]


def _shortage(
    rows: pl.DataFrame, claims: pl.DataFrame, *, retired: set[str], told: set[tuple[str, str]]
) -> list[Discrepancy]:
    """Cameras of an owner's earlier lists, in this campaign or before it, that its current lists do not hold."""
    replaced = rows.filter((pl.col("category") == "replaced") & pl.col("camera").is_not_null())
    earlier = pl.concat(
        [
            replaced.select(
                "camera",
                "owner",
                source=_row_text(),
            ),
            claims.filter((pl.col("kind") == "list") & pl.col("owner").is_not_null()).select(
                "camera", "owner", "source"
            ),
        ]
    ).unique(maintain_order=True)
    answered = rows.filter(pl.col("category").is_in(("camera", "duplicate", "waiting", "broken")))
    gone = earlier.join(answered.select("owner").unique(), on="owner", how="semi").join(
        _held(rows).rename({"holder": "owner"}), on=("owner", "camera"), how="anti"
    )
    return [
        Discrepancy(owner=owner, kind="shortage", camera=camera, field="", values=values)
        for (owner, camera), values, _ in _groups(gone, "owner", "camera")
        if camera not in retired and (owner, camera) not in told
    ]


def _row_text() -> pl.Expr:
    """A row as people are told of it: "list.xlsx · Камери · 12"."""
    sheet = pl.when(pl.col("sheet") != "").then("sheet")
    return pl.concat_str("file", sheet, pl.col("row").cast(pl.String), separator=" · ", ignore_nulls=True)


def mismatches(claims: pl.DataFrame, *, held: pl.DataFrame) -> list[Discrepancy]:
    """Fields of held cameras on which current sources differ by more than the field's tolerance, once per holder."""
    claims = claims.filter(pl.col("current") & pl.col("value").is_not_null() & (pl.col("value") != ""))
    claims = claims.with_columns(
        scope=pl.when(pl.col("field").is_in(_OWN)).then(pl.col("owner").fill_null("")).otherwise(pl.lit(""))
    )
    wrong = pl.concat([_texts_apart(claims), _numbers_apart(claims)])
    lines = claims.join(wrong, on=("camera", "field", "scope"), how="inner")
    lines = pl.concat([lines, _positions_apart(claims)], how="diagonal_relaxed")
    lines = lines.join(held, on="camera", how="inner").filter(
        (pl.col("scope") == "") | (pl.col("scope") == pl.col("holder"))
    )
    return [
        Discrepancy(owner=owner, kind="mismatch", camera=camera, field=name, values=values, gap=gap)
        for (owner, camera, name), values, gap in _groups(lines, "holder", "camera", "field")
    ]


def _texts_apart(claims: pl.DataFrame) -> pl.DataFrame:
    """camera, field, scope of texts that fold differently; gap is null."""
    texts = claims.filter(pl.col("field").is_in(_TEXTS))
    bare = pl.col("value").str.replace_all(_DISTRICT_WORDS, "")
    texts = texts.with_columns(pl.when(pl.col("field") == "district").then(bare).otherwise("value").alias("value"))
    folds = {value: folded(value) for value in texts["value"].unique()}
    texts = texts.with_columns(fold=pl.col("value").replace_strict(folds, default="", return_dtype=pl.String))
    return (
        texts.filter(pl.col("fold") != "")
        .group_by("camera", "field", "scope")
        .agg(folds=pl.col("fold").unique())
        .filter(pl.col("folds").list.len() > 1)
        .filter(
            (pl.col("field") != "model")
            | ~pl.col("folds").map_elements(lambda folds: _within_one(list(folds)), return_dtype=pl.Boolean)
        )
        .select("camera", "field", "scope", gap=pl.lit(None, dtype=pl.Float64))
    )


def _within_one(folds: list[str]) -> bool:
    """True where the longest text holds all others: a model written with and without its maker."""
    longest = max(folds, key=len)
    return all(fold in longest for fold in folds)


def _numbers_apart(claims: pl.DataFrame) -> pl.DataFrame:
    """camera, field, scope of numbers further apart than the field's tolerance; bearings are compared on a circle."""
    numbers = (
        claims.filter(pl.col("field").is_in(_NUMBERS))
        .select("camera", "field", "scope", number=pl.col("value").cast(pl.Float64, strict=False))
        .drop_nulls("number")
        .unique(maintain_order=True)
    )
    tolerance = {name: FIELDS[name].tolerance for name in _NUMBERS}
    apart = (pl.col("number") - pl.col("number_right")).abs()
    around = pl.when(pl.col("field") == "bearing_deg").then(pl.min_horizontal(apart % 360, 360 - apart % 360))
    return (
        numbers.join(numbers, on=("camera", "field", "scope"))
        .with_columns(gap=around.otherwise(apart))
        .group_by("camera", "field", "scope")
        .agg(pl.col("gap").max())
        .filter(pl.col("gap") > pl.col("field").replace_strict(tolerance, default=0.0, return_dtype=pl.Float64) + 1e-9)
    )


def _positions_apart(claims: pl.DataFrame) -> pl.DataFrame:
    """Positions of cameras whose sources place them too far apart, as claims of POSITION written "lat, lon", with gap.

    Two positions may differ by POSITION_TOLERANCE_M or, where that is more, by the sum of their stated accuracies.
    """
    said = claims.filter(pl.col("field").is_in(("lon_deg", "lat_deg", "accuracy_m"))).with_columns(
        number=pl.col("value").cast(pl.Float64, strict=False)
    )
    places = said.group_by("camera", "source").agg(
        pl.col("owner").first(),
        *(
            pl.col("number").filter(pl.col("field") == name).first().alias(name)
            for name in ("lon_deg", "lat_deg", "accuracy_m")
        ),
    )
    places = places.drop_nulls(["lon_deg", "lat_deg"])
    pairs = places.join(places.drop("owner"), on="camera").filter(pl.col("source") < pl.col("source_right"))
    east = (pl.col("lon_deg") - pl.col("lon_deg_right")) * pl.col("lat_deg").radians().cos()
    north = pl.col("lat_deg") - pl.col("lat_deg_right")
    stated = pl.col("accuracy_m").fill_null(0) + pl.col("accuracy_m_right").fill_null(0)
    far = (
        pairs.with_columns(gap=(east.pow(2) + north.pow(2)).sqrt() * _M_PER_DEG, stated=stated)
        .filter(pl.col("gap") > pl.max_horizontal(pl.lit(POSITION_TOLERANCE_M), "stated"))
        .group_by("camera")
        .agg(pl.col("gap").max())
    )
    written = pl.concat_str(
        pl.col("lat_deg").round(6).cast(pl.String), pl.col("lon_deg").round(6).cast(pl.String), separator=", "
    )
    return places.join(far, on="camera").select(
        "camera", "source", "owner", "gap", field=pl.lit(POSITION), scope=pl.lit(""), value=written
    )


def _said(values: list[str], sources: list[str], owners: list[str | None]) -> tuple[Said, ...]:
    """The distinct values with all their sources, in the order of values."""
    said: dict[str, set[tuple[str, str]]] = {}
    for value, source, owner in zip(values, sources, owners, strict=True):
        said.setdefault(value, set()).add((source, owner or ""))
    return tuple(
        Said(
            value, tuple(source for source, _ in sorted(said[value])), tuple(owner for _, owner in sorted(said[value]))
        )
        for value in sorted(said)
    )


def _groups(lines: pl.DataFrame, *keys: str) -> Iterable[tuple[tuple[str, ...], tuple[Said, ...], float | None]]:
    """Keys, what was said and the gap of each group."""
    absent = {"value": pl.lit(""), "gap": pl.lit(None, dtype=pl.Float64)}
    lines = lines.with_columns(whose=pl.col("owner"))
    lines = lines.with_columns(**{name: column for name, column in absent.items() if name not in lines.columns})
    grouped = lines.group_by(*keys, maintain_order=True).agg("value", "source", "whose", pl.col("gap").first())
    for *key, values, sources, owners, gap in grouped.iter_rows():
        yield tuple(key), _said(values, sources, owners), gap
