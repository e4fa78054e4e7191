"""How well a value tells subjects with an event from those without: the area under the ROC curve."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import rankdata

from pipelines.statistics.arrays import finite
from pipelines.statistics.estimates import Estimate, NotEstimable, normal_quantile


def area_under_curve(
    with_event: ArrayLike, without_event: ArrayLike, confidence: float = 0.95
) -> Estimate | NotEstimable:
    """Chance that a subject with the event has the higher value, with DeLong's interval.

    Args:
        with_event: Values of the subjects with the event, in any one unit, none missing.
        without_event: Values of the others, in the same unit.
        confidence: Two-sided coverage, between 0 and 1.

    Returns:
        Area and limits in [0, 1]; ties count half. The limits are None with one subject on a side, for then
        there is no variance, and with perfect separation, for then it is nil.

    Raises:
        ValueError: If a value is missing or infinite.

    Source:
        DeLong ER, DeLong DM, Clarke-Pearson DL. Biometrics 1988;44(3):837-845.

    >>> round(area_under_curve([3, 4, 5], [1, 2, 4]).estimate, 4)
    0.8333
    """
    cases, controls = finite(with_event), finite(without_event)
    if cases.size == 0 or controls.size == 0:
        return NotEstimable(reason="it needs subjects with and without the event")
    ranks = rankdata(np.concatenate((cases, controls)))
    beaten = (ranks[: cases.size] - rankdata(cases)) / controls.size
    beating = 1 - (ranks[cases.size :] - rankdata(controls)) / cases.size
    area = float(beaten.mean())
    if min(cases.size, controls.size) < 2 or area in (0.0, 1.0):
        return Estimate(estimate=area, lower=None, upper=None)
    variance = beaten.var(ddof=1) / cases.size + beating.var(ddof=1) / controls.size
    reach = normal_quantile(confidence) * float(np.sqrt(variance))
    return Estimate(estimate=area, lower=max(0.0, area - reach), upper=min(1.0, area + reach))
