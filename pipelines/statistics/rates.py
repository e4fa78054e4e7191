"""Events per person-time at risk."""

from scipy.stats import chi2

from pipelines.statistics.estimates import Estimate, NotEstimable, check_confidence


def exact_rate(events: int, person_time: float, per: float = 100, confidence: float = 0.95) -> Estimate | NotEstimable:
    """A rate with its exact Poisson interval.

    Args:
        events: How many, 0 or more.
        person_time: Time at risk over all subjects, in days where the rate is to be per day.
        per: Person-time the rate is given for, such as 100 person-days.
        confidence: Two-sided coverage, between 0 and 1.

    Returns:
        Events in ``per`` person-time and limits; not estimable without time at risk.

    Raises:
        ValueError: If events or time are negative, or there are events without time.

    Source:
        Garwood F. Biometrika 1936;28(3/4):437-442.

    >>> found = exact_rate(3, 250)
    >>> [round(number, 4) for number in (found.estimate, found.lower, found.upper)]
    [1.2, 0.2475, 3.5069]
    """
    if events < 0 or person_time < 0 or (events > 0 and person_time == 0):
        raise ValueError(f"{events} events in {person_time} person-time cannot be; give counts and time from 0 up.")
    tail = (1 - check_confidence(confidence)) / 2
    if person_time == 0:
        return NotEstimable(reason="no time at risk")
    scale = per / person_time
    lower = chi2.ppf(tail, 2 * events) / 2 * scale if events else 0.0
    return Estimate(
        estimate=events * scale, lower=float(lower), upper=float(chi2.isf(tail, 2 * events + 2) / 2 * scale)
    )
