"""Fine and Gray's pseudo-likelihood, its slope, and how far each subject pulls on it."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, kw_only=True, eq=False)
class Subdistribution:
    """Subjects in the order of time, and the distinct times of the event of interest.

    Whoever had a competing event stays at risk, with the weight of not having been censored since.
    """

    x: np.ndarray
    had_event: np.ndarray
    censored: np.ndarray
    at_risk: np.ndarray
    # 1 over the chance of not being censored before the competing event; 0 for subjects without one.
    kept: np.ndarray
    events: np.ndarray
    uncensored: np.ndarray
    # Where each event time falls among the subjects, and each subject's time among the event times.
    first_at: np.ndarray
    first_of_same_time: np.ndarray
    last_of_same_time: np.ndarray
    events_before: np.ndarray
    events_until: np.ndarray

    @classmethod
    def of(cls, time: np.ndarray, kind: np.ndarray, x: np.ndarray) -> "Subdistribution":
        """The same data in the order of time, with Kaplan-Meier weights against censoring."""
        order = np.argsort(time, kind="stable")
        time, kind, x = time[order], kind[order], x[order]
        distinct, start = np.unique(time, return_index=True)
        left = np.add.reduceat((kind == 0).astype(float), start)
        staying = np.concatenate(([1.0], np.cumprod(1 - left / (time.size - start))[:-1]))
        event_time, events = np.unique(time[kind == 1], return_counts=True)
        first = np.searchsorted(time, time)
        return cls(
            x=x,
            had_event=kind == 1,
            censored=kind == 0,
            at_risk=time.size - first,
            kept=np.where(kind > 1, 1 / staying[np.searchsorted(distinct, time)], 0.0),
            events=events,
            uncensored=staying[np.searchsorted(distinct, event_time)],
            first_at=np.searchsorted(time, event_time),
            first_of_same_time=first,
            last_of_same_time=np.searchsorted(time, time, side="right"),
            events_before=np.searchsorted(event_time, time),
            events_until=np.searchsorted(event_time, time, side="right"),
        )

    def derivatives(self, beta: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        """Log pseudo-likelihood, its slope and its information, ties as Breslow takes them."""
        p = self.x.shape[1]
        square = np.einsum("ij,ik->ijk", self.x, self.x).reshape(len(self.x), -1)
        sums = self._at_event_times(beta, np.column_stack((self.x, square)))
        total, mean = sums[:, 0], sums[:, 1 : p + 1] / sums[:, :1]
        second = (sums[:, p + 1 :] / sums[:, :1]).reshape(-1, p, p)
        own = self.x[self.had_event]
        value = float((own @ beta).sum() - self.events @ np.log(total))
        slope = own.sum(axis=0) - self.events @ mean
        spread = second - np.einsum("ij,ik->ijk", mean, mean)
        return value, slope, np.einsum("t,tjk->jk", self.events, spread)

    def residuals(self, beta: np.ndarray) -> np.ndarray:
        """What each subject adds to the slope, by its own course and by its part in the censoring weights."""
        sums = self._at_event_times(beta, self.x)
        mean, jump = sums[:, 1:] / sums[:, :1], self.events / sums[:, 0]
        hazard = np.exp(self.x @ beta)
        return self._own(hazard, mean, jump) + self._through_censoring(hazard, mean, jump)

    def _at_event_times(self, beta: np.ndarray, values: np.ndarray) -> np.ndarray:
        """Weighted sums over the risk set at each event time, of 1 and then of the values."""
        weighted = np.column_stack((np.ones(len(values)), values)) * np.exp(self.x @ beta)[:, None]
        at_risk = np.cumsum(weighted[::-1], axis=0)[::-1]
        competing = _from_nought(weighted * self.kept[:, None])
        return at_risk[self.first_at] + self.uncensored[:, None] * competing[self.first_at]

    def _own(self, hazard: np.ndarray, mean: np.ndarray, jump: np.ndarray) -> np.ndarray:
        until = self.events_until
        seen, seen_mean = _from_nought(jump), _from_nought(jump[:, None] * mean)
        due = self.x * seen[until][:, None] - seen_mean[until]
        after, after_mean = self._after(mean, jump, until)
        due += self.kept[:, None] * (self.x * after[:, None] - after_mean)
        happened = np.where(self.had_event[:, None], self.x - mean[np.maximum(until - 1, 0)], 0.0)
        return happened - hazard[:, None] * due

    def _through_censoring(self, hazard: np.ndarray, mean: np.ndarray, jump: np.ndarray) -> np.ndarray:
        weight = (hazard * self.kept)[:, None]
        gone, gone_x = (_from_nought(v)[self.first_of_same_time] for v in (weight, weight * self.x))
        after, after_mean = self._after(mean, jump, self.events_before)
        pull = (gone_x * after[:, None] - gone * after_mean) / self.at_risk[:, None]
        change = np.where(self.censored[:, None], pull, 0.0)
        drift = _from_nought(change / self.at_risk[:, None])
        return change - drift[self.last_of_same_time]

    def _after(self, mean: np.ndarray, jump: np.ndarray, since: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Hazard still to come for those kept in the risk set, and the same times the mean covariates."""
        weight = jump * self.uncensored
        total, total_mean = _from_nought(weight), _from_nought(weight[:, None] * mean)
        return total[-1] - total[since], total_mean[-1] - total_mean[since]


def _from_nought(values: np.ndarray) -> np.ndarray:
    """Cumulative sums down the rows, the empty sum first."""
    return np.concatenate((np.zeros_like(values[:1]), np.cumsum(values, axis=0)))
