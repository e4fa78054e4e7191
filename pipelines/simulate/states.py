"""RS and SUPPDM: the ECOG performance status at screening, and the number of prior lines of therapy."""

import numpy as np
import polars as pl
import pyarrow as pa

from pipelines.simulate.block import Block
from pipelines.simulate.events import DAY, numbered, records
from pipelines.simulate.people import MINUTES_A_DAY
from pipelines.simulate.related import relation

# Shares of 0, 1 and 2, and of 1 to 5 lines, and of subjects without: the simulator's choice.
_ECOG_SHARES, _ECOG_MISSING = (0.45, 0.45, 0.10), 0.03
_LINES_SHARES, _LINES_MISSING = (0.20, 0.40, 0.20, 0.12, 0.08), 0.05
_ASKED = -7 * MINUTES_A_DAY
_TEST = {"RSTESTCD": "ECOG101", "RSTEST": "ECOG1-Performance Status", "RSCAT": "ECOG"}


def performance_status(block: Block) -> pl.DataFrame:
    """RS of all subjects who passed screening, but for the few whose status was not recorded."""
    who = np.flatnonzero(block.admitted & ~block.draws.chance("ecog missing", _ECOG_MISSING))
    value = block.draws.pick("ecog", _ECOG_SHARES)[who, 0]
    said = {"RSORRES": value.astype(str), "RSSTRESC": value.astype(str), "RSSTRESN": value.astype(float)}
    return numbered("RS", [records(who, np.full(len(who), _ASKED), None, start_kept=DAY, **_TEST, **said)], block)


def prior_lines(block: Block) -> pa.Table:
    """SUPPDM: the number of prior lines of therapy of all subjects who passed screening, but for a few."""
    who = np.flatnonzero(block.admitted & ~block.draws.chance("prior lines missing", _LINES_MISSING))
    lines = block.draws.pick("prior lines", _LINES_SHARES)[who, 0] + 1
    empty = pl.lit(None, pl.String)
    frame = pl.DataFrame({"subject": who, "QVAL": lines.astype(str)}).with_columns(
        RDOMAIN=pl.lit("DM"),
        IDVAR=empty,
        IDVARVAL=empty,
        QNAM=pl.lit("PRLINES"),
        QLABEL=pl.lit("Number of Prior Lines of Therapy"),
        QORIG=pl.lit("CRF"),
    )
    return relation("SUPPDM", block, frame)
