"""What the risk would be if everybody were exposed, and if nobody were: standardisation over confounders."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, logit

from pipelines.statistics.effects import unfit
from pipelines.statistics.estimates import Estimate, NotEstimable, check_confidence
from pipelines.statistics.summary import quantiles

# To this many subjects every replicate is fitted anew; beyond it the estimate is linear in the weights to all purposes.
MOST_REFITTED = 5000
_MOST_STEPS, _BLOCK = 25, 4_000_000
# A linear predictor this far from 0 is a chance of 0 or 1, and a smaller average risk is none.
_CERTAIN, _NO_RISK = 20.0, 1e-6


@dataclass(frozen=True, kw_only=True)
class Standardised:
    """Average risks with and without exposure, their difference and ratio, and the replicates of the limits."""

    risk_exposed: float
    risk_unexposed: float
    difference: Estimate
    ratio: Estimate | NotEstimable
    subjects: int
    replicates: int


def standardised_risks(
    outcomes: ArrayLike,
    exposed: ArrayLike,
    confounders: ArrayLike,
    *,
    seed: int,
    replicates: int = 1000,
    confidence: float = 0.95,
    least_events_per_variable: float = 5,
) -> Standardised | NotEstimable:
    """Risks standardised to all subjects by g-computation with a logistic model, percentile bootstrap limits.

    Args:
        outcomes: 1 or True for subjects with the event, one a subject.
        exposed: 1 or True for the exposed, in the order of ``outcomes``.
        confounders: Subjects x columns, none missing; may have no columns.
        seed: Of the bootstrap's random numbers; the same seed gives the same limits.
        replicates: Bootstrap samples; beyond 5,000 subjects the estimate's influence functions are resampled.
        confidence: Two-sided coverage, between 0 and 1.
        least_events_per_variable: Fewer subjects with the event, or without it if they are fewer, for each variable,
            and there is no fit.

    Returns:
        Not estimable where there are too few events, a variable follows from the others, or one separates the events.

    Source:
        Robins J. Math Model 1986;7(9-12):1393-1512; Snowden JM et al. Am J Epidemiol 2011;173(7):731-738.
    """
    y, a = np.asarray(outcomes, dtype=float), np.asarray(exposed, dtype=float)
    z = np.asarray(confounders, dtype=float).reshape(y.size, -1)
    tail = (1 - check_confidence(confidence)) / 2
    refused = unfit(np.column_stack((a, z)), int(min(y.sum(), y.size - y.sum())), least_events_per_variable)
    if refused:
        return refused
    model = _Model.of(y, a, z)
    beta = model.fitted()
    if beta is None:
        return NotEstimable(reason="a variable separates the events")
    [(with_it, without)] = model.risks(beta, np.ones((1, y.size)))
    drawn = model.resampled(beta, np.random.Generator(np.random.PCG64(seed)), replicates)
    return Standardised(
        risk_exposed=with_it,
        risk_unexposed=without,
        difference=_estimate(with_it - without, drawn[:, 0] - drawn[:, 1], tail),
        ratio=_ratio(with_it, without, drawn, tail),
        subjects=y.size,
        replicates=replicates,
    )


def propensities(exposed: ArrayLike, confounders: ArrayLike) -> np.ndarray | NotEstimable:
    """The chance of exposure of each subject by a logistic model; not estimable where confounders determine it.

    Args:
        exposed: 1 or True for the exposed, one a subject.
        confounders: Subjects x columns, none missing.
    """
    a = np.asarray(exposed, dtype=float)
    if a.size == 0 or a.min() == a.max():
        return NotEstimable(reason="all or none are exposed")
    z = np.asarray(confounders, dtype=float).reshape(a.size, -1)
    spread = z.std(axis=0)
    x = np.column_stack((np.ones(a.size), ((z - z.mean(axis=0)) / np.where(spread > 0, spread, 1))))
    beta = _Model(y=a, x=x, with_it=x, without=x).fitted()
    if beta is None:
        return NotEstimable(reason="the confounders determine who is exposed, of all subjects or of some")
    return expit(x @ beta[0])


def _estimate(value: float, drawn: np.ndarray, tail: float) -> Estimate:
    lower, upper = quantiles(drawn, [tail, 1 - tail])
    return Estimate(estimate=float(value), lower=lower, upper=upper)


def _ratio(with_it: float, without: float, drawn: np.ndarray, tail: float) -> Estimate:
    total = drawn.sum(axis=1)
    # The ratio is infinite in a sample without risk among the unexposed; the share of the two risks is ordered alike.
    share = drawn[total > 0, 0] / total[total > 0]
    limits = quantiles(share, [tail, 1 - tail])
    lower, upper = (limit / (1 - limit) if limit < 1 else np.inf for limit in limits)
    return Estimate(estimate=float(with_it / without), lower=lower, upper=upper)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Model:
    """Outcomes, covariates with the constant first, and the same covariates were all exposed and were none."""

    y: np.ndarray
    x: np.ndarray
    with_it: np.ndarray
    without: np.ndarray

    @classmethod
    def of(cls, y: np.ndarray, a: np.ndarray, z: np.ndarray) -> "_Model":
        standard = (z - z.mean(axis=0)) / z.std(axis=0)
        one, none = np.ones(y.size), np.zeros(y.size)
        x, with_it, without = (np.column_stack((one, column, standard)) for column in (a, one, none))
        return cls(y=y, x=x, with_it=with_it, without=without)

    def fitted(self) -> np.ndarray | None:
        """Coefficients, one row; None where they grow without end, because a variable separates the outcomes."""
        beta, has_settled = self.fit(np.ones((1, self.y.size)), np.zeros((1, self.x.shape[1])))
        return beta if has_settled and np.abs(self.x @ beta[0]).max() <= _CERTAIN else None

    def fit(self, weights: np.ndarray, start: np.ndarray) -> tuple[np.ndarray, bool]:
        """Coefficients of each row of weights, by Newton's method from ``start`` on, and whether all have settled."""
        n, count = self.x.shape
        informed = self._informed(len(weights))
        beta = start.copy()
        for _ in range(_MOST_STEPS):
            chance = expit(beta @ self.x.T)
            slope = (weights * (self.y - chance)) @ self.x
            # A whisper of a ridge keeps a replicate in which a variable separates the events from breaking the rest.
            information = informed(weights * chance * (1 - chance)) + 1e-8 * n * np.eye(count)
            step = np.linalg.solve(information, slope[:, :, None])[:, :, 0]
            beta = beta + step / np.maximum(1.0, np.abs(step).max(axis=1, keepdims=True) / 5)
            if np.abs(step).max() < 1e-8:
                return beta, True
        return beta, False

    def _informed(self, rows: int) -> Callable[[np.ndarray], np.ndarray]:
        """The information of each row of weights; many rows share the products of covariates."""
        if rows == 1:
            return lambda weights: ((self.x * weights[0][:, None]).T @ self.x)[None]
        n, count = self.x.shape
        products = (self.x[:, :, None] * self.x[:, None, :]).reshape(n, count * count)
        return lambda weights: (weights @ products).reshape(-1, count, count)

    def risks(self, beta: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Average chances were all exposed, and were none: a row for each row of coefficients."""
        total = weights.sum(axis=1)
        means = [(weights * expit(beta @ x.T)).sum(axis=1) / total for x in (self.with_it, self.without)]
        return np.column_stack(means)

    def resampled(self, beta: np.ndarray, random: np.random.Generator, replicates: int) -> np.ndarray:
        """Risks of each bootstrap sample, replicates x 2."""
        n = self.y.size
        size = max(1, min(replicates, _BLOCK // n))
        blocks = [min(size, replicates - begun) for begun in range(0, replicates, size)]
        influence = self._influence(beta[0]) if n > MOST_REFITTED else None
        drawn = []
        for block in blocks:
            draws = (np.bincount(random.integers(0, n, n), minlength=n) for _ in range(block))
            weights = np.array(list(draws), dtype=float)
            if influence is None:
                fitted, _ = self.fit(weights, np.repeat(beta, block, axis=0))
                risks = self.risks(fitted, weights)
                drawn.append(np.where(risks < _NO_RISK, 0.0, risks))
            else:
                # On the scale of log odds, so that no sample has a risk beyond 0 or 1.
                risks = self.risks(beta, np.ones((1, n)))
                drawn.append(expit(logit(risks) + (weights - 1) @ influence / n / (risks * (1 - risks))))
        return np.concatenate(drawn)

    def _influence(self, beta: np.ndarray) -> np.ndarray:
        """How far each subject moves the two risks, subjects x 2."""
        chance = expit(self.x @ beta)
        information = (self.x * (chance * (1 - chance))[:, None]).T @ self.x / self.y.size
        moves = np.linalg.solve(information, (self.x * (self.y - chance)[:, None]).T).T
        columns = []
        for x in (self.with_it, self.without):
            risk = expit(x @ beta)
            columns.append(risk - risk.mean() + moves @ ((risk * (1 - risk)) @ x / self.y.size))
        return np.column_stack(columns)
