"""Values of a biomarker, some of them beyond the limits of the assay."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.analyses.cells import Cell, Place

BELOW, INSIDE, ABOVE = -1, 0, 1


@dataclass(frozen=True, kw_only=True, eq=False)
class Measured:
    """Values in rising order, those below the limits first and those above last; one a subject."""

    values: np.ndarray
    sides: np.ndarray

    @property
    def ranked(self) -> np.ndarray:
        """The same as numbers for tests of ranks: beyond a limit is just beyond it, so that such values tie."""
        away = np.where(self.sides == BELOW, -np.inf, np.inf)
        return np.where(self.sides == INSIDE, self.values, np.nextafter(self.values, away))

    def beyond(self, side: int) -> int:
        """How many lie beyond the limit of that side."""
        return int((self.sides == side).sum())

    def quantile(self, probability: float) -> tuple[float | None, str | None]:
        """The quantile of type 2, or in words what is known of it where it lies beyond a limit.

        Args:
            probability: Between 0 and 1; there must be values.
        """
        rank = len(self.values) * probability
        low = max(int(np.ceil(round(rank, 9))) - 1, 0)
        high = min(low + 1, len(self.values) - 1) if abs(rank - round(rank)) < 1e-9 else low
        sides = {int(self.sides[low]), int(self.sides[high])}
        if sides == {INSIDE}:
            return float(self.values[low] + self.values[high]) / 2, None
        if BELOW in sides:
            # The mean of the two is below the higher of them.
            return None, f"<{self.values[high]:g}" if ABOVE not in sides else "NE"
        return None, f">{self.values[low]:g}"


def measured(rows: pl.DataFrame) -> Measured:
    """The values that the rows count.

    Args:
        rows: ``value``, ``censored`` and ``n``, how many subjects a row stands for.
    """
    n = rows["n"].cast(pl.Int64).to_numpy()
    values = np.repeat(rows["value"].cast(pl.Float64).to_numpy(), n)
    words = {"<": BELOW, ">": ABOVE}
    sides = np.repeat(np.array([words.get(word, INSIDE) for word in rows["censored"]], dtype=int), n)
    order = np.lexsort((values, sides))
    return Measured(values=values[order], sides=sides[order])


QUARTILES = {"median": 0.5, "q1": 0.25, "q3": 0.75}


def summary(place: Place, found: Measured) -> Iterator[Cell]:
    """How many have a value, how many of them beyond the limits, and the quartiles."""
    yield from place.numbers(n=len(found.values))
    yield from place.numbers(results_below=found.beyond(BELOW), results_above=found.beyond(ABOVE))
    for name, probability in QUARTILES.items():
        if len(found.values) == 0:
            yield from place.not_estimable("no results", name)
            continue
        value, text = found.quantile(probability)
        beyond = None if text is None else "it lies beyond a limit of the assay, or between results beyond both"
        yield place.cell(name, value, text, beyond)
