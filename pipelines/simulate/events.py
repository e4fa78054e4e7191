"""Records with a start and perhaps an end: from minutes since the first dose to numbered SDTM rows."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from pipelines.simulate.block import Block
from pipelines.simulate.people import NEVER
from pipelines.simulate.tables import days_between, iso, table, variables

# Characters of an ISO 8601 text that is complete to the minute, day, month or year, or not recorded.
MINUTE, DAY, MONTH, YEAR, BLANK = 16, 10, 7, 4, 0
_OWN = ("STUDYID", "DOMAIN", "USUBJID")


def records(subject: np.ndarray, start: np.ndarray, stop: np.ndarray | None = None, **columns: Any) -> pl.DataFrame:
    """One record a subject in ``subject``; times in minutes since the first dose, NEVER for no end.

    ``columns`` are SDTM variables, arrays or one value for all; ``start_kept`` and ``stop_kept`` say how many
    characters of the date were recorded.
    """
    count = len(subject)
    given = {
        "subject": subject,
        "start": start,
        "stop": np.full(count, NEVER) if stop is None else stop,
        **columns,
    }
    return pl.DataFrame({name: _filled(value, count) for name, value in given.items()})


def numbered(domain: str, frames: list[pl.DataFrame], block: Block) -> pl.DataFrame:
    """The records that were seen, in order of subject and start, with the variables that follow from these.

    A record that starts after the end of the subject's record is left out, and an end after it is not known.
    """
    frame = pl.concat(frames, how="diagonal")
    stops = pl.Series(block.course.stops).gather(frame["subject"])
    frame = frame.with_columns(stop=pl.when(pl.col("stop") > stops).then(NEVER).otherwise("stop"))
    cut = pl.Series(block.people.cut).gather(frame["subject"])
    frame = frame.filter((pl.col("start") <= stops) & (pl.col("start") < cut)).sort(
        "subject", "start", maintain_order=True
    )
    frame = frame.with_columns(pl.int_range(1, pl.len() + 1).over("subject").alias(f"{domain}SEQ"))
    return frame.with_columns(**_dates(domain, frame, block)).with_columns(_missing(domain, frame))


def sdtm(domain: str, frame: pl.DataFrame, block: Block) -> pa.Table:
    """Numbered records as the SDTM table of ``domain``."""
    subject = frame["subject"].to_numpy()
    own = {"STUDYID": np.full(len(frame), block.study), "DOMAIN": np.full(len(frame), domain)}
    rest = {row.variable: frame[row.variable].to_arrow() for row in variables(domain) if row.variable not in _OWN}
    return table(domain, {**own, "USUBJID": block.usubjid_of(subject), **rest})


def _filled(value: Any, count: int) -> pl.Series:
    if isinstance(value, np.ndarray | pl.Series):
        return pl.Series(value)
    kinds = {bool: pl.Boolean, int: pl.Int64, float: pl.Float64}
    return pl.repeat(value, count, dtype=kinds.get(type(value), pl.String), eager=True)


def _dates(domain: str, frame: pl.DataFrame, block: Block) -> Mapping[str, pl.Series]:
    names = {row.variable for row in variables(domain)}
    start, stop = ("STDTC", "STDY") if f"{domain}STDTC" in names else ("DTC", "DY"), ("ENDTC", "ENDY")
    made: dict[str, pl.Series] = {}
    for column, (date, day) in (("start", start), ("stop", stop)):
        if f"{domain}{date}" in names:
            made |= _date(frame, column, f"{domain}{date}", f"{domain}{day}", block)
    return made


def _date(frame: pl.DataFrame, column: str, date: str, day: str, block: Block) -> Mapping[str, pl.Series]:
    anchor = block.people.anchor[frame["subject"].to_numpy()]
    since = frame[column].to_numpy()
    text = pl.Series(iso(np.where(since < NEVER, since + anchor, NEVER)))
    has_kept = f"{column}_kept" in frame.columns
    kept = frame[f"{column}_kept"].fill_null(MINUTE) if has_kept else pl.repeat(MINUTE, len(frame), eager=True)
    known = pl.Series((since < NEVER) & block.people.treated[frame["subject"].to_numpy()])
    shown = pl.DataFrame({"text": text, "kept": kept, "known": known, "day": days_between(anchor, since + anchor)})
    # A study day needs a whole date, and a first dose to count from.
    counted = pl.when(pl.col("known") & (pl.col("kept") >= DAY)).then("day")
    recorded = pl.when(pl.col("kept") > BLANK).then(pl.col("text").str.slice(0, pl.col("kept")))
    return {date: shown.select(recorded.alias("text"))["text"], day: shown.select(counted.alias("day"))["day"]}


def _missing(domain: str, frame: pl.DataFrame) -> list[pl.Expr]:
    """Variables that no record of this block has."""
    made = {*_OWN, *frame.columns}
    names = [row.variable for row in variables(domain) if row.variable not in made]
    return [pl.lit(None).alias(name) for name in names if not name.endswith(("DTC", "DY"))]
