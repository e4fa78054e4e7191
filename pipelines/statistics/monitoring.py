"""When to stop for harm: a beta-binomial boundary, and how it would behave."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import beta

from pipelines.statistics.estimates import check_confidence


@dataclass(frozen=True, kw_only=True)
class StoppingRule:
    """Stop once the probability that the true rate exceeds ``limit_rate`` is above ``confidence``.

    The prior is a beta distribution worth ``prior_events + prior_without`` subjects.
    """

    limit_rate: float
    confidence: float
    prior_events: float
    prior_without: float

    def __post_init__(self) -> None:
        """Refuse what is not a rule.

        Raises:
            ValueError: If a proportion is not between 0 and 1, or a prior count is not above 0.
        """
        check_confidence(self.confidence)
        if not 0 < self.limit_rate < 1:
            raise ValueError(f"limit_rate is {self.limit_rate}; give a proportion strictly between 0 and 1.")
        if min(self.prior_events, self.prior_without) <= 0:
            raise ValueError(f"the prior is {self.prior_events}, {self.prior_without}; give counts above 0.")

    def probability_above_limit(self, events: int, subjects: int) -> float:
        """How probable it is, after ``events`` in ``subjects``, that the true rate exceeds the limit.

        >>> rule = StoppingRule(limit_rate=0.3, confidence=0.9, prior_events=0.6, prior_without=1.4)
        >>> round(rule.probability_above_limit(3, 3), 4)
        0.9762
        """
        without = self.prior_without + subjects - events
        return float(beta.sf(self.limit_rate, self.prior_events + events, without))

    def first_crossing(self, course: Sequence[int]) -> int | None:
        """The number of subjects after which the study would first have stopped; None when it never would have.

        Args:
            course: Events so far after each subject, the first subject first.

        >>> rule = StoppingRule(limit_rate=0.3, confidence=0.9, prior_events=0.6, prior_without=1.4)
        >>> rule.first_crossing([0, 1, 2, 3, 4]), rule.first_crossing([0, 0, 1])
        (5, None)
        """
        events, subjects = np.asarray(course), np.arange(1, len(course) + 1)
        above = beta.sf(self.limit_rate, self.prior_events + events, self.prior_without + subjects - events)
        stops = np.flatnonzero(above > self.confidence)
        return int(stops[0]) + 1 if stops.size else None

    def boundary(self, subjects: int) -> int | None:
        """The fewest events in ``subjects`` that stop the study; None when even all of them would not.

        >>> rule = StoppingRule(limit_rate=0.3, confidence=0.9, prior_events=0.6, prior_without=1.4)
        >>> [rule.boundary(subjects) for subjects in (2, 3, 5, 30)]
        [2, 3, 4, 13]
        """
        counts = np.arange(subjects + 1)
        above = beta.sf(self.limit_rate, self.prior_events + counts, self.prior_without + subjects - counts)
        stops = np.flatnonzero(above > self.confidence)
        return int(stops[0]) if stops.size else None


@dataclass(frozen=True, kw_only=True)
class OperatingCharacteristics:
    """How a rule behaves at one true rate; ``stopped_at`` is the probability of stopping at each look."""

    true_rate: float
    stop_probability: float
    expected_subjects: float
    expected_events: float
    stopped_at: tuple[float, ...]


def operating_characteristics(
    rule: StoppingRule, looks: Sequence[int], true_rates: Sequence[float]
) -> tuple[OperatingCharacteristics, ...]:
    """How likely a study is to stop, and how large it grows, at each true rate over all possible courses.

    Args:
        rule: When to stop.
        looks: Subjects evaluated at each look, rising; the last is the whole study.
        true_rates: Each in [0, 1].

    Returns:
        One for each true rate, in the order given; nothing is simulated.

    Raises:
        ValueError: If the looks do not rise from 1, or a rate is not a proportion.
    """
    if not looks or min(np.diff(looks, prepend=0)) < 1:
        raise ValueError(f"looks are {list(looks)}; give numbers of subjects that rise from 1 up.")
    if not all(0 <= rate <= 1 for rate in true_rates):
        raise ValueError(f"true rates are {list(true_rates)}; give proportions from 0 to 1.")
    boundaries = [rule.boundary(subjects) for subjects in looks]
    return tuple(_characteristics(boundaries, looks, rate) for rate in true_rates)


def _characteristics(boundaries: Sequence[int | None], looks: Sequence[int], rate: float) -> OperatingCharacteristics:
    going, stopped_at, subjects, events = np.array([1.0]), [], 0.0, 0.0
    for added, look, boundary in zip(np.diff(looks, prepend=0), looks, boundaries, strict=True):
        for _ in range(added):
            going = np.convolve(going, (1 - rate, rate))
        stop = going.size if boundary is None else boundary
        leaving = going.copy() if look == looks[-1] else np.where(np.arange(going.size) >= stop, going, 0.0)
        stopped_at.append(float(going[stop:].sum()))
        subjects += look * float(leaving.sum())
        events += float(leaving @ np.arange(going.size))
        going = going - leaving
    return OperatingCharacteristics(
        true_rate=rate,
        stop_probability=sum(stopped_at),
        expected_subjects=subjects,
        expected_events=events,
        stopped_at=tuple(stopped_at),
    )
