"""What a regression hands back, and what it asks of its covariates."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from pipelines.statistics.estimates import NotEstimable


@dataclass(frozen=True, kw_only=True)
class Effect:
    """One covariate's coefficient, and the ratio per unit it stands for with limits and two-sided p-value."""

    name: str
    coefficient: float
    ratio: float
    lower: float
    upper: float
    p_value: float


@dataclass(frozen=True, kw_only=True)
class Fit:
    """A fitted regression: an effect for each covariate, in the order given, and what they were fitted to."""

    effects: tuple[Effect, ...]
    subjects: int
    events: int
    events_per_variable: float
    log_likelihood: float


def design(covariates: Mapping[str, ArrayLike], subjects: int) -> np.ndarray:
    """Covariates as columns of numbers, a row a subject.

    Args:
        covariates: A column for each name, one number a subject, none missing; categories as 0 and 1.
        subjects: How many subjects each column must have.

    Raises:
        ValueError: If there is no covariate, or a column is of another length or has missing values.
    """
    if not covariates:
        raise ValueError("covariates is empty; name at least one.")
    return np.column_stack([_column(name, values, subjects) for name, values in covariates.items()])


def _column(name: str, values: ArrayLike, subjects: int) -> np.ndarray:
    column = np.asarray(values, dtype=float)
    if column.shape != (subjects,):
        raise ValueError(f"{name} has shape {column.shape}; give each of the {subjects} subjects one number.")
    missing = int((~np.isfinite(column)).sum())
    if missing:
        raise ValueError(f"{name} is missing or infinite in {missing} subjects; leave them out first.")
    return column


def unfit(x: np.ndarray, rarer: int, least_per_variable: float) -> NotEstimable | None:
    """Why a regression should not be fitted; None when it may.

    Args:
        x: Covariates, subjects x columns, without the constant.
        rarer: Subjects with the event, or without it if they are fewer.
        least_per_variable: How many of the rarer there must be for each covariate.
    """
    count = x.shape[1]
    if rarer < max(1, least_per_variable * count):
        return NotEstimable(reason=f"{rarer} events (or subjects without, if fewer) are too few for {count} variables")
    spread = x.std(axis=0)
    standard = np.column_stack((np.ones(len(x)), (x - x.mean(axis=0)) / np.where(spread > 0, spread, 1)))
    if np.linalg.matrix_rank(standard) <= count:
        return NotEstimable(reason="a variable is constant or follows from the others")
    return None
