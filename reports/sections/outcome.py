"""T3: how CRS ended, how long it lasted, and how it was treated."""

from collections.abc import Iterable

from reports import notes
from reports.charts.curves import resolution_figure
from reports.material import Material
from reports.results import Results, Stratum
from reports.section import CROSSED, Block, Drawn, Fold, section
from reports.sections import treated
from reports.sections.lasting import By, duration_columns, outcome_columns
from reports.sections.time_tests import methods_of_tests, time_tests
from reports.sections.treated_outcome import NOT_CAUSAL, methods_of_treatment, outcome_by_treatment, tocilizumab
from reports.strata import crossed, singles
from reports.tables import Group, Table, table
from reports.titles import titled

TESTED = {"TTRES": "Time from onset to resolution", "TTTOCI": "Time from onset to tocilizumab"}
GRADES = {"any": "Any grade", **{str(g): f"Grade {g}" for g in range(1, 6)}, ">=3": "Grade ≥ 3"}


def draw(results: Results, material: Material) -> Drawn:
    """Outcomes, durations and treatments by grade and stratum, the curves, and the footnotes."""
    elsewhere = tuple(
        treated.by_stratum(results, singles(results), occasion) for occasion in ("any time", "before onset")
    )
    soon = {"Highest grade": _grade_rows(), "Stratum": _stratum_rows(singles(results))}
    across = Fold(title=CROSSED, blocks=_of_strata(results, crossed(results), ", strata crossed"))
    return Drawn(
        blocks=(
            *_of_grades(results),
            resolution_figure(results),
            *_of_strata(results, singles(results)),
            Fold(title="Treatment at any time, and before onset", blocks=elsewhere),
            *time_tests(material, titled("times-from-onset-tests"), TESTED),
            *tocilizumab(results, soon),
            *outcome_by_treatment(material),
            *((across,) if crossed(results) else ()),
        ),
        notes=_notes(results, material),
    )


def _grade_rows() -> tuple[Group[By], ...]:
    return (Group(rows=tuple((label, By(grade=grade)) for grade, label in GRADES.items())),)


def _stratum_rows(strata: Iterable[Group[Stratum]]) -> tuple[Group[By], ...]:
    return tuple(
        Group(label=group.label, rows=tuple((stub, By(stratum=stratum)) for stub, stratum in group.rows))
        for group in strata
    )


def _of_grades(results: Results) -> tuple[Block, ...]:
    rows = _grade_rows()
    return (
        table(
            titled("outcome-by-grade"),
            "Highest grade",
            rows,
            outcome_columns(results),
        ),
        table(
            titled("duration-by-grade"),
            "Highest grade",
            rows,
            duration_columns(results),
        ),
        treated.by_grade(results, GRADES),
    )


def _of_strata(results: Results, strata: Iterable[Group[Stratum]], also: str = "") -> tuple[Table, ...]:
    rows = _stratum_rows(strata)
    return (
        table(
            titled("outcome-by-stratum", also=also),
            "Stratum",
            rows,
            outcome_columns(results),
        ),
        table(
            titled("duration-by-stratum", also=also),
            "Stratum",
            rows,
            duration_columns(results),
        ),
        treated.by_stratum(results, strata, "during CRS", also),
        treated.times(results, strata, also),
    )


def _notes(results: Results, material: Material) -> tuple[str, ...]:
    duration = [results.at("duration", "duration_days", kind, by="any") for kind in ("KM", "day 7", "resolved only")]
    treatments = [
        results.at("interventions", "tocilizumab", name, by=occasion.by) for name, occasion in treated.OCCASIONS.items()
    ]
    return (
        notes.population(results),
        "Denominator: treated subjects with CRS of the row or column, unless the table says all treated subjects.",
        notes.grades(results),
        *notes.estimators(results.at("outcome", "outcome", "resolved", by="any"), *duration, *treatments),
        *notes.estimators(results.at("interventions", "tocilizumab_days_from_onset", "first episode")),
        *notes.estimators(*methods_of_treatment(results, material)),
        *methods_of_tests(material, TESTED),
        NOT_CAUSAL,
        "Days of duration and days to treatment are elapsed days from onset.",
        *notes.strata(results, material),
        notes.in_force(material, (*notes.GRADING, "premedication.window_hours")),
        notes.NOT_ESTIMABLE,
    )


SECTION = section("section.t3", draw)
