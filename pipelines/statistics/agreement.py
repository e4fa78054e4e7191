"""How far two gradings of the same subjects agree beyond chance: weighted kappa."""

from math import sqrt
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from pipelines.statistics.estimates import Estimate, NotEstimable, normal_quantile

Weights = Literal["linear", "quadratic", "none"]


def weighted_kappa(table: ArrayLike, weights: Weights = "linear", confidence: float = 0.95) -> Estimate | NotEstimable:
    """Cohen's kappa for two gradings on one ordered scale.

    Args:
        table: Subjects by first grade (rows) and second grade (columns), all grades of the scale in order.
        weights: What a disagreement still counts: ``linear`` falls with the distance (Cicchetti-Allison),
            ``quadratic`` with its square (Fleiss-Cohen), ``none`` counts nothing for it.
        confidence: Two-sided coverage, between 0 and 1.

    Returns:
        Kappa, 1 at most, with its large-sample limits; not estimable when chance alone would agree.

    Raises:
        ValueError: If the table is not square, or a count is negative.

    Source:
        Fleiss JL, Cohen J, Everitt BS. Psychol Bull 1969;72(5):323-327.

    >>> round(weighted_kappa([[20, 5], [10, 15]]).estimate, 4)
    0.4
    """
    counts = np.asarray(table, dtype=float)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or (counts < 0).any():
        raise ValueError(f"table has shape {counts.shape}; give counts from 0 up, the same grades as rows and columns.")
    if counts.sum() == 0:
        return NotEstimable(reason="no subjects")
    p, weight = counts / counts.sum(), _weights(len(counts), weights)
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    observed, chance = float((p * weight).sum()), float(rows @ weight @ columns)
    if 1 - chance < 1e-12:
        return NotEstimable(reason="both gradings give every subject the same grade")
    kappa = (observed - chance) / (1 - chance)
    expected = (weight @ columns)[:, None] + (weight.T @ rows)[None, :]
    spread = (p * (weight - expected * (1 - kappa)) ** 2).sum() - (kappa - chance * (1 - kappa)) ** 2
    reach = normal_quantile(confidence) * sqrt(max(0.0, float(spread)) / counts.sum()) / (1 - chance)
    return Estimate(estimate=kappa, lower=kappa - reach, upper=kappa + reach)


def _weights(grades: int, weights: Weights) -> np.ndarray:
    distance = np.abs(np.subtract.outer(np.arange(grades), np.arange(grades))) / max(grades - 1, 1)
    if weights == "none":
        return (distance == 0).astype(float)
    return 1 - distance ** {"linear": 1, "quadratic": 2}[weights]
