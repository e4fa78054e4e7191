"""TR: the sum of products of diameters before the first dose, by three assessors, one of them accepted."""

import numpy as np
import polars as pl

from pipelines.simulate.block import Block
from pipelines.simulate.draws import Floats
from pipelines.simulate.events import DAY, numbered, records
from pipelines.simulate.people import MINUTES_A_DAY

_ASSESSORS = (
    {"TREVAL": "INVESTIGATOR"},
    {"TREVAL": "INDEPENDENT ASSESSOR", "TREVALID": "RADIOLOGIST 1", "TRACPTFL": "Y"},
    {"TREVAL": "INDEPENDENT ASSESSOR", "TREVALID": "RADIOLOGIST 2"},
)
_SPREAD = 0.08
_SCANNED = -10 * MINUTES_A_DAY
_MM2_A_CM2 = 100


def tumours(block: Block) -> pl.DataFrame:
    """TR of all subjects who passed screening, where the study measures tumours."""
    return numbered("TR", [_assessed(block, assessor) for assessor in _ASSESSORS], block)


def _assessed(block: Block, assessor: dict[str, str]) -> pl.DataFrame:
    """One assessor's readings, some in cm2; a burden that is missing was not assessed by anybody."""
    measured = block.admitted & (block.preset.burden_variable == "TR.SUMPPD")
    value = _read(block, assessor)
    test = {"TRTESTCD": "SUMPPD", "TRTEST": "Sum of Products of Diameters"}
    done, missed = (np.flatnonzero(measured & asked) for asked in (~np.isnan(value), np.isnan(value)))
    small = block.people.site[done] % 6 == 2
    read = {
        "TRORRES": pl.Series(np.where(small, value[done] / _MM2_A_CM2, value[done])).round(2).cast(pl.String),
        "TRORRESU": np.where(small, "cm2", "mm2"),
        "TRSTRESC": value[done].astype(np.int64).astype(str),
        "TRSTRESN": value[done],
        "TRSTRESU": "mm2",
    }
    frames = [
        records(who, np.full(len(who), _SCANNED), None, start_kept=DAY, **test, **said)
        for who, said in (
            (done, {**read, **assessor}),
            (missed, {"TREVAL": assessor["TREVAL"], "TRSTAT": "NOT DONE"}),
        )
    ]
    return pl.concat(frames, how="diagonal")


def _read(block: Block, assessor: dict[str, str]) -> Floats:
    """Each subject's burden as the assessor read it; the accepted reading is the burden itself."""
    if "TRACPTFL" in assessor:
        return block.people.burden
    name = assessor.get("TREVALID", assessor["TREVAL"])
    return np.round(block.people.burden * np.exp(_SPREAD * block.draws.normal(f"assessor {name}")[:, 0]))
