"""AE: CRS as it was reported, symptoms of it, and events that have nothing to do with it."""

import numpy as np
import polars as pl

from pipelines.simulate.block import Block
from pipelines.simulate.catalogue import AdverseEvent
from pipelines.simulate.crs_reports import crs_events
from pipelines.simulate.draws import Bools, Floats, Ints
from pipelines.simulate.events import BLANK, DAY, MINUTE, MONTH, numbered, records
from pipelines.simulate.parameter_rows import rows
from pipelines.simulate.people import MINUTES_A_DAY, NEVER

_RESOLVED, _ONGOING, _FATAL = "RECOVERED/RESOLVED", "NOT RECOVERED/NOT RESOLVED", "FATAL"
_SEEN_FOR_DAYS, _LASTS_DAYS, _ONGOING_SHARE = 42, 9, 0.15
# Start dates of events that are no symptom of CRS: not recorded, to the month, to the day.
_RECORDED, _RECORDED_UP_TO = np.array([BLANK, MONTH, DAY]), (0.004, 0.06)


def adverse_events(block: Block) -> pl.DataFrame:
    """AE of all treated subjects."""
    others = [_other(block, row) for row in rows(AdverseEvent, "adverse_events", block.preset.name)]
    frame = numbered("AE", [crs_events(block), *others], block)
    frame = frame.with_columns(pl.col("is_fatal", "end_unrecorded", "is_symptom").fill_null(False))
    if block.preset.terms_in_capitals:
        frame = frame.with_columns(pl.col("AEDECOD", "AEBODSYS").str.to_uppercase())
    action = "NOT APPLICABLE" if len(block.preset.doses) == 1 else "DRUG INTERRUPTED"
    return frame.with_columns(AEACN=pl.lit(action), AETOXGR=_grade_texts(block, frame), **_ends())


def _ends() -> dict[str, pl.Expr]:
    """How the event ended, in the variables that must agree about it."""
    over = (pl.col("stop") < NEVER) | pl.col("end_unrecorded")
    outcome = pl.when("is_fatal").then(pl.lit(_FATAL)).when(over).then(pl.lit(_RESOLVED))
    return {
        "AEOUT": outcome.otherwise(pl.lit(_ONGOING)),
        "AESDTH": pl.when("is_fatal").then(pl.lit("Y")).otherwise(pl.lit("N")),
        "AESER": pl.when(pl.col("grade") >= 3).then(pl.lit("Y")).otherwise(pl.lit("N")),
        "AEENRTPT": pl.when(~over & ~pl.col("is_fatal")).then(pl.lit("ONGOING")),
    }


def _other(block: Block, row: AdverseEvent) -> pl.DataFrame:
    u = block.draws.uniform(f"event {row.decod}", 7)
    first = _first_episode(block)
    had = _can_show(block, row, first)
    who = np.flatnonzero((u[:, 0] < np.where(had, row.chance_in_crs, row.chance)) & block.people.treated)
    u, symptom = u[who], row.is_symptom & had[who]
    start, stop = _when(block, first[who], symptom, u)
    kept = np.where(symptom, MINUTE, _RECORDED[np.searchsorted(_RECORDED_UP_TO, u[:, 1])])
    grade = 1 + (u[:, 2] ** 2.5 * row.highest_grade).astype(np.int64)
    related = np.where(symptom | (u[:, 3] < 0.5), "RELATED", "NOT RELATED")
    dates = {"start_kept": kept, "stop_kept": np.where(symptom, MINUTE, DAY)}
    named = {"AETERM": row.decod, "AEDECOD": row.decod, "AEBODSYS": row.soc, "AEREL": related}
    return records(who, start, stop, grade=grade, is_symptom=symptom, **dates, **named)


def _first_episode(block: Block) -> Ints:
    """Position of each subject's first episode, -1 without one."""
    first = np.full(len(block.course.stops), -1)
    backwards = np.arange(len(block.episodes.subject))[::-1]
    first[block.episodes.subject[backwards]] = backwards
    return first


def _can_show(block: Block, row: AdverseEvent, first: Ints) -> Bools:
    """Who had CRS, and the sign without which the event would contradict the readings."""
    seen = getattr(block.signs, row.needs_sign).any(axis=1) if row.needs_sign else True
    return (first >= 0) & seen


def _when(block: Block, first: Ints, symptom: Bools, u: Floats) -> tuple[Ints, Ints]:
    """Start and end: symptoms of CRS within the first episode, other events anywhere in the first weeks."""
    start = (u[:, 4] * _SEEN_FOR_DAYS * MINUTES_A_DAY).astype(np.int64)
    stop = start + ((1 + u[:, 5] * _LASTS_DAYS) * MINUTES_A_DAY).astype(np.int64)
    stop = np.where(u[:, 6] < _ONGOING_SHARE, NEVER, stop)
    if not len(block.episodes.onset):
        return start, stop
    onset, end = block.episodes.onset[first], block.episodes.end[first]
    within = onset + (u[:, 4] * (end - onset) / 2).astype(np.int64)
    return np.where(symptom, within, start), np.where(symptom, end, stop)


def _grade_texts(block: Block, frame: pl.DataFrame) -> pl.Series:
    """Grades as sites write them: a digit, mostly."""
    way = pl.Series(block.people.site).gather(frame["subject"]) % 8
    digit = pl.col("grade").cast(pl.String)
    shown = pl.when(pl.col("way") == 3).then("GRADE " + digit).when(pl.col("way") == 6).then(" " + digit)
    return frame.select("grade", way=way).select(shown.otherwise(digit))[:, 0]
