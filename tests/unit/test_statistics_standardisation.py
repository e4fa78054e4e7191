"""Standardised risks: against a fit made otherwise, and where the true effect is known."""

import numpy as np
import pytest
from scipy.special import expit
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM

from pipelines.statistics import NotEstimable, propensities, standardised_risks


def confounded(n=4000, seed=3, effect=-0.7):
    """Sicker subjects are exposed more often and have the event more often, whether exposed or not."""
    random = np.random.default_rng(seed)
    sick, age = random.random(n) < 0.5, random.normal(0, 1, n)
    exposed = random.random(n) < expit(-1.5 + 3 * sick)
    risk = [expit(-1 + 2 * sick + 0.5 * age + effect * value) for value in (1, 0)]
    had = random.random(n) < np.where(exposed, *risk)
    return had, exposed, np.column_stack((sick, age)), risk[0].mean() - risk[1].mean()


def by_statsmodels(had, exposed, confounders):
    """The same by another library: the means of what its model predicts."""
    x = np.column_stack((np.ones(had.size), exposed, confounders)).astype(float)
    fitted = GLM(had.astype(float), x, family=Binomial()).fit(tol=1e-12)
    risks = []
    for value in (1, 0):
        x[:, 1] = value
        risks.append(fitted.predict(x).mean())
    return risks


def test_risks_are_those_of_a_fit_made_otherwise():
    had, exposed, confounders, _ = confounded(400)
    found = standardised_risks(had, exposed, confounders, seed=1, replicates=20)
    other = by_statsmodels(had, exposed, confounders)
    assert [found.risk_exposed, found.risk_unexposed] == pytest.approx(other, abs=1e-8)


def test_the_known_effect_is_found_where_the_crude_one_has_the_wrong_sign():
    had, exposed, confounders, true = confounded()
    found = standardised_risks(had, exposed, confounders, seed=1, replicates=400)
    assert had[exposed].mean() - had[~exposed].mean() > 0 > true
    assert found.difference.lower < true < found.difference.upper < 0


def test_limits_cover_the_truth_as_often_as_they_say():
    covered = 0
    for seed in range(60):
        had, exposed, confounders, true = confounded(500, seed)
        found = standardised_risks(had, exposed, confounders, seed=seed, replicates=200)
        covered += found.difference.lower <= true <= found.difference.upper
    # 57 expected; fewer than 51 of 60 has a chance of 1 in 200.
    assert covered >= 51


def test_the_same_seed_gives_the_same_limits_and_another_others():
    had, exposed, confounders, _ = confounded(300)
    first, again, other = (standardised_risks(had, exposed, confounders, seed=s, replicates=50) for s in (1, 1, 2))
    assert first == again
    assert first.difference != other.difference
    assert first.risk_exposed == other.risk_exposed


def test_influence_functions_have_the_spread_of_refits():
    had, exposed, confounders, _ = confounded(5400)
    large = standardised_risks(had, exposed, confounders, seed=1, replicates=400)
    small = standardised_risks(had[:5000], exposed[:5000], confounders[:5000], seed=1, replicates=400)
    widths = [one.difference.upper - one.difference.lower for one in (large, small)]
    assert widths[0] / widths[1] == pytest.approx(np.sqrt(5000 / 5400), rel=0.15)


@pytest.mark.parametrize(
    ("had", "exposed", "z", "reason"),
    [
        (np.zeros(50), np.arange(50) % 2, np.arange(50.0), "too few"),
        (np.arange(50) < 8, np.arange(50) % 2, np.arange(50.0), "8 events"),
        (np.arange(50) % 3 == 0, np.ones(50), np.arange(50.0), "constant"),
        (np.arange(50) < 25, np.arange(50) % 2, np.arange(50.0), "separates"),
        (np.arange(400) % 4 == 0, np.arange(400) % 2, np.sin(np.arange(400.0)), "separates"),
    ],
)
def test_what_cannot_be_answered_says_why(had, exposed, z, reason):
    found = standardised_risks(had, exposed, z[:, None], seed=1, replicates=10)
    assert isinstance(found, NotEstimable)
    assert reason in found.reason


def few(n, cases):
    """As many events among the 40 exposed, or the 40 not exposed, and one in three of the others."""
    exposed = np.arange(n) < 40
    return np.where(exposed, np.arange(n) < cases, np.arange(n) % 3 == 0), exposed, np.empty((n, 0))


def test_a_ratio_to_a_risk_that_samples_lack_has_no_upper_limit():
    had, exposed, none = few(200, 2)
    found = standardised_risks(had, ~exposed, none, seed=1, replicates=200)
    assert found.ratio.lower > 1
    assert found.ratio.upper == np.inf


def test_a_ratio_of_a_risk_that_samples_lack_has_the_limit_nought():
    had, exposed, none = few(200, 2)
    assert standardised_risks(had, exposed, none, seed=1, replicates=200).ratio.lower == 0


def test_risks_stay_between_nought_and_one_where_influence_functions_are_resampled():
    had, exposed, none = few(6000, 2)
    found = standardised_risks(had, exposed, none, seed=1, replicates=200)
    assert 0 < found.ratio.lower < found.ratio.estimate < found.ratio.upper < 1


def test_propensities_average_to_the_share_of_the_exposed():
    _, exposed, confounders, _ = confounded(1000)
    found = propensities(exposed, confounders)
    assert found.mean() == pytest.approx(exposed.mean())
    assert found[exposed].mean() > found[~exposed].mean()


@pytest.mark.parametrize(
    ("exposed", "confounder", "reason"),
    [
        (np.ones(20), np.arange(20), "all or none"),
        (np.arange(20) > 9, np.arange(20), "determine who is exposed"),
        ((np.arange(400) % 3 == 0) | (np.arange(400) > 300), np.arange(400) > 300, "or of some"),
    ],
)
def test_where_groups_do_not_overlap_there_is_no_propensity(exposed, confounder, reason):
    assert reason in propensities(exposed, confounder[:, None]).reason
