"""What the estimators refuse, and how they say so."""

from collections.abc import Callable

import pytest

from pipelines import statistics as s

RULE = {"limit_rate": 0.3, "confidence": 0.9, "prior_events": 0.6, "prior_without": 1.4}
AGES = {"age": [50, 61, 72, 48, 66, 59]}


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: s.exact_interval(4, 3), "4 events in 3 subjects cannot be"),
        (lambda: s.wilson_interval(0, 0), "give at least one subject"),
        (lambda: s.exact_interval(1, 3, confidence=95), "confidence is 95; give a proportion"),
        (lambda: s.TwoGroups(events=-1, subjects=3, reference_events=0, reference_subjects=3), "-1 events in 3"),
        (lambda: s.exact_rate(2, 0), "2 events in 0 person-time"),
        (lambda: s.kaplan_meier([1, 2], [1]), r"times has shape \(2,\), causes has shape \(1,\)"),
        (lambda: s.kaplan_meier([1, -2], [1, 0]), "time is -2.0 in 1 rows; give finite numbers from 0 up"),
        (lambda: s.kaplan_meier([1, 2], [1, 2]), "give 1 for the event and 0 for all else"),
        (lambda: s.cumulative_incidence([1], [float("nan")]), "cause is nan in 1 rows"),
        (lambda: s.cumulative_incidence([1], [0.5]), "cause is 0.5; give whole numbers"),
        (lambda: s.gray([1, 2], [1, 0], ["a"]), r"groups has shape \(1,\)"),
        (lambda: s.describe([1, None]), "1 of 2 values are missing or infinite"),
        (lambda: s.quantiles([], [0.5]), "quantiles of no values cannot be"),
        (lambda: s.jonckheere([[1], [1, 2]], exact=True), "2 values are the same; leave exact out"),
        (lambda: s.weighted_kappa([[1, 2]]), r"table has shape \(1, 2\)"),
        (lambda: s.cochran_mantel_haenszel([[1, 2], [3, 4]]), r"tables has shape \(2, 2\)"),
        (lambda: s.firth_logistic([0, 2], {"age": [50, 60]}), "outcome is 2.0; give 1"),
        (lambda: s.firth_logistic([0, 1], {}), "covariates is empty"),
        (lambda: s.firth_logistic([0, 1], {"age": [50]}), r"age has shape \(1,\)"),
        (lambda: s.fine_gray([1, 2], [0, 1], {"age": [50, None]}), "age is missing or infinite in 1 subjects"),
        (lambda: s.StoppingRule(**{**RULE, "limit_rate": 1}), "limit_rate is 1; give"),
        (lambda: s.StoppingRule(**{**RULE, "prior_events": 0}), "the prior is 0, 1.4"),
        (lambda: s.operating_characteristics(s.StoppingRule(**RULE), [3, 3], [0.1]), r"looks are \[3, 3\]"),
        (lambda: s.operating_characteristics(s.StoppingRule(**RULE), [3], [1.5]), r"true rates are \[1.5\]"),
    ],
)
def test_what_cannot_be_is_refused_with_the_value_and_what_to_do(ask: Callable[[], object], said: str):
    with pytest.raises(ValueError, match=said):
        ask()


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda: s.firth_logistic([0, 0, 0, 1, 1, 1], AGES), "3 events (or subjects without, if fewer) are too few"),
        (
            lambda: s.fine_gray([1, 2, 3, 4, 5, 6], [1, 1, 2, 0, 1, 1], AGES),
            "4 events (or subjects without, if fewer) are too few",
        ),
        (lambda: s.firth_logistic([0, 1] * 9, {"same": [1] * 18}), "a variable is constant"),
        (lambda: s.fine_gray(range(18), [1] * 18, {"n": range(18), "m": range(18)}), "follows from the others"),
        (
            lambda: s.fine_gray([1] * 6 + [2] * 6, [1] * 6 + [0] * 6, {"x": [1] * 6 + [0] * 6}),
            "a variable separates the events perfectly",
        ),
        (lambda: s.kaplan_meier([], []).median(), "not reached"),
        (lambda: s.cumulative_incidence([], []).at([3])[0], "no subjects"),
        (lambda: s.cumulative_incidence([5, 9], [1, 0]).at([9.5])[0], "nobody was observed past 9"),
        (lambda: s.restricted_mean_time_lost([5, 9], [1, 0], 28), "nobody was observed for 28"),
        (lambda: s.gray([1, 2], [1, 0], ["a", "a"]), "fewer than two groups"),
        (lambda: s.log_rank([], [], []), "fewer than two groups"),
        (lambda: s.exact_rate(0, 0), "no time at risk"),
        (lambda: s.weighted_kappa([[5, 0], [0, 0]]), "both gradings give every subject the same grade"),
        (lambda: s.area_under_curve([], [1, 2]), "subjects with and without the event"),
        (lambda: s.kruskal_wallis([[1, 2], []]), "it needs two groups"),
    ],
)
def test_what_cannot_be_known_is_answered_with_a_reason(answer: Callable[[], object], reason: str):
    found = answer()
    assert isinstance(found, s.NotEstimable)
    assert reason in found.reason
