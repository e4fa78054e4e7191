"""Do the levels of a stratum variable differ over time? Gray's test, and the cause-specific log-rank test beside it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.analyses.cells import Analysis, Cell, Place, Tables
from pipelines.analyses.levels import MISSING, STEPPED, is_stepped, levels_of
from pipelines.analyses.times import times_of
from pipelines.analyses.whose import quoted
from pipelines.statistics import gray, log_rank

# What each time is of, and what competes with it.
EVENTS = {
    "TTCRS": "time to first CRS, death without it competing",
    "TTCRS2": "time to first CRS of grade 2 or more, death without it competing",
    "TTCRS3": "time to first CRS of grade 3 or more, death without it competing",
    "TTRES": "time to resolution of the episode with the highest grade, among subjects with CRS, death competing",
    "TTTOCI": "time to tocilizumab in the episode with the highest grade, among subjects with CRS, resolution and "
    "death without it competing",
}
TESTS = {
    "Gray": "Gray's test that the cumulative incidence is the same in all levels, rho = 0, variance as in cmprsk",
    "log-rank": "Log-rank test that the cause-specific hazard is the same in all levels, competing events censored",
    "compared": "Subjects compared by Gray's and the log-rank test",
}


@dataclass(frozen=True, kw_only=True)
class _Test:
    """What is compared, and within what."""

    parameter: str
    variable: str
    within: str | None

    def place(self, level: str, condition: str = "true") -> Place:
        """Where the answer of this level stands; the condition is on ``e``, the time."""
        within = "" if self.within is None else f"; stratified by {self.within}, where Missing is a stratum of its own"
        return Place(
            stratum="overall",
            by_variable="across" if self.within is None else f"across within {self.within}",
            by_level=self.variable,
            variable=self.parameter,
            variable_level=level,
            method=f"{TESTS[level]}; {EVENTS[self.parameter]}; levels with subjects, Missing left out{within}",
            subjects_sql=_whose(self.parameter, self.variable, condition),
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Subjects:
    """Times, causes, and the level in each variable by its place, -1 for none; one a subject."""

    days: np.ndarray
    causes: np.ndarray
    levels: Mapping[str, np.ndarray]

    def of(self, chosen: np.ndarray) -> "_Subjects":
        """The chosen of them."""
        levels = {name: values[chosen] for name, values in self.levels.items()}
        return _Subjects(days=self.days[chosen], causes=self.causes[chosen], levels=levels)


def compute(tables: Tables) -> Iterator[Cell]:
    """Tests between the levels of each stratum variable, crude and within each other variable."""
    levels = levels_of(tables["analysis.strata"])
    steps = is_stepped(tables)
    for parameter in EVENTS:
        rows = tables["analysis.level_times"].filter(pl.col("paramcd") == parameter)
        subjects = _subjects(rows, levels)
        for variable in levels:
            compared = subjects.of(_is_known(subjects, levels, variable))
            for within in (None, *(other for other in levels if other != variable)):
                test = _Test(parameter=parameter, variable=variable, within=within)
                stepped = steps and "dose" in (variable, within)
                yield from _not_separate(test) if stepped else _tested(test, compared)


def _subjects(rows: pl.DataFrame, levels: Mapping[str, Sequence[str]]) -> _Subjects:
    times = times_of("overall", rows)
    places = {name: {level: place for place, level in enumerate(of)} for name, of in levels.items()}
    coded = {
        name: rows[name].cast(pl.String).replace_strict(places[name], default=-1, return_dtype=pl.Int64).to_numpy()
        for name in levels
    }
    number = rows["n"].cast(pl.Int64).to_numpy()
    return _Subjects(
        days=times.days,
        causes=times.causes,
        levels={name: np.repeat(values, number) for name, values in coded.items()},
    )


def _is_known(subjects: _Subjects, levels: Mapping[str, Sequence[str]], variable: str) -> np.ndarray:
    named = [place for place, level in enumerate(levels[variable]) if level != MISSING]
    return np.isin(subjects.levels[variable], named)


def _tested(test: _Test, compared: _Subjects) -> Iterator[Cell]:
    groups = compared.levels[test.variable]
    strata = None if test.within is None else compared.levels[test.within]
    yield from test.place("compared").numbers(n_subjects=groups.size)
    yield from test.place("compared", "e.cnsr = 0").numbers(n_events=int((compared.causes == 1).sum()))
    yield from test.place("Gray").test(gray(compared.days, compared.causes, groups, strata))
    yield from test.place("log-rank").test(log_rank(compared.days, compared.causes == 1, groups, strata))


def _not_separate(test: _Test) -> Iterator[Cell]:
    yield from test.place("compared").not_estimable(STEPPED, "n_subjects", "n_events")
    for name in ("Gray", "log-rank"):
        yield from test.place(name).not_estimable(STEPPED, "statistic", "df", "p_value")


def _whose(parameter: str, variable: str, condition: str) -> str:
    return (
        "select distinct m.studyid, m.usubjid from strata as s "
        "join members as m on m.stratum = s.stratum "
        "join time_to_event as e on e.studyid = m.studyid and e.usubjid = m.usubjid and e.part = m.part "
        f"where s.group1 = {quoted(variable)} and s.group2 is null and s.group1_level <> {quoted(MISSING)} "
        f"and e.paramcd = {quoted(parameter)} and {condition} order by all"
    )


ANALYSIS = Analysis(
    name="time_tests",
    reads=("analysis.strata", "analysis.level_times", "study.parameters"),
    compute=compute,
)
