"""PR: respiratory support, for hypoxia in CRS and for reasons that have nothing to do with it."""

import numpy as np
import polars as pl

from pipelines.simulate.block import Block
from pipelines.simulate.catalogue import Device
from pipelines.simulate.draws import Floats, Ints
from pipelines.simulate.episodes import Runs, runs_of
from pipelines.simulate.events import DAY, numbered, records
from pipelines.simulate.parameter_rows import rows
from pipelines.simulate.people import MINUTES_A_DAY, NEVER

_CATEGORY = "RESPIRATORY SUPPORT"
_END_LEFT_OUT, _SLEEP_APNOEA, _HOME_OXYGEN = 0.1, 0.02, 0.01


def procedures(block: Block) -> pl.DataFrame:
    """PR of all treated subjects."""
    runs = runs_of(block.signs.hypoxia)
    support = [_support(block, runs, level) for level in (2, 3, 4)]
    return numbered("PR", [*support, _sleep_apnoea(block), _home_oxygen(block)], block)


def _support(block: Block, runs: Runs, level: int) -> pl.DataFrame:
    """One record a run of hypoxia at a level, on a device that means this level."""
    at = np.flatnonzero(runs.value == level)
    subject, slot = runs.subject[at], runs.start[at]
    known = [row for row in rows(Device, "devices") if row.level == level]
    slots = block.signs.hypoxia.shape[1]
    which = block.draws.pick(f"device of level {level}", [row.share for row in known], slots)[subject, slot]
    flow = _flow(known, which, block.draws.uniform("flow", slots)[subject, slot])
    device = np.array([row.device for row in known])[which]
    start = block.course.times[subject, slot]
    said = {"PRTRT": device, "PRCAT": _CATEGORY, "PRINDC": "HYPOXIA", "PRDOSE": flow, "PRDOSU": "L/min"}
    has_flow = ~pl.Series(np.isnan(flow))
    return records(subject, start, _ends(block, runs, at), **said).with_columns(
        pl.when(has_flow).then(pl.col("PRDOSE", "PRDOSU"))
    )


def _flow(known: list[Device], which: Ints, u: Floats) -> Floats:
    """Flows in L/min, whole numbers within the device's range; not a number for one without a flow."""
    low, high = (
        np.array([edge if edge is not None else np.nan for edge in edges])[which]
        for edges in zip(*((row.flow_low, row.flow_high) for row in known), strict=True)
    )
    return np.floor(low + u * (high - low + 1))


def _ends(block: Block, runs: Runs, at: Ints) -> Ints:
    """Ends, some left out where the next support begins at that moment, which says it as well."""
    goes_on = np.append((runs.subject[1:] == runs.subject[:-1]) & (runs.start[1:] == runs.stop[:-1]), False)
    asked = block.draws.uniform("end of support", block.signs.hypoxia.shape[1])[runs.subject, runs.start]
    ends = block.course.times[runs.subject, runs.stop]
    return np.where(goes_on & (asked < _END_LEFT_OUT), NEVER, ends)[at]


def _sleep_apnoea(block: Block) -> pl.DataFrame:
    who = np.flatnonzero(block.draws.chance("sleep apnoea", _SLEEP_APNOEA) & block.people.treated)
    start = np.full(len(who), -30 * MINUTES_A_DAY)
    return records(
        who,
        start,
        start_kept=DAY,
        PRTRT="CONTINUOUS POSITIVE AIRWAY PRESSURE VENTILATION",
        PRCAT=_CATEGORY,
        PRINDC="SLEEP APNOEA",
    )


def _home_oxygen(block: Block) -> pl.DataFrame:
    """Oxygen from before the first dose, only for those without CRS, so that it changes no grade."""
    without = np.ones(len(block.course.stops), bool)
    without[block.episodes.subject] = False
    who = np.flatnonzero(block.draws.chance("home oxygen", _HOME_OXYGEN) & block.people.treated & without)
    start = np.full(len(who), -2 * MINUTES_A_DAY)
    return records(
        who,
        start,
        start + 7 * MINUTES_A_DAY,
        PRTRT="NASAL CANNULA",
        PRCAT=_CATEGORY,
        PRINDC="CHRONIC OBSTRUCTIVE PULMONARY DISEASE",
        PRDOSE=2.0,
        PRDOSU="L/min",
    )
