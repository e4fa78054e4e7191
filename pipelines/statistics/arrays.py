"""What comes in: arrays of numbers, refused when they cannot be what they say they are."""

import numpy as np
from numpy.typing import ArrayLike


def finite(values: ArrayLike) -> np.ndarray:
    """The values as an array of numbers.

    Raises:
        ValueError: If one is missing or infinite.
    """
    data = np.asarray(values, dtype=float)
    if not np.isfinite(data).all():
        wrong = int((~np.isfinite(data)).sum())
        raise ValueError(f"{wrong} of {data.size} values are missing or infinite; leave them out first.")
    return data


def timed(
    times: ArrayLike, causes: ArrayLike, weights: ArrayLike | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Times, causes and weights (1 if left out) as arrays of numbers.

    Raises:
        ValueError: If they differ in length, or hold a negative, missing or fractional value.
    """
    time, kind = np.asarray(times, dtype=float), np.asarray(causes, dtype=float)
    weight = np.ones(time.size) if weights is None else np.asarray(weights, dtype=float)
    same_length(times=time, causes=kind, weights=weight)
    for name, values in (("time", time), ("cause", kind), ("weight", weight)):
        wrong = values[~(np.isfinite(values) & (values >= 0))]
        if wrong.size:
            raise ValueError(f"{name} is {wrong[0]} in {wrong.size} rows; give finite numbers from 0 up.")
    fractional = kind[kind % 1 != 0]
    if fractional.size:
        raise ValueError(f"cause is {fractional[0]}; give whole numbers, 0 for censored, 1 up for events.")
    return time, kind, weight


def same_length(**arrays: np.ndarray) -> None:
    """Nothing, when the arrays are lists of one length.

    Raises:
        ValueError: If they are not.
    """
    shapes = {name: array.shape for name, array in arrays.items()}
    if len(set(shapes.values())) > 1 or any(len(shape) != 1 for shape in shapes.values()):
        said = ", ".join(f"{name} has shape {shape}" for name, shape in shapes.items())
        raise ValueError(f"{said}; give each subject one of each.")
