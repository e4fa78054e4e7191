"""One level against the first, and all levels against each other: differences, odds ratios and tests of incidence."""

from collections.abc import Iterator

from pipelines.analyses.cells import Analysis, Cell, Tables
from pipelines.analyses.compared import Compared, comparisons
from pipelines.analyses.levels import ORDERED, is_stepped, levels_of
from pipelines.statistics import (
    NotEstimable,
    breslow_day,
    cochran_armitage,
    cochran_mantel_haenszel,
    common_odds_ratio,
    fisher,
    miettinen_nurminen,
)

EVENTS = ("any", ">=2", ">=3", ">=4")
CRUDE = {
    "difference": "Difference in proportions with Miettinen-Nurminen 95 % score interval",
    "odds ratio": "Conditional odds ratio with exact 95 % confidence interval, and Fisher's exact two-sided p-value",
    "association": "Chi-square test that incidence is the same in all levels, without continuity correction, "
    "variance with N - 1 as in Cochran-Mantel-Haenszel",
    "trend": "Cochran-Armitage test for trend, scores 1, 2, 3, ..., two-sided",
}
WITHIN = {
    "difference": "Difference in proportions with stratified Miettinen-Nurminen 95 % score interval, "
    "Cochran-Mantel-Haenszel weights",
    "odds ratio": "Mantel-Haenszel common odds ratio with Robins-Breslow-Greenland 95 % confidence interval",
    "homogeneity": "Breslow-Day test that the odds ratio is the same in all strata, without Tarone's correction",
    "association": "Cochran-Mantel-Haenszel test of general association",
    "trend": "Cochran-Mantel-Haenszel test of nonzero correlation, scores 1, 2, 3, ...",
}


def compute(tables: Tables) -> Iterator[Cell]:
    """Comparisons of incidence between the levels of each variable, crude and within each other variable."""
    levels = levels_of(tables["analysis.strata"])
    rows, stepped = tables["analysis.level_grades"], is_stepped(tables)
    for one in comparisons(levels, rows, EVENTS, stepped):
        for level in one.others:
            yield from _against_first(one, level)
        yield from _across(one)


def _against_first(one: Compared, level: str) -> Iterator[Cell]:
    words = CRUDE if one.within is None else WITHIN
    difference = one.against(level, "crs_difference", words["difference"])
    ratio = one.against(level, "crs_odds_ratio", words["odds ratio"])
    groups = one.two_groups(level)
    if isinstance(groups, NotEstimable):
        yield from difference.not_estimable(groups.reason, "n", "N", "difference", "ci_low", "ci_high")
        yield from ratio.not_estimable(groups.reason, "odds_ratio", "ci_low", "ci_high")
        return
    yield from difference.numbers(n=sum(g.events for g in groups), N=sum(g.subjects for g in groups))
    yield from difference.estimate("difference", miettinen_nurminen(groups))
    if one.within is None:
        answer = fisher(groups[0])
        yield from ratio.estimate("odds_ratio", answer if isinstance(answer, NotEstimable) else answer.odds_ratio)
        if isinstance(answer, NotEstimable):
            yield from ratio.not_estimable(answer.reason, "p_value")
        else:
            yield from ratio.numbers(p_value=answer.p_value)
    else:
        yield from ratio.estimate("odds_ratio", common_odds_ratio(groups))
        yield from one.against(level, "crs_homogeneity", words["homogeneity"]).test(breslow_day(groups))


def _across(one: Compared) -> Iterator[Cell]:
    words = CRUDE if one.within is None else WITHIN
    association = one.across("crs_association", words["association"])
    trend = one.across("crs_trend", words["trend"])
    if one.why_not:
        yield from association.not_estimable(one.why_not, "n", "N", "statistic", "df", "p_value")
    else:
        yield from association.numbers(n=int(one.tables[:, :, 1].sum()), N=int(one.tables.sum()))
        yield from association.test(cochran_mantel_haenszel(one.tables))
    if one.variable not in ORDERED:
        return
    if one.why_not:
        yield from trend.not_estimable(one.why_not, "statistic", "p_value")
    elif one.within is None:
        yield from _trend(one)
    else:
        yield from trend.test(cochran_mantel_haenszel(one.tables, "correlation"))


def _trend(one: Compared) -> Iterator[Cell]:
    [table] = one.tables
    found = cochran_armitage(table[:, 1].astype(int).tolist(), table.sum(axis=1).astype(int).tolist())
    is_exact = not isinstance(found, NotEstimable) and found.exact
    kind = "exact, since an expected count is below 5" if is_exact else "asymptotic"
    place = one.across("crs_trend", f"{CRUDE['trend']}, {kind}")
    if isinstance(found, NotEstimable):
        yield from place.not_estimable(found.reason, "statistic", "p_value")
    else:
        yield from place.numbers(statistic=found.z, p_value=found.p_value)


ANALYSIS = Analysis(
    name="comparison",
    reads=("analysis.strata", "analysis.level_grades", "study.parameters"),
    compute=compute,
)
