"""How many of how many: confidence intervals for one proportion."""

from math import sqrt

from scipy.stats import beta

from pipelines.statistics.estimates import check_confidence, normal_quantile


def exact_interval(events: int, subjects: int, confidence: float = 0.95) -> tuple[float, float]:
    """Clopper-Pearson interval for a proportion.

    Args:
        events: Subjects with the event, 0 to ``subjects``.
        subjects: Subjects at risk, 1 or more.
        confidence: Two-sided coverage, between 0 and 1.

    Returns:
        Lower and upper limits as proportions in [0, 1].

    Raises:
        ValueError: If the counts are impossible.

    Source:
        Clopper CJ, Pearson ES. Biometrika 1934;26(4):404-413.

    >>> [round(limit, 4) for limit in exact_interval(3, 10)]
    [0.0667, 0.6525]
    """
    check_counts(events, subjects)
    tail = (1 - check_confidence(confidence)) / 2
    lower = beta.ppf(tail, events, subjects - events + 1) if events > 0 else 0.0
    upper = beta.isf(tail, events + 1, subjects - events) if events < subjects else 1.0
    return float(lower), float(upper)


def wilson_interval(events: int, subjects: int, confidence: float = 0.95) -> tuple[float, float]:
    """Wilson score interval for a proportion, without continuity correction.

    Args:
        events: Subjects with the event, 0 to ``subjects``.
        subjects: Subjects at risk, 1 or more.
        confidence: Two-sided coverage, between 0 and 1.

    Returns:
        Lower and upper limits as proportions in [0, 1].

    Raises:
        ValueError: If the counts are impossible.

    Source:
        Wilson EB. J Am Stat Assoc 1927;22(158):209-212.

    >>> [round(limit, 4) for limit in wilson_interval(3, 10)]
    [0.1078, 0.6032]
    """
    check_counts(events, subjects)
    z = normal_quantile(confidence)
    p = events / subjects
    centre = p + z**2 / (2 * subjects)
    half_width = z * sqrt(p * (1 - p) / subjects + z**2 / (4 * subjects**2))
    scale = 1 + z**2 / subjects
    return max(0.0, (centre - half_width) / scale), min(1.0, (centre + half_width) / scale)


def check_counts(events: int, subjects: int) -> None:
    """Nothing, when ``events`` of ``subjects`` can be.

    Raises:
        ValueError: If there are no subjects, or fewer than events, or a count is negative.
    """
    if subjects < 1 or not 0 <= events <= subjects:
        raise ValueError(
            f"{events} events in {subjects} subjects cannot be; give at least one subject "
            "and from none to all of them with the event."
        )
