"""Times to events of one stratum, as the estimators want them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

# CNSR in ADaM counts 0 as the event; estimators count 0 as censored, 1 as the event, 2 and above as competing.
CAUSE_OF_CNSR = np.array([1, 0, 2, 3])


@dataclass(frozen=True, kw_only=True, eq=False)
class Times:
    """Times and causes of one stratum and parameter, one a subject."""

    stratum: str
    days: np.ndarray
    causes: np.ndarray

    @property
    def of_events(self) -> np.ndarray:
        """The times of those who had the event."""
        return self.days[self.causes == 1]

    @property
    def competing(self) -> int:
        """How many subjects had a competing event first."""
        return int((self.causes >= 2).sum())

    def count(self, cause: int) -> int:
        """How many subjects ended by this cause."""
        return int((self.causes == cause).sum())


def times_of(stratum: str, rows: pl.DataFrame) -> Times:
    """The times and causes of the subjects that the rows count.

    Args:
        stratum: Name of the stratum.
        rows: ``aval``, ``cnsr`` and ``n``, how many subjects a row stands for.
    """
    aval, cnsr, subjects = (rows[name].cast(kind).to_numpy() for name, kind in _COUNTED.items())
    return Times(
        stratum=stratum,
        days=np.repeat(aval, subjects),
        causes=np.repeat(CAUSE_OF_CNSR[cnsr], subjects),
    )


_COUNTED = {"aval": pl.Float64, "cnsr": pl.Int64, "n": pl.Int64}


def each_stratum(strata: pl.DataFrame, rows: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    """Every stratum with its rows, those without subjects included, in the order of reports."""
    parts = {str(key[0]): part for key, part in rows.group_by("stratum")}
    for stratum in strata.sort("position")["stratum"]:
        yield stratum, parts.get(stratum, rows.clear())
