"""Records of ICANS and IEC-HS through the real models, from raw domains to the released tables."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import polars as pl
from polars.testing import assert_frame_equal

from tests.harness import database, insert, table
from tests.lines import empty_raw
from tests.received import build_up_to, received

ICANS = "Immune effector cell-associated neurotoxicity syndrome"
IEC_HS = "Immune effector cell-associated haemophagocytic lymphohistiocytosis-like syndrome"
STUDY = {
    "study__studies": "studyid | position | cut | cut_s\nS1 | 1 | 2026-04-30 | 1777593599",
    "study__parameters": "studyid | therapy_variable\nS1 | EX.EXTRT",
    "study__therapy_classes": "studyid | therapy | value\nS1 | A | DRUG",
}
LATER = "2026-03-12T09:00"
DEFAULTS = {
    "ft": {"ftdtc": LATER},
    "qs": {"qsdtc": LATER},
    "fa": {"fadtc": LATER},
    "ae": {"aedecod": ICANS, "aestdtc": LATER},
    "ex": {"extrt": "DRUG", "exstdtc": "2026-03-10T08:00"},
    "dm": {"age": 60},
}
Drawn = str | pl.DataFrame


@contextmanager
def built(name: str, mappings: str | None = None, **domains: Drawn) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with the released table of these records; a variable that is not drawn has its default.

    Every subject is in DM and had the first dose on 10 March 2026 at 08:00, unless these are drawn.
    """
    records = {domain: _completed(domain, given) for domain, given in domains.items()}
    subjects = pl.concat([frame.select("usubjid") for frame in records.values()]).unique()
    for domain in ("dm", "ex"):
        records.setdefault(domain, _completed(domain, subjects))
    inputs = {**STUDY, "study__mappings": mappings} if mappings else STUDY
    with database(**inputs) as db:
        db.execute("insert into study.terms select 'S1', concept, term from reference.event_terms")
        empty_raw(db)
        for domain, frame in records.items():
            insert(db, f"raw.{domain}", received(domain.upper(), frame))
        build_up_to(db, f"analysis.{name}")
        yield db


def assert_made(name: str, expected: Drawn, where: str = "true", **given: Drawn) -> None:
    """These columns of the released table are as drawn, in the order of the columns."""
    wanted = table(expected) if isinstance(expected, str) else expected
    with built(name, **given) as db:
        order = ", ".join(f"{column} nulls last" for column in wanted.columns)
        found = db.sql(f"select {', '.join(wanted.columns)} from analysis.{name} where {where} order by {order}").pl()
    # A text may be drawn as a number.
    texts = [column for column, kind in found.schema.items() if kind == pl.String]
    assert_frame_equal(found, wanted.with_columns(pl.col(texts).cast(pl.String)), check_dtypes=False)


def _completed(domain: str, given: Drawn) -> pl.DataFrame:
    frame = table(given) if isinstance(given, str) else given
    lacking = {name: value for name, value in DEFAULTS.get(domain, {}).items() if name not in frame.columns}
    return frame.with_columns(studyid=pl.lit("S1"), **{name: pl.lit(value) for name, value in lacking.items()})
