"""Biomarkers of CRS by day and highest grade, their peaks, and how well they tell who comes to grade 3 or more."""

from collections.abc import Iterator

import polars as pl

from pipelines.analyses.cells import Analysis, Cell, Place, Tables
from pipelines.analyses.grades import LEVELS, SPLITS, chosen
from pipelines.analyses.measured import measured, summary
from pipelines.analyses.whose import quoted, whose
from pipelines.statistics import NotEstimable, area_under_curve, jonckheere, kruskal_wallis

DAYS = tuple(f"day {day}" for day in range(29))
GRADES = range(6)
NONE = "none"
SEVERE = ">=3"
CENSORED = "results beyond the limits of the assay kept, ranked below or above all others"
DESCRIBED = f"Quartiles of type 2; one value a subject, the highest of the day; {CENSORED}"
METHODS = {
    "baseline": f"Quartiles of type 2; last result not after the first dose; {CENSORED}",
    "peak": "Quartiles of type 2; highest result after the first dose to day 28, of interleukin 6 before tocilizumab; "
    f"{CENSORED}",
    "Kruskal-Wallis": "Kruskal-Wallis test that peaks are alike in all highest grades 0 to 5, corrected for ties; a "
    "result beyond a limit is just beyond it",
    "Jonckheere": "Jonckheere-Terpstra test that peaks rise or fall with the highest grade 0 to 5, two-sided, exact "
    "without ties to 100 values; a result beyond a limit is just beyond it",
    "AUC baseline": "Area under the ROC curve of the baseline value for a highest grade of 3 or more, DeLong 95 % "
    "confidence interval; all subjects with a value and a known grade",
    "AUC before onset": "Area under the ROC curve of the last value before the first onset for a highest grade of 3 or "
    "more, DeLong 95 % confidence interval; subjects with CRS, a value and a known grade",
    "left out": "Results without a value in the unit of the biomarker, or without a date; not in any other number",
}


def compute(tables: Tables) -> Iterator[Cell]:
    """Quartiles by day and grade, tests of peaks, and areas under the curve, for all subjects and by therapy."""
    counts = tables["analysis.biomarker_counts"]
    strata = tables["analysis.strata"].sort("position")
    therapies = strata.filter(pl.col("group1") == "therapy", pl.col("group2").is_null())["group1_level"]
    parts = {
        "overall": counts,
        **{f"therapy: {level}": counts.filter(pl.col("therapy") == level) for level in therapies},
    }
    for stratum, rows in parts.items():
        of = {(str(key[0]), str(key[1])): part for key, part in rows.group_by("marker", "moment")}
        for marker in _markers(tables["reference.biomarkers"]):
            found = {moment: of.get((marker, moment), counts.clear()) for moment in (*DAYS, *MOMENTS)}
            yield from _of_marker(stratum, marker, found)


MOMENTS = ("baseline", "peak", "before onset", "left out")


def _markers(listed: pl.DataFrame) -> Iterator[str]:
    for testcd in listed.filter(pl.col("position").is_not_null()).sort("position")["testcd"]:
        yield from (f"{testcd} before tocilizumab", f"{testcd} after tocilizumab") if testcd == "IL6" else (testcd,)


def _of_marker(stratum: str, marker: str, found: dict[str, pl.DataFrame]) -> Iterator[Cell]:
    for moment in ("baseline", *DAYS, "peak"):
        for level in ("all", NONE, *SPLITS):
            rows = found[moment].filter(_is(level))
            yield from summary(
                _place(stratum, marker, moment, METHODS.get(moment, DESCRIBED), moment, level), measured(rows)
            )
    yield from _tests(stratum, marker, found["peak"])
    for moment in ("baseline", "before onset"):
        yield from _area(stratum, marker, moment, found[moment])
    left_out = Place(stratum=stratum, variable=marker, variable_level="left out", method=METHODS["left out"])
    yield from left_out.numbers(results=int(found["left out"]["n"].sum()))


def _is(level: str) -> pl.Expr:
    if level == "all":
        return pl.lit(True)
    return pl.col("grade").eq(0).fill_null(False) if level == NONE else chosen(level)


def _tests(stratum: str, marker: str, peaks: pl.DataFrame) -> Iterator[Cell]:
    groups = [measured(peaks.filter(pl.col("grade").eq(grade).fill_null(False))).ranked for grade in GRADES]
    known = "r.grade is not null"
    kruskal = _place(stratum, marker, "Kruskal-Wallis", METHODS["Kruskal-Wallis"], "peak", condition=known)
    yield from kruskal.numbers(n=sum(group.size for group in groups))
    yield from kruskal.test(kruskal_wallis(groups))
    trend = _place(stratum, marker, "Jonckheere", METHODS["Jonckheere"], "peak", condition=known)
    answer = jonckheere(groups)
    if isinstance(answer, NotEstimable):
        yield from trend.not_estimable(answer.reason, "statistic", "p_value")
    else:
        yield from trend.numbers(statistic=answer.z, p_value=answer.p_value)


def _area(stratum: str, marker: str, moment: str, rows: pl.DataFrame) -> Iterator[Cell]:
    known = rows.filter(pl.col("grade").is_not_null())
    with_event, without = (measured(known.filter(is_severe)) for is_severe in (chosen(SEVERE), ~chosen(SEVERE)))
    name, severe = f"AUC {moment}", LEVELS[SEVERE]
    place = _place(stratum, marker, name, METHODS[name], moment, condition="r.grade is not null")
    yield from place.numbers(n=len(with_event.values) + len(without.values))
    events = _place(stratum, marker, name, METHODS[name], moment, condition=severe)
    yield from events.numbers(n_events=len(with_event.values))
    answer = area_under_curve(with_event.ranked, without.ranked)
    if isinstance(answer, NotEstimable):
        yield from place.not_estimable(answer.reason, "auc", "ci_low", "ci_high")
    else:
        yield from place.numbers(auc=answer.estimate)
        for limit, value in (("ci_low", answer.lower), ("ci_high", answer.upper)):
            reason = None if value is not None else "one subject on a side, or a perfect separation"
            yield place.cell(limit, value, "NE" if reason else None, reason)


def _place(
    stratum: str, marker: str, level: str, method: str, moment: str, split: str = "all", condition: str = "true"
) -> Place:
    if split != "all":
        condition = "r.grade = 0" if split == NONE else f"{LEVELS[split]} and r.episodes > 0"
    of = f"v.marker = {quoted(marker)} and v.moment = {quoted(moment)} and {condition}"
    return Place(
        stratum=stratum,
        by_variable=None if split == "all" else "max_grade",
        by_level=None if split == "all" else split,
        variable=marker,
        variable_level=level,
        method=method,
        subjects_sql=whose(stratum, of, "join biomarker_values as v using (studyid, usubjid) "),
    )


ANALYSIS = Analysis(
    name="biomarker_results",
    reads=("analysis.strata", "analysis.biomarker_counts", "reference.biomarkers"),
    compute=compute,
)
