"""Analysis results of made-up subjects beside incidence, onset and outcome: a few plain numbers of every analysis."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

import polars as pl

from tests.unit.report_ard import COLUMNS, ard, strata_of
from tests.unit.report_counts import result
from tests.unit.report_figures import board
from tests.unit.report_people import DOSES, THERAPIES, TREATMENTS, Person, people

GRADES = ("any", "1", "2", "3", "4", "5", ">=3")
PAIRS = ("reported (ASTCT 2019) and derived (ASTCT 2019)", "derived (ASTCT 2019) and derived (Lee 2014)")
FINDING = "The reported grade is above the one the signs give"
EXPLAINED = {"by_variable": "within what the records allow", "by_level": "yes"}
TERMS = ("Any event", "Nervous system disorders", "Nervous system disorders / Headache")
FIRST, SECOND = "Arm 1", "Arm 2"
LIMITS = {"ci_low": 0.1, "ci_high": 0.4}
TEST = {"statistic": 4.75, "df": 1, "p_value": 0.029}


def whole(subjects: list[Person] | None = None) -> pl.DataFrame:
    """The results of these subjects by every analysis there is."""
    given = people() if subjects is None else subjects
    return with_rows(ard(given), _rows(given))


def with_rows(base: pl.DataFrame, rows: Iterable[dict]) -> pl.DataFrame:
    """The results with these rows after them."""
    numbered = [
        {"population": "Safety", "scale": "ASTCT 2019", "source": "reported", **row}
        | {"cell_id": f"m{i:06}", "position": base.height + i}
        for i, row in enumerate(rows)
    ]
    return pl.concat([base, pl.DataFrame(numbered, schema=COLUMNS, infer_schema_length=None)])


def _rows(subjects: list[Person]) -> Iterator[dict]:
    for groups, part in strata_of(subjects):
        for row in (*_of_stratum(part), *(_of_single(groups, part) if "group2" not in groups else ())):
            yield {**groups, **row}
    for make in (_comparison, _time_tests, _treated_outcome, _cross_tables, _findings, risk_factors, prevention, board):
        yield from make()


def _several(analysis: str, variable: str, level: str, stats: Mapping, **more: object) -> Iterator[dict]:
    for name, value in stats.items():
        text = {"stat_text": value} if isinstance(value, str) else {}
        number = None if isinstance(value, str) else value
        yield {**result(analysis, variable, level, name, number, f"Estimator of {analysis}"), **text, **more}


def _share(n: int, size: int) -> dict:
    return {"n": n, "N": size, "p": n / size if size else None, **(LIMITS if size else dict.fromkeys(LIMITS))}


def _of_stratum(part: list[Person]) -> Iterator[dict]:
    size = len(part)
    for event in ("any", ">=2", ">=3"):
        yield from _several("rates", "first_crs_rate", event, {"n_events": size // 2, "person_days": 81.25})
        yield from _several("rates", "episode_rate", event, {"records": size, "person_days": 99.75})
        for variable in ("first_crs_rate", "episode_rate"):
            yield from _several("rates", variable, event, {"rate": 1.234, **LIMITS})
    ends = {"n_subjects": size, "n_events": 1, "n_competing": 2, "n_censored": 3}
    for number in ("", "2", "3"):
        yield from _several("onset_sensitivity", f"TTCRSX{number}", "all", ends)
        yield from _several("onset_sensitivity", f"TTCRSX{number}", "change of treatment", {"n_competing": 1})
        for day in (1, 2, 3, 7, 14, 28):
            yield from _several("onset_sensitivity", f"TTCRSX{number}", f"day {day}", {"cif": 0.25, **LIMITS})
            yield from _several("onset", f"TTCRS{number}", f"day {day}", {"complement_km": 0.26})
        yield from _several("onset", f"TTCRS{number}", "to day 28", {"time_lost": 14.447, **LIMITS})
    for grade in GRADES:
        by = {"by_variable": "max_grade", "by_level": grade}
        yield from _several("tocilizumab", "TTTOCI", "all", ends, **by)
        for day in (1, 2, 3, 7):
            yield from _several("tocilizumab", "TTTOCI", f"day {day}", {"cif": 0.5, **LIMITS}, **by)


def _of_single(groups: dict, part: list[Person]) -> Iterator[dict]:
    ill = sum(person.grade != 0 for person in part)
    for grade, symptom in product(GRADES, ("Fever", "Chills")):
        by = {"by_variable": "max_grade", "by_level": grade}
        yield from _several("symptoms", "Constitutional", symptom, _share(min(ill, 2), ill), **by)
    for pair in PAIRS:
        yield from _agreement(pair, len(part))
    yield from _events(groups, len(part))
    if groups.get("group1", "therapy") == "therapy":
        yield from _biomarkers()


def _agreement(pair: str, size: int) -> Iterator[dict]:
    yield from _several("agreement", pair, "compared", {"n": size, "N": size})
    yield from _several("agreement", pair, "left out", {"n": 0, "N": size})
    for level in ("same grade", "within one grade", "CRS or none"):
        yield from _several("agreement", pair, level, _share(size // 2, size))
    yield from _several("agreement", pair, "weighted kappa", {"N": size, "kappa": 0.9735, **LIMITS})


def _cross_tables() -> Iterator[dict]:
    grades = ("0", "1", "2", "3", "4", "5", "missing")
    for pair, first, second in product(PAIRS, grades, grades):
        by = {"by_variable": "first_grade", "by_level": first}
        yield from _several("agreement", pair, second, {"n": int(first == second)}, **by)


def _findings() -> Iterator[dict]:
    yield from _several("reconciliation", PAIRS[0], FINDING, {"n": 7})
    yield from _several("reconciliation", PAIRS[0], FINDING, {"n": 3}, **EXPLAINED)


def _events(groups: dict, size: int) -> Iterator[dict]:
    arms = ({"by_variable": "arm", "by_level": arm} for arm in (FIRST, SECOND))
    for by, term, kind in product(({}, *arms) if not groups else ({},), TERMS, ("any", "serious")):
        yield from _several("adverse_events", kind, term, {**_share(size // 3, size), "records": size}, **by)
        for worst in ("1", "2", "3", "4", "5", "missing"):
            yield from _several("adverse_events", f"worst grade {worst}", term, {"n": 1}, **by)
    against = {"by_variable": f"arm against {FIRST}", "by_level": SECOND}
    for term, kind in product(TERMS, ("any", "serious")) if not groups else ():
        compared = {"difference": -0.0155, "ci_low": -0.25, "ci_high": 0.118, "p_value": 0.041}
        yield from _several("adverse_events", f"{kind}: difference", term, compared, **against)


def _biomarkers() -> Iterator[dict]:
    for moment, grade in product(("baseline", *(f"day {day}" for day in range(29)), "peak"), (None, "none", *GRADES)):
        by = {"by_variable": grade and "max_grade", "by_level": grade}
        seen = {"n": 9, "results_below": 1, "results_above": 0, "median": 12.25, "q1": "<4", "q3": 1234.5}
        nobody = {"n": 0, "results_below": 0, "results_above": 0, "median": None, "q1": None, "q3": None}
        stats = seen if moment in ("baseline", "day 3", "peak") else nobody
        yield from _several("biomarker_results", "CRP", moment, stats, **by)
    yield from _several("biomarker_results", "CRP", "Kruskal-Wallis", {"n": 9, **TEST})
    yield from _several("biomarker_results", "CRP", "Jonckheere", {"statistic": 1.96, "p_value": 0.05})
    for moment in ("baseline", "before onset"):
        stats = {"n": 9, "n_events": 2, "auc": 0.615, **LIMITS}
        yield from _several("biomarker_results", "CRP", f"AUC {moment}", stats)
    yield from _several("biomarker_results", "CRP", "left out", {"results": 4})


def _comparison() -> Iterator[dict]:
    levels = {"therapy": THERAPIES, "dose": DOSES}
    for variable, event in product(levels, ("any", ">=2", ">=3", ">=4")):
        first, second, *_ = levels[variable]
        at = {"group1": variable, "group1_level": second, "by_level": first}
        for within in ("", ", within tumour_burden"):
            against, across = {"by_variable": f"against{within}", **at}, {"by_variable": f"across{within}"}
            stats = {"difference": -0.0155, "ci_low": -0.25, "ci_high": 0.118}
            yield from _several("comparison", "crs_difference", event, stats, **against)
            ratio = {"odds_ratio": 2.345, "ci_low": 0.004, "ci_high": 12.34}
            yield from _several("comparison", "crs_odds_ratio", event, ratio, **against)
            p_value = {"crs_homogeneity": TEST} if within else {"crs_odds_ratio": {"p_value": 0.0004}}
            for name, told in p_value.items():
                yield from _several("comparison", name, event, told, **against)
            yield from _several("comparison", "crs_association", event, TEST, by_level=variable, **across)


def _time_tests() -> Iterator[dict]:
    parameters = ("TTCRS", "TTCRS2", "TTCRS3", "TTRES", "TTTOCI")
    for parameter, within in product(parameters, ("across", "across within therapy")):
        at = {"by_variable": within, "by_level": "dose"}
        yield from _several("time_tests", parameter, "compared", {"n_subjects": 120, "n_events": 60}, **at)
        for test in ("Gray", "log-rank"):
            yield from _several("time_tests", parameter, test, TEST, **at)


def _treated_outcome() -> Iterator[dict]:
    outcomes = ("resolved", "resolved with sequelae", "ongoing", "fatal", "unknown")
    for treatment, level, outcome in product(TREATMENTS[:2], ("given", "not given"), outcomes):
        at = {"by_variable": f"{treatment}_in_episode", "by_level": level}
        yield from _several("outcome", "outcome", outcome, {"n": 3, "N": 12, "p": 0.25}, **at)


def risk_factors() -> Iterator[dict]:
    """Age fitted alone and together, EASIX alone, and ECOG with a reason why not."""
    for (model, ratio), event in product(
        {"logistic": "odds_ratio", "Fine-Gray": "hazard_ratio"}.items(), ("any", ">=2", ">=3")
    ):
        fitted = {"n": 120, "n_events": 60, "events_per_variable": 6.25, ratio: 1.5, **LIMITS, "p_value": 0.007}
        for kind, covariate in (("univariable", "Age"), ("multivariable", "Age"), ("univariable", "EASIX")):
            at = {"by_variable": f"{model} {kind}", "by_level": covariate.lower()}
            yield from _several("risk_factors", event, f"{covariate}, per 10 years", fitted, **at)
        refused = dict.fromkeys((ratio, "ci_low", "ci_high", "p_value"))
        at = {"by_variable": f"{model} multivariable", "by_level": "ecog", "warning": "missing in 35 % of subjects"}
        yield from _several("risk_factors", event, "ECOG performance status, per 1", refused, **at)


def prevention(exposed: int = 40) -> Iterator[dict]:
    """Premedication of so many of 120 subjects."""
    at = {"method": "Estimator of prevention. Premedication: any drug before a dose"}
    sizes = {"yes": exposed, "no": 120 - exposed}
    yield from _several("prevention_results", "Premedication", "exposure", {"n": 0}, **_by("exposure", "unknown"), **at)
    for level in sizes:
        chance = {"n": sizes[level], "min": 0.1, "q1": 0.2, "median": 0.3, "q3": 0.4, "max": 0.5}
        yield from _several("prevention_results", "Premedication", "overlap", chance, **_by("propensity", level), **at)
    outside = _by("propensity", "outside common support")
    yield from _several("prevention_results", "Premedication", "overlap", {"p": 0.024}, **outside, **at)
    for event in ("any", ">=2", ">=3"):
        for level, size in sizes.items():
            shares = _share(size // 4, size)
            yield from _several("prevention_results", "Premedication", event, shares, **_by("exposure", level), **at)
        crude = {"difference": -0.0155, "ci_low": -0.25, "ci_high": 0.118, "p_value": 1.0}
        adjusted = {"n": 110, "risk_exposed": 0.25, "risk_unexposed": 0.5, "difference": -0.25, **LIMITS}
        ratio = {"risk_ratio": 0.5, **LIMITS}
        for level, stats in {"crude": crude, "adjusted": adjusted, "adjusted ratio": ratio}.items():
            yield from _several("prevention_results", "Premedication", event, stats, **_by("comparison", level), **at)


def _by(variable: str, level: str) -> dict[str, str]:
    return {"by_variable": variable, "by_level": level}
