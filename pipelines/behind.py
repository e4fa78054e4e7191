"""The subjects behind the numbers of a report: many SELECTs that differ by their literals, asked a shape at a time."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping

import duckdb
import polars as pl

from pipelines.analyses.labels import COUNTS
from pipelines.listings import are_too_many
from pipelines.warehouse import rows

_LITERAL = re.compile(r"('(?:[^']|'')*'|(?<![\w.])-?\d+(?:\.\d+)?(?![\w.]))")
# A shape: what stands around the literals, and which of those are text.
_Shape = tuple[tuple[str, ...], tuple[bool, ...]]


def behind(db: duckdb.DuckDBPyConnection, ard: pl.DataFrame, cells: Collection[str]) -> Mapping[str, list[int] | None]:
    """The subjects behind each of these numbers that names any, as their places among ``listings.PEOPLE``.

    None stands for the subjects of a number in a study that has too many for a page.

    Args:
        db: The study's warehouse.
        ard: Rows of ``analysis.ard``.
        cells: Ids of the numbers.
    """
    named = ard.filter(pl.col("cell_id").is_in(list(cells)), pl.col("subjects_sql").is_not_null())
    nobody = {*named.filter(pl.col("stat_name").is_in(COUNTS), pl.col("stat") == 0)["subjects_sql"]}
    found: dict[str, list[int] | None] = {sql: [] for sql in nobody}
    asked = {*named["subjects_sql"]} - nobody
    found |= dict.fromkeys(asked) if are_too_many(db) else _asked(db, asked)
    return {cell: found[sql] for cell, sql in named.select("cell_id", "subjects_sql").iter_rows()}


def _asked(db: duckdb.DuckDBPyConnection, queries: Collection[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    db.execute(
        "create or replace temp table places as select studyid, usubjid, "
        "row_number() over (order by studyid, usubjid) - 1 as place from analysis.adsl"
    )
    # A release has the tables of schema analysis without their schema, and the SELECTs are written for it.
    db.execute("set schema = 'analysis'")
    try:
        for shape, asked in _by_shape(queries).items():
            found |= _places(db, shape, asked)
    finally:
        db.execute("set schema = 'main'")
    return found


def _by_shape(queries: Collection[str]) -> Mapping[_Shape, dict[str, list[str]]]:
    """By shape, the queries that have it, each with its literals."""
    found: defaultdict[_Shape, dict[str, list[str]]] = defaultdict(dict)
    for query in sorted(queries):
        parts = _LITERAL.split(query)
        around, literals = parts[::2], parts[1::2]
        found[tuple(around), tuple(literal.startswith("'") for literal in literals)][query] = literals
    return found


def _places(db: duckdb.DuckDBPyConnection, shape: _Shape, queries: Mapping[str, list[str]]) -> dict[str, list[int]]:
    """The places of each query's subjects, by one question for all: planning thousands takes longer than answering."""
    around, texts = shape
    told = [", ".join((str(number), *literals)) for number, literals in enumerate(queries.values())]
    names = ["query", *(f"v{i}" for i in range(len(texts)))]
    select = around[0] + "".join(f"asked.v{i}{after}" for i, after in enumerate(around[1:]))
    found = rows(
        db,
        f"select asked.query, list(p.place order by p.place) from (values ({'), ('.join(told)})) as "
        f"asked({', '.join(names)}), lateral ({select}) as b join temp.places as p using (studyid, usubjid) "
        "group by asked.query",
    )
    places: dict[int, list[int]] = dict(found)
    return {query: places.get(number, []) for number, query in enumerate(queries)}
