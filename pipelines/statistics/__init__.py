"""Numbers in, numbers out: the estimators, each with its source."""

from pipelines.statistics.agreement import weighted_kappa
from pipelines.statistics.association import Fisher, cochran_armitage, fisher, fisher_p_value
from pipelines.statistics.competing import cumulative_incidence
from pipelines.statistics.curves import Curve, Point
from pipelines.statistics.differences import TwoGroups, miettinen_nurminen
from pipelines.statistics.effects import Effect, Fit
from pipelines.statistics.estimates import Estimate, NotEstimable, TestResult, Trend
from pipelines.statistics.fine_gray import fine_gray
from pipelines.statistics.gray import gray
from pipelines.statistics.kaplan_meier import KaplanMeier, kaplan_meier
from pipelines.statistics.log_rank import log_rank
from pipelines.statistics.mantel_haenszel import breslow_day, cochran_mantel_haenszel, common_odds_ratio
from pipelines.statistics.monitoring import OperatingCharacteristics, StoppingRule, operating_characteristics
from pipelines.statistics.proportions import exact_interval, wilson_interval
from pipelines.statistics.ranks import jonckheere, kruskal_wallis
from pipelines.statistics.rates import exact_rate
from pipelines.statistics.regression import firth_logistic
from pipelines.statistics.restricted_mean import TimeLost, restricted_mean_time_lost
from pipelines.statistics.risk_table import numbers_at_risk
from pipelines.statistics.roc import area_under_curve
from pipelines.statistics.standardisation import Standardised, propensities, standardised_risks
from pipelines.statistics.summary import Summary, describe, quantiles

__all__ = [
    "Curve",
    "Effect",
    "Estimate",
    "Fisher",
    "Fit",
    "KaplanMeier",
    "NotEstimable",
    "OperatingCharacteristics",
    "Point",
    "Standardised",
    "StoppingRule",
    "Summary",
    "TestResult",
    "TimeLost",
    "Trend",
    "TwoGroups",
    "area_under_curve",
    "breslow_day",
    "cochran_armitage",
    "cochran_mantel_haenszel",
    "common_odds_ratio",
    "cumulative_incidence",
    "describe",
    "exact_interval",
    "exact_rate",
    "fine_gray",
    "firth_logistic",
    "fisher",
    "fisher_p_value",
    "gray",
    "jonckheere",
    "kaplan_meier",
    "kruskal_wallis",
    "log_rank",
    "miettinen_nurminen",
    "numbers_at_risk",
    "operating_characteristics",
    "propensities",
    "quantiles",
    "restricted_mean_time_lost",
    "standardised_risks",
    "weighted_kappa",
    "wilson_interval",
]
