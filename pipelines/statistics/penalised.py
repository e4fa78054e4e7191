"""The logistic likelihood with Jeffreys' penalty, which keeps its maximum finite whatever the data."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

# Fisher scoring takes a dozen steps on any data worth fitting, hundreds on a handful of subjects.
MOST_STEPS = 5000
_MOST_MOVES = 100


@dataclass(frozen=True, kw_only=True, eq=False)
class PenalisedLikelihood:
    """Outcomes ``y``, 0 or 1, and covariates ``x``: subjects x columns, standardised, the constant first."""

    y: np.ndarray
    x: np.ndarray

    def maximise(self, beta: np.ndarray, fixed: int | None = None) -> tuple[np.ndarray, float]:
        """Coefficients at the maximum, and the maximum, found from ``beta`` on by Fisher scoring.

        Args:
            beta: Where to start.
            fixed: The coefficient to hold where it is; none if left out.

        Raises:
            ArithmeticError: If the likelihood is too flat to find its maximum.
        """
        free = np.arange(beta.size) != fixed
        value = self._value(beta)
        for _ in range(MOST_STEPS):
            step = self._step(beta, free)
            while (candidate := self._value(beta + step)) < value - 1e-12 * abs(value):
                step = step / 2
            beta, value = beta + step, candidate
            if np.abs(step).max() < 1e-9:
                return beta, value
        raise ArithmeticError("the likelihood is too flat to find its maximum")

    def profile(self, beta: np.ndarray, place: int, value: float) -> float:
        """The maximum with the coefficient at ``place`` held at ``value``; ``beta`` is where it is free."""
        others = np.arange(beta.size) != place
        information = self._information(self._spread(beta))
        along = np.linalg.solve(information[np.ix_(others, others)], information[others, place])
        start = beta.copy()
        start[others] += along * (beta[place] - value)
        start[place] = value
        return self.maximise(start, fixed=place)[1]

    def limit(self, beta: np.ndarray, place: int, level: float, side: int) -> float | None:
        """Where the profile of the coefficient at ``place`` falls to ``level``; None when that is not found at once.

        All coefficients move together, so that no maximum is sought on the way.

        Args:
            beta: Coefficients at the maximum.
            place: Whose profile.
            level: Below the maximum.
            side: 1 for the upper limit, -1 for the lower.

        Source:
            Venzon DJ, Moolgavkar SH. Appl Stat 1988;37(1):87-94.
        """
        others = np.arange(beta.size) != place
        for _ in range(_MOST_MOVES):
            slope, information = self._slope_and_information(beta)
            inner, across = information[np.ix_(others, others)], information[others, place]
            towards, along = np.linalg.solve(inner, np.column_stack((slope[others], across))).T
            fall, bend = slope[place] - slope[others] @ along, information[place, place] - across @ along
            within = fall**2 + 2 * bend * (slope[others] @ towards / 2 + self._value(beta) - level)
            if not within >= 0 or not bend > 0:
                return None
            step = np.empty(beta.size)
            step[place] = (fall + side * np.sqrt(within)) / bend
            step[others] = towards - along * step[place]
            beta = beta + step / max(1.0, np.abs(step).max() / 5)
            if np.abs(step).max() < 1e-10:
                return float(beta[place])
        return None

    def standard_errors(self, beta: np.ndarray) -> np.ndarray:
        """Of each coefficient, from the information at ``beta``."""
        return np.sqrt(np.diag(np.linalg.inv(self._information(self._spread(beta)))))

    def _spread(self, beta: np.ndarray) -> np.ndarray:
        """Variance of each outcome, also where one of its chances rounds to 0."""
        eta = self.x @ beta
        return expit(eta) * expit(-eta)

    def _information(self, spread: np.ndarray) -> np.ndarray:
        return (self.x * spread[:, None]).T @ self.x

    def _value(self, beta: np.ndarray) -> float:
        eta = self.x @ beta
        _, log_determinant = np.linalg.slogdet(self._information(self._spread(beta)))
        return float((self.y * eta - np.logaddexp(0, eta)).sum() + log_determinant / 2)

    def _slope_and_information(self, beta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        spread, chance = self._spread(beta), expit(self.x @ beta)
        information = self._information(spread)
        if not np.isfinite(information).all() or np.linalg.cond(information) > 1e14:
            raise ArithmeticError("the likelihood is too flat to find its maximum")
        leverage = spread * np.einsum("ij,ij->i", self.x @ np.linalg.inv(information), self.x)
        return self.x.T @ (self.y - chance + leverage * (0.5 - chance)), information

    def _step(self, beta: np.ndarray, free: np.ndarray) -> np.ndarray:
        slope, information = self._slope_and_information(beta)
        step = np.zeros(beta.size)
        step[free] = np.linalg.solve(information[np.ix_(free, free)], slope[free])
        # A long first step can leave the region in which the information can be inverted.
        return step / max(1.0, np.abs(step).max() / 5)
