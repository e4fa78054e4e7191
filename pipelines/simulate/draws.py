"""Random numbers that belong to a subject, whatever block the subject is made in."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

# Philox makes four numbers a step of its counter, so that a subject owns whole steps.
_STEP = 4


@dataclass(frozen=True, kw_only=True)
class Draws:
    """Named streams of random numbers for subjects ``first`` to ``first + subjects - 1``.

    The same trial, seed, name and subject always give the same numbers: no draw depends on other draws, nor on
    how the subjects are divided into blocks.
    """

    trial: str
    seed: int
    first: int
    subjects: int

    def uniform(self, name: str, width: int = 1) -> Floats:
        """Numbers in [0, 1), one row a subject and ``width`` columns."""
        steps = -(-width // _STEP)
        key = int.from_bytes(hashlib.sha256(f"{self.trial}/{self.seed}/{name}".encode()).digest()[:16], "little")
        source = np.random.Generator(np.random.Philox(key=key, counter=self.first * steps))
        return source.random((self.subjects, steps * _STEP))[:, :width]

    def normal(self, name: str, width: int = 1) -> Floats:
        """Standard normal numbers, one row a subject and ``width`` columns."""
        # Half a step of the generator away from 0, of which the normal quantile is minus infinity.
        return ndtri(self.uniform(name, width) + 2.0**-54)

    def chance(self, name: str, share: float) -> Bools:
        """Which subjects are among a ``share`` of all, one value a subject."""
        return self.uniform(name)[:, 0] < share

    def integers(self, name: str, count: int, width: int = 1) -> Ints:
        """Whole numbers 0 to ``count - 1``, one row a subject and ``width`` columns."""
        return (self.uniform(name, width) * count).astype(np.int64)

    def pick(self, name: str, weights: Sequence[float], width: int = 1) -> Ints:
        """Positions in ``weights``, each as likely as its weight says, one row a subject."""
        bounds = np.cumsum(weights) / np.sum(weights)
        return np.searchsorted(bounds[:-1], self.uniform(name, width), side="right")
