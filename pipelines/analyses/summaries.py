"""Times described: n, mean, standard deviation, quartiles and extremes under the names of the ARD."""

from collections.abc import Iterator

import numpy as np

from pipelines.analyses.cells import Cell, Place
from pipelines.statistics import describe


def described(place: Place, values: np.ndarray) -> Iterator[Cell]:
    """The eight numbers of a summary at one place.

    Args:
        place: Where they stand.
        values: One a subject, in any order.
    """
    found = describe(values)
    yield from place.numbers(n=found.n, mean=found.mean, sd=found.sd, median=found.median)
    yield from place.numbers(q1=found.q1, q3=found.q3, min=found.minimum, max=found.maximum)
