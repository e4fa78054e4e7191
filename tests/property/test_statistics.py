"""What must hold for any subjects, and for none."""

from dataclasses import fields, is_dataclass
from itertools import permutations, product
from math import isnan, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu, norm

from pipelines import statistics as s

# Days come in halves, so that ties, time 0 and fractions all happen.
SUBJECT = st.tuples(
    st.integers(0, 8).map(lambda halves: halves / 2), st.integers(0, 3), st.integers(0, 2), st.integers(0, 1)
)
SUBJECTS = st.lists(SUBJECT, max_size=25)
COUNTS = st.integers(0, 12).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
VALUES = st.lists(st.integers(0, 9).map(float), max_size=8)


def _columns(subjects: list[tuple]) -> tuple[np.ndarray, ...]:
    return tuple(np.array(subjects, dtype=float).reshape(-1, 4).T)


def _two_groups(group: tuple[int, int], reference: tuple[int, int]) -> s.TwoGroups:
    return s.TwoGroups(
        events=group[0], subjects=group[1], reference_events=reference[0], reference_subjects=reference[1]
    )


def _numbers(answer: Any) -> list[float]:
    """Every number an answer holds, whatever it is made of."""
    if is_dataclass(answer):
        return [number for field in fields(answer) for number in _numbers(getattr(answer, field.name))]
    if isinstance(answer, list | tuple):
        return [number for inner in answer for number in _numbers(inner)]
    return [float(answer)] if isinstance(answer, int | float) else []


@given(SUBJECTS)
def test_no_estimator_over_time_ever_answers_nan_or_warns(subjects):
    times, causes, groups, strata = _columns(subjects)
    curve, survival = s.cumulative_incidence(times, causes), s.kaplan_meier(times, causes == 1)
    answers = [
        curve.at([0, 1, 2.5, 99]),
        curve.points(),
        survival.at([0, 1, 2.5, 99]),
        survival.points(),
        [survival.quantile(probability) for probability in (0.25, 0.5, 0.75)],
        s.gray(times, causes, groups),
        s.gray(times, causes, groups, strata, cause=2, rho=0.5),
        s.log_rank(times, causes == 1, groups),
        s.log_rank(times, causes == 1, groups, strata),
        s.restricted_mean_time_lost(times, causes, 3),
        s.describe(times),
    ]
    assert not any(isnan(number) for number in _numbers(answers))


@given(st.lists(st.tuples(COUNTS, COUNTS), max_size=4))
def test_no_estimator_of_proportions_ever_answers_nan_or_warns(pairs):
    strata = [_two_groups(*pair) for pair in pairs]
    events, subjects = [pair[0][0] for pair in pairs], [pair[0][1] for pair in pairs]
    answers = [
        s.miettinen_nurminen(strata),
        s.common_odds_ratio(strata),
        s.breslow_day(strata),
        [s.fisher(stratum) for stratum in strata],
        s.cochran_armitage(events, subjects, exact=False),
        s.cochran_armitage(events, subjects, exact=True),
        s.cochran_mantel_haenszel(np.array([[pair[0], pair[1]] for pair in pairs]).reshape(-1, 2, 2)),
    ]
    assert not any(isnan(number) for number in _numbers(answers))


@given(VALUES, VALUES, VALUES)
def test_no_estimator_of_values_ever_answers_nan_or_warns(first, second, third):
    answers = [
        s.kruskal_wallis([first, second, third]),
        s.jonckheere([first, second, third]),
        s.area_under_curve(first, second),
        s.describe(first),
    ]
    assert not any(isnan(number) for number in _numbers(answers))


@settings(max_examples=40)
@given(st.lists(SUBJECT, max_size=12), st.integers(0, 2**32 - 1))
def test_no_regression_ever_answers_nan_or_warns(subjects, seed):
    times, causes, groups, _ = _columns(subjects)
    covariates = {"age": np.random.default_rng(seed).normal(60, 10, times.size), "high": groups == 1}
    answers = [
        s.fine_gray(times, causes, covariates, least_events_per_variable=1),
        s.firth_logistic(causes == 1, covariates, least_events_per_variable=1),
    ]
    assert not any(isnan(number) for number in _numbers(answers))


@given(SUBJECTS)
def test_incidences_and_survival_add_up_to_everybody(subjects):
    times, causes, _, _ = _columns(subjects)
    curves = [s.cumulative_incidence(times, causes, cause=cause) for cause in (1, 2, 3)]
    alive = s.kaplan_meier(times, causes > 0)
    np.testing.assert_allclose(sum(curve.estimate for curve in curves) + alive.estimate, 1)


@given(SUBJECTS)
def test_incidence_never_falls_and_lies_within_its_limits(subjects):
    times, causes, _, _ = _columns(subjects)
    points = s.cumulative_incidence(times, causes).points()
    values = [point.estimate for point in points]
    assert values == sorted(values)
    assert all(p.lower <= p.estimate <= p.upper for p in points if p.lower is not None)


@given(SUBJECTS)
def test_without_competing_events_incidence_is_one_less_survival(subjects):
    times, causes, _, _ = _columns(subjects)
    incidence = s.cumulative_incidence(times, causes == 1)
    np.testing.assert_allclose(incidence.estimate, 1 - s.kaplan_meier(times, causes == 1).estimate, atol=1e-12)


@given(SUBJECTS, st.integers(1, 4))
def test_a_weight_stands_for_that_many_subjects(subjects, weight):
    times, causes, _, _ = _columns(subjects)
    weighted = s.cumulative_incidence(times, causes, np.full(times.size, weight))
    repeated = s.cumulative_incidence(np.repeat(times, weight), np.repeat(causes, weight))
    np.testing.assert_array_equal(weighted.at_risk, repeated.at_risk)
    np.testing.assert_allclose(weighted.estimate, repeated.estimate)
    np.testing.assert_allclose(weighted.standard_error, repeated.standard_error)


@given(SUBJECTS)
def test_a_weight_of_nought_stands_for_nobody(subjects):
    times, causes, _, _ = _columns([*subjects, (99, 1, 0, 0)])
    weighted = s.cumulative_incidence(times, causes, [1] * len(subjects) + [0])
    assert weighted.points() == s.cumulative_incidence(times[:-1], causes[:-1]).points()
    assert weighted.at([9])[0] == s.cumulative_incidence(times[:-1], causes[:-1]).at([9])[0]


@pytest.mark.parametrize("half", range(1, 60))
def test_the_median_of_an_even_number_of_events_is_halfway_whatever_the_rounding(half):
    times = range(1, 2 * half + 1)
    median = s.kaplan_meier(times, [1] * len(times)).median()
    assert isinstance(median, s.Estimate)
    assert median.estimate == half + 0.5


@given(SUBJECTS, st.randoms(use_true_random=False))
def test_the_order_of_the_subjects_does_not_matter(subjects, random):
    shuffled = random.sample(subjects, len(subjects))
    answers = []
    for one in (subjects, shuffled):
        times, causes, groups, strata = _columns(one)
        answers.append(
            _numbers(
                [
                    s.cumulative_incidence(times, causes).points(),
                    s.gray(times, causes, groups, strata),
                    s.log_rank(times, causes == 1, groups, strata),
                ]
            )
        )
    np.testing.assert_allclose(answers[0], answers[1], rtol=1e-9, atol=1e-12)


@given(SUBJECTS, st.sampled_from([0.25, 3.0, 24.0]))
def test_the_unit_of_time_does_not_matter_to_tests_between_groups(subjects, unit):
    times, causes, groups, _ = _columns(subjects)
    assert s.gray(times, causes, groups) == s.gray(times * unit, causes, groups)
    assert s.log_rank(times, causes == 1, groups) == s.log_rank(times * unit, causes == 1, groups)


@given(st.lists(st.tuples(st.integers(0, 10).map(float), st.integers(1, 2)), min_size=1, max_size=20))
def test_without_censoring_time_lost_is_a_plain_mean_with_its_plain_standard_error(subjects):
    times, causes = np.array(subjects).T
    lost = np.where(causes == 1, np.maximum(6 - times, 0), 0)
    found = s.restricted_mean_time_lost(times, causes, 6)
    assert isinstance(found, s.TimeLost)
    assert found.estimate == pytest.approx(lost.mean(), abs=1e-12)
    assert found.standard_error == pytest.approx(lost.std() / sqrt(lost.size), abs=1e-7)


@given(COUNTS.filter(lambda counts: counts[1] > 0), st.sampled_from([0.8, 0.95, 0.99]))
def test_an_interval_for_a_proportion_holds_it_and_mirrors_its_complement(counts, confidence):
    events, subjects = counts
    for interval in (s.exact_interval, s.wilson_interval):
        lower, upper = interval(events, subjects, confidence)
        mirrored = interval(subjects - events, subjects, confidence)
        assert 0 <= lower <= events / subjects + 1e-12
        assert events / subjects - 1e-12 <= upper <= 1
        assert (lower, upper) == pytest.approx((1 - mirrored[1], 1 - mirrored[0]), abs=1e-12)


@given(COUNTS, COUNTS)
def test_a_difference_changes_sign_when_the_groups_change_places(group, reference):
    assume(group[1] and reference[1])
    there, back = (s.miettinen_nurminen([_two_groups(*pair)]) for pair in ((group, reference), (reference, group)))
    assert isinstance(there, s.Estimate)
    assert isinstance(back, s.Estimate)
    assert -1 <= there.lower <= there.estimate + 1e-9
    assert there.estimate - 1e-9 <= there.upper <= 1
    assert (there.lower, there.upper) == pytest.approx((-back.upper, -back.lower), abs=1e-9)


@given(st.lists(st.sampled_from([(x, n) for n in range(4) for x in range(n + 1)]), min_size=2, max_size=3))
def test_the_exact_trend_counts_every_way_the_events_could_have_fallen(groups):
    events, subjects = zip(*groups, strict=True)
    found = s.cochran_armitage(events, subjects, exact=True)
    if isinstance(found, s.NotEstimable):
        return
    marks = np.repeat(np.arange(len(groups)), subjects)
    mean = marks.mean() * sum(events)
    observed = abs(np.dot(events, np.arange(len(groups))) - mean)
    ways = [w for w in product((0, 1), repeat=marks.size) if sum(w) == sum(events)]
    as_far = [w for w in ways if abs(np.dot(w, marks) - mean) >= observed - 1e-9]
    assert found.p_value == pytest.approx(len(as_far) / len(ways))


@settings(max_examples=30)
@given(st.permutations(range(7)), st.sampled_from([(2, 3), (1, 3), (3, 5), (1, 2)]))
def test_exact_jonckheere_counts_every_arrangement(order, cuts):
    def rising(values: tuple[int, ...]) -> int:
        groups = [values[: cuts[0]], values[cuts[0] : cuts[1]], values[cuts[1] :]]
        return sum(a < b for i, low in enumerate(groups) for high in groups[i + 1 :] for a in low for b in high)

    found = s.jonckheere([order[: cuts[0]], order[cuts[0] : cuts[1]], order[cuts[1] :]])
    all_rising = np.array([rising(values) for values in permutations(range(7))])
    tails = ((all_rising <= rising(tuple(order))).mean(), (all_rising >= rising(tuple(order))).mean())
    assert isinstance(found, s.Trend)
    assert found.p_value == pytest.approx(min(1, 2 * min(tails)))


@settings(max_examples=30)
@given(st.lists(st.integers(1, 3), min_size=6, max_size=6).filter(lambda values: len(set(values)) > 1))
def test_jonckheere_s_variance_under_ties_is_that_of_all_arrangements(values):
    found = s.jonckheere([values[:3], values[3:]], exact=False)
    later = np.kron([[0, 1], [0, 0]], np.ones((3, 3)))
    arranged = np.array(list(permutations(values)))
    signs = np.sign(arranged[:, None, :] - arranged[:, :, None])
    score = (signs * later).sum(axis=(1, 2)) / 2
    observed = (np.sign(np.subtract.outer(values, values).T) * later).sum() / 2
    assert isinstance(found, s.Trend)
    assert found.z == pytest.approx(observed / score.std())


@given(st.permutations(range(12)), st.integers(1, 11))
def test_exact_jonckheere_of_two_groups_is_the_exact_rank_sum_test(order, cut):
    found = s.jonckheere([order[:cut], order[cut:]])
    assert isinstance(found, s.Trend)
    assert found.p_value == pytest.approx(mannwhitneyu(order[:cut], order[cut:], method="exact").pvalue)


@given(st.lists(st.integers(0, 9).map(float), min_size=2, max_size=8), st.data())
def test_the_area_under_the_curve_and_its_limits_are_delong_s_by_definition(cases, data):
    controls = data.draw(st.lists(st.integers(0, 9).map(float), min_size=2, max_size=8))
    wins = np.array([[(a > b) + (a == b) / 2 for b in controls] for a in cases])
    variance = wins.mean(axis=1).var(ddof=1) / len(cases) + wins.mean(axis=0).var(ddof=1) / len(controls)
    found = s.area_under_curve(cases, controls)
    assert isinstance(found, s.Estimate)
    assert found.estimate == pytest.approx(wins.mean())
    if found.lower is not None:
        reach = norm.isf(0.025) * sqrt(variance)
        assert found.lower == pytest.approx(max(0, wins.mean() - reach))
        assert found.upper == pytest.approx(min(1, wins.mean() + reach))


@given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=3, max_size=3))
def test_kappa_is_the_same_whichever_grading_comes_first(table):
    for weights in ("none", "linear", "quadratic"):
        there, back = s.weighted_kappa(table, weights), s.weighted_kappa(np.transpose(table), weights)
        assert _numbers(there) == pytest.approx(_numbers(back))


@given(st.floats(0, 1), st.lists(st.integers(1, 8), min_size=1, max_size=3, unique=True).map(sorted))
def test_operating_characteristics_are_those_of_every_possible_course(rate, looks):
    rule = s.StoppingRule(limit_rate=0.3, confidence=0.9, prior_events=0.6, prior_without=1.4)
    [found] = s.operating_characteristics(rule, looks, [rate])
    stop = subjects = events = 0.0
    for course in product((0, 1), repeat=looks[-1]):
        chance = rate ** sum(course) * (1 - rate) ** (len(course) - sum(course))
        stops = [n for n in looks if (fewest := rule.boundary(n)) is not None and sum(course[:n]) >= fewest]
        stop += chance * bool(stops)
        subjects += chance * (stops or looks[-1:])[0]
        events += chance * sum(course[: (stops or looks[-1:])[0]])
    assert found.stop_probability == sum(found.stopped_at)
    assert (found.stop_probability, found.expected_subjects, found.expected_events) == pytest.approx(
        (stop, subjects, events)
    )
