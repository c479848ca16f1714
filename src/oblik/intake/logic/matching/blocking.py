"""Which pairs of records are worth scoring: neighbours in place, equal ids, equal addresses, and nothing missed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import duckdb
import polars as pl

from oblik.intake.logic.matching.frame import prepare

FINE_CELL_M: Final = 75.0
FINE_REACH_M: Final = 150.0  # farther apart than this, two good coordinates are two places
WIDE_CELL_M: Final = 300.0
WIDE_REACH_M: Final = 60.0  # and besides 2.5 times both accuracies
CROWD: Final = 250  # rows under one key; more than this and a second key is asked for
NAMESAKES: Final = 12  # a name on more rows than this is a word, not a name
THRONG: Final = 1_000  # rows under two keys; more than this is no evidence at all and is left out, and reported

_IDS: Final = ("mac_code", "uuid_code", "serial_code", "inventory_code", "source_code", "host_code")
_SECOND: Final = ("label_number", "name_code", "model_code", "bearing_sector")
_NEIGHBOURS: Final = "(select unnest([-1, 0, 1]) as dx) as a, (select unnest([-1, 0, 1]) as dy) as b"


@dataclass(frozen=True, slots=True)
class BlockingReport:
    """rows and pairs; by_rule counts pairs before those found twice are dropped; crowded lists keys that needed a
    second key, as (rule, rows), biggest first; left_out counts rows under keys that stayed too big even so."""

    rows: int
    pairs: int
    by_rule: dict[str, int] = field(default_factory=dict)
    crowded: tuple[tuple[str, int], ...] = ()
    left_out: int = 0

    @property
    def pairs_per_row(self) -> float:
        return self.pairs / self.rows if self.rows else 0.0


def connect(*, memory_mb: int = 8_000, threads: int = 2, spill_directory: str = "") -> duckdb.DuckDBPyConnection:
    """A DuckDB of our own in memory: fixed threads, bounded memory, no extension fetched from anywhere.

    spill_directory: where it may put what does not fit; "" keeps everything in memory.
    """
    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": str(threads),
            "memory_limit": f"{memory_mb}MB",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "temp_directory": spill_directory,
        },
    )
    connection.execute("set preserve_insertion_order = false")
    return connection


def candidate_pairs(records: pl.DataFrame) -> tuple[pl.DataFrame, BlockingReport]:
    """The pairs (left, right), left < right, that any rule finds, and the report. See `block`."""
    with connect() as connection:
        connection.register("prepared", prepare(records).to_arrow())
        report = block(connection)
        pairs = connection.sql("select join_key_l as left, join_key_r as right from pairs order by 1, 2").pl()
    return pairs, report


def block(connection: duckdb.DuckDBPyConnection) -> BlockingReport:
    """Writes the table pairs(match_key, join_key_l, join_key_r) from the table `prepared` and reports on it.

    Two records are a pair if they share a strong id, lie in the same or neighbouring cells within reach (75 m cells for
    good coordinates, 300 m where one of them is geocoded or vague), or share an address, a site or a full name. Keys
    with more than CROWD rows also ask for an equal label number, name, model or bearing sector. Inside one list
    only ids, or place together with equal name or number and bearing, make a pair; parts of one row are never a pair.
    Records that already stand for cameras are paired too: what lists show of themselves must not change once they are
    decided.
    """
    connection.execute(_keys_sql())
    connection.execute(_CROWDS_SQL)
    connection.execute(_second_keys_sql())
    connection.execute(_PAIRS_SQL)
    by_rule = {
        str(rule): int(n) for rule, n in _rows(connection, "select rule, count(*) from found group by 1 order by 1")
    }
    crowded = _rows(connection, "select rule, n from crowds order by n desc, rule limit 20")
    left_out = _rows(connection, f"select coalesce(sum(n), 0)::bigint from second_crowds where n > {THRONG}")
    rows = _rows(connection, "select count(*) from prepared")
    pairs = _rows(connection, "select count(*) from pairs")
    connection.execute("drop table found; drop table keys; drop table second_keys")
    return BlockingReport(
        rows=int(rows[0][0]), pairs=int(pairs[0][0]), by_rule=by_rule,
        crowded=tuple((str(rule), int(n)) for rule, n in crowded), left_out=int(left_out[0][0]),
    )  # fmt: skip


def recall(pairs: pl.DataFrame, truth: pl.DataFrame) -> float:
    """The share of truth pairs (left, right) that are among pairs; 1.0 where there is no truth to find."""
    if truth.is_empty():
        return 1.0
    found = truth.join(pairs, on=["left", "right"], how="semi")
    return found.height / truth.height


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> Sequence[tuple[Any, ...]]:
    rows: Sequence[tuple[Any, ...]] = connection.execute(sql).fetchall()
    return rows


def _keys_sql() -> str:
    ids = [_plain_key(name.removesuffix("_code"), name, f"{name} is not null") for name in _IDS]
    plain = [
        _plain_key("house", "street_code, house_code", "street_code is not null and house_code is not null"),
        _plain_key("house_text", "street_text, house_code", "street_text is not null and house_code is not null"),
        _plain_key("corner", "corner_text", "corner_text is not null"),
        _plain_key("address", "address_code", "address_code is not null and street_code is null"),
        _plain_key("site", "site_code", "site_code is not null"),
        _plain_key(
            "name", "name_code", f"name_code is not null qualify count(*) over (partition by name_code) <= {NAMESAKES}"
        ),
    ]
    fine = f"""
        select record_id, 'near' as rule, hash('n', floor(x_m / {FINE_CELL_M})::bigint + dx,
            floor(y_m / {FINE_CELL_M})::bigint + dy) as key, true as probe, dx = 0 and dy = 0 as home
        from prepared, {_NEIGHBOURS} where x_m is not null and not coarse"""
    wide_home = f"""
        select record_id, 'wide' as rule, hash('w', floor(x_m / {WIDE_CELL_M})::bigint,
            floor(y_m / {WIDE_CELL_M})::bigint) as key, coarse as probe, true as home
        from prepared where x_m is not null"""
    wide_probe = f"""
        select record_id, 'wide' as rule, hash('w', floor(x_m / {WIDE_CELL_M})::bigint + dx,
            floor(y_m / {WIDE_CELL_M})::bigint + dy) as key, true as probe, false as home
        from prepared, {_NEIGHBOURS} where coarse and (dx <> 0 or dy <> 0)"""
    return "create table keys as " + " union all ".join([*ids, *plain, fine, wide_home, wide_probe])


def _plain_key(rule: str, columns: str, condition: str) -> str:
    return f"""
        select record_id, '{rule}' as rule, hash('{rule}', {columns}) as key, true as probe, true as home
        from prepared where {condition}"""


_CROWDS_SQL: Final = f"""
    create table crowds as
    select rule, key, count(*) as n from keys where home group by rule, key having count(*) > {CROWD};
"""


def _second_keys_sql() -> str:
    """Rows under crowded keys, under the crowded key and one thing more; then the crowds among those."""
    parts = []
    for name in _SECOND:
        column = "floor(bearing / 30)::bigint" if name == "bearing_sector" else name
        parts.append(f"""
            select record_id, rule, hash(key, '{name}', {column}) as key, probe, home
            from keys semi join crowds using (rule, key) join prepared using (record_id)
            where {column} is not null""")
    return f"""
        create table second_keys as {" union all ".join(parts)};
        create table second_crowds as
        select rule, key, count(*) as n from second_keys where home group by rule, key having count(*) > {CROWD};
    """


_NOT_FAR: Final = f"""
    (l.x_m is null or r.x_m is null
     or (l.x_m - r.x_m) ** 2 + (l.y_m - r.y_m) ** 2 <= case when l.coarse or r.coarse
        then ({WIDE_REACH_M} + 2.5 * (l.acc_m + r.acc_m)) ** 2 else {FINE_REACH_M} ** 2 end)"""
_ALIKE: Final = """
    (l.name_code = r.name_code or (l.label_number is not distinct from r.label_number
        and (l.bearing is null and r.bearing is null
             or least(abs(l.bearing - r.bearing), 360 - abs(l.bearing - r.bearing)) <= 10)))"""

# Both sides probe in the fine rule, so the order of ids keeps one of the two; in the wide rule a good coordinate never
# probes, so the order holds only between two vague ones.
_PAIRS_SQL: Final = f"""
    create table found as
    with keyed as (
        select * from keys anti join crowds using (rule, key)
        union all
        select * from second_keys anti join (select * from second_crowds where n > {THRONG}) using (rule, key)
    ),
    met as (
        select p.rule, least(p.record_id, h.record_id) as a, greatest(p.record_id, h.record_id) as b
        from keyed as p join keyed as h on p.rule = h.rule and p.key = h.key
        where p.probe and h.home and p.record_id <> h.record_id and (p.record_id < h.record_id or not h.probe)
    )
    select met.rule, met.a, met.b
    from met join prepared as l on l.record_id = met.a join prepared as r on r.record_id = met.b
    where (l.row_key is null or r.row_key is null or l.list_id <> r.list_id or l.row_key <> r.row_key)
      and (met.rule not in ('near', 'wide', 'name', 'site') or {_NOT_FAR})
      and (l.list_id <> r.list_id or met.rule in ('mac', 'uuid', 'serial', 'inventory', 'source', 'host') or {_ALIKE});
    create table pairs as
    select '0' as match_key, a as join_key_l, b as join_key_r from found group by a, b;
"""
