"""EX: each dose of study treatment, and the treatments that prepare for it."""

import numpy as np
import polars as pl

from pipelines.simulate.block import Block
from pipelines.simulate.events import DAY, numbered, records
from pipelines.simulate.people import MINUTES_A_DAY, NEVER
from pipelines.simulate.presets import Conditioning, Dose

_INFUSION_MINUTES = 30


def exposures(block: Block) -> pl.DataFrame:
    """EX of all subjects who passed screening."""
    before = [_conditioning(block, row) for row in block.preset.conditioning]
    return numbered("EX", [*before, *(_dose(block, row) for row in block.preset.doses)], block)


def _dose(block: Block, row: Dose) -> pl.DataFrame:
    given = block.course.doses[:, row.dose_number - 1]
    who = np.flatnonzero(given < NEVER)
    planned = np.array([level.planned for level in block.preset.levels])[block.people.level[who]]
    # Cells are counted and never quite as many as planned; a drug is drawn up to the dose.
    made = np.round(planned * block.people.dose_factor[who], 3) if block.preset.conditioning else planned
    amount = made if row.amount is None else np.full(len(who), row.amount)
    form = "INJECTION, SUSPENSION" if block.preset.conditioning else "INJECTION, SOLUTION"
    said = {"EXTRT": block.preset.treatment, "EXDOSU": block.preset.dose_unit, "EXDOSFRM": form}
    stop = given[who] + _INFUSION_MINUTES
    return records(who, given[who], stop, EXDOSE=amount.astype(float), EXROUTE="INTRAVENOUS", **said)


def _conditioning(block: Block, row: Conditioning) -> pl.DataFrame:
    who = np.flatnonzero(block.admitted)
    start = np.full(len(who), row.day * MINUTES_A_DAY)
    said = {"EXTRT": row.treatment, "EXDOSE": float(row.dose), "EXDOSU": row.unit}
    dates = {"start_kept": DAY, "stop_kept": DAY}
    return records(who, start, start, EXDOSFRM="INJECTION, SOLUTION", EXROUTE="INTRAVENOUS", **said, **dates)
