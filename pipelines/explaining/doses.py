"""What EX says was given, as received: study doses and whatever else stands there, such as lymphodepletion."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import duckdb
import polars as pl

from pipelines.dates import bounds
from pipelines.warehouse import rows

GIVEN = """
    select x.*, q.rule as kept_out
    from raw_ex as x
    left join quarantine as q on q.domain = 'EX' and q.file = x._file and q.row = x._row
    where trim(x.usubjid) = ?
    order by x._file, x._row
"""


@dataclass(frozen=True, kw_only=True)
class Dose:
    """A row of EX: what was given and when, and the rule by which it was kept out, if it was."""

    treatment: str
    amount: str | None
    start: str | None
    start_dtm: datetime | None
    precision: str | None
    not_given: bool
    kept_out: str | None
    seq: int | None
    file: str
    row: int


def doses_of(db: duckdb.DuckDBPyConnection, usubjid: str) -> tuple[Dose, ...]:
    """The subject's rows of EX in time order, rows that were kept out included."""
    if not rows(db, "select 1 from duckdb_tables() where table_name = 'raw_ex'"):
        return ()
    found = db.sql(GIVEN, params=[usubjid]).pl()
    found = found.rename({name: name.lower() for name in found.columns})
    starts = bounds(_texts(found, "exstdtc"))
    doses = [
        _dose(row, first, precision)
        for row, (first, precision) in zip(
            found.iter_rows(named=True), starts.select("first", "precision").iter_rows(), strict=True
        )
    ]
    return tuple(sorted(doses, key=lambda dose: (dose.start_dtm is None, dose.start_dtm or datetime.min)))


def _texts(found: pl.DataFrame, name: str) -> pl.Series:
    return found[name].cast(pl.String) if name in found.columns else pl.Series(name, [None] * found.height, pl.String)


def _dose(row: dict[str, Any], first: int | None, precision: str | None) -> Dose:
    seq, amount = row.get("exseq"), row.get("exdose")
    unit = row.get("exdosu") or ""
    return Dose(
        treatment=str(row.get("extrt") or "treatment not named").strip(),
        amount=None if amount is None else f"{_plain(amount)} {unit}".strip(),
        start=row.get("exstdtc"),
        start_dtm=None if first is None else datetime.fromtimestamp(first, UTC).replace(tzinfo=None),
        precision=precision,
        not_given=str(row.get("exoccur") or "").strip().upper() == "N",
        kept_out=row["kept_out"],
        seq=None if seq is None else int(float(seq)),
        file=row["_file"],
        row=row["_row"],
    )


def _plain(amount: object) -> str:
    return f"{amount:.10g}" if isinstance(amount, float) else str(amount)
