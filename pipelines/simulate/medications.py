"""CM: premedication, treatments of CRS, fluids and vasopressors, and what was taken anyway."""

import numpy as np
import polars as pl

from pipelines.simulate.block import Block
from pipelines.simulate.catalogue import Background, Treatment, Vasopressor
from pipelines.simulate.episodes import runs_of
from pipelines.simulate.events import DAY, MONTH, YEAR, numbered, records
from pipelines.simulate.parameter_rows import rows
from pipelines.simulate.people import MINUTES_A_DAY, NEVER
from pipelines.simulate.presets import Premedication

_CRS = "CYTOKINE RELEASE SYNDROME"


def medications(block: Block) -> pl.DataFrame:
    """CM of all subjects who passed screening."""
    frames = [_background(block, row) for row in rows(Background, "background")]
    frames += [_before_doses(block, row) for row in block.preset.premedication]
    frames += [_for_crs(block, row) for row in rows(Treatment, "treatments")]
    frames += [_vasopressor(block, row) for row in rows(Vasopressor, "vasopressors")]
    frame = numbered("CM", [*frames, _fluids(block)], block)
    return frame.with_columns(CMENRTPT=pl.when(pl.col("stop") == NEVER).then(pl.lit("ONGOING")))


def _background(block: Block, row: Background) -> pl.DataFrame:
    u = block.draws.uniform(f"background {row.drug}", 4)
    who = np.flatnonzero((u[:, 0] < row.chance) & block.admitted)
    start = -((10 + u[who, 1] * 900) * MINUTES_A_DAY).astype(np.int64)
    stop = np.where(u[who, 2] < 0.5, NEVER, (u[who, 2] * 80 * MINUTES_A_DAY).astype(np.int64))
    # Patients remember the year or the month in which they began: half of the pilot's start dates are years.
    kept = np.array([YEAR, MONTH, DAY])[np.searchsorted([0.3, 0.6], u[who, 3])]
    return records(
        who,
        start,
        stop,
        start_kept=kept,
        stop_kept=DAY,
        CMTRT=row.drug,
        CMDECOD=row.drug,
        CMCAT="CONCOMITANT",
        CMINDC=row.indication,
        CMDOSE=float(row.dose),
        CMDOSU=row.unit,
        CMROUTE="ORAL",
    )


def _before_doses(block: Block, row: Premedication) -> pl.DataFrame:
    taken = block.draws.chance(f"premedication {row.drug}", row.chance)
    subject, dose = np.nonzero((block.course.doses < NEVER) & taken[:, None])
    start = block.course.doses[subject, dose] - int(row.hours_before * 60)
    return records(
        subject,
        start,
        start,
        CMTRT=row.drug,
        CMDECOD=row.drug,
        CMCAT="PREMEDICATION",
        CMINDC="PROPHYLAXIS",
        CMDOSE=float(row.dose),
        CMDOSU=row.unit,
        CMROUTE=row.route,
    )


def _for_crs(block: Block, row: Treatment) -> pl.DataFrame:
    given = block.episodes.given[row.drug]
    at = np.flatnonzero(given < NEVER)
    named = {} if row.dose is None else {"CMDOSE": float(row.dose), "CMDOSU": row.unit, "CMROUTE": row.route}
    return records(
        block.episodes.subject[at],
        given[at],
        given[at] + 15,
        episode=block.episodes.number[at],
        CMTRT=row.drug,
        CMDECOD=row.decod,
        CMCAT="TREATMENT OF CRS",
        CMINDC=_CRS,
        **named,
    )


def _vasopressor(block: Block, row: Vasopressor) -> pl.DataFrame:
    running = block.signs.hypotension * (block.signs.hypotension >= row.from_level)
    # The first agent's rate changes with the grade, one record a rate; others run at one rate throughout.
    runs = runs_of(running if row.drug == "NOREPINEPHRINE" else (running > 0).astype(np.int8))
    given = block.draws.uniform(f"give {row.drug}", running.shape[1])[runs.subject, runs.start] < row.chance
    subject, start, stop = runs.subject[given], runs.start[given], runs.stop[given]
    rate = block.draws.uniform(f"rate of {row.drug}", running.shape[1])[subject, start]
    return records(
        subject,
        block.course.times[subject, start],
        block.course.times[subject, stop],
        CMTRT=row.drug,
        CMDECOD=row.drug,
        CMCAT="VASOPRESSOR",
        CMINDC="HYPOTENSION",
        CMDOSE=np.round(row.dose_low + rate * (row.dose_high - row.dose_low), 1),
        CMDOSU=row.unit,
        CMROUTE="INTRAVENOUS",
    )


def _fluids(block: Block) -> pl.DataFrame:
    runs = runs_of((block.signs.hypotension > 0).astype(np.int8))
    start = block.course.times[runs.subject, runs.start] + 5
    return records(
        runs.subject,
        start,
        start + 30,
        CMTRT="SODIUM CHLORIDE 0.9% BOLUS",
        CMDECOD="SODIUM CHLORIDE",
        CMCAT="FLUID BOLUS",
        CMINDC="HYPOTENSION",
        CMDOSE=500.0,
        CMDOSU="mL",
        CMROUTE="INTRAVENOUS",
    )
