"""Analysis results of the figures that are not of incidence or time: a few rows each, easy to follow by eye."""

from collections.abc import Iterable, Iterator

import polars as pl

from reports.material import Material
from tests.unit import test_analyses_monitoring as monitoring
from tests.unit.report_ard import COLUMNS, ard
from tests.unit.report_counts import result
from tests.unit.report_material import material, tables
from tests.unit.report_people import people

TERM = "General disorders / {}"


def of_figures(rows: Iterable[dict]) -> Material:
    """A report's material in which these are the only rows beside those of incidence."""
    base = ard(people(12))
    numbered = [
        {"by_variable": None, "population": "Safety", "scale": "ASTCT 2019", "source": "reported", **row}
        | {"cell_id": f"f{i:06}", "position": 1_000_000 + i}
        for i, row in enumerate(rows)
    ]
    more = pl.DataFrame(numbered, schema=COLUMNS, infer_schema_length=None)
    limits = pl.DataFrame({"marker": ["CRP"], "side": ["<"], "lowest": [1.0], "highest": [1.0]})
    markers = pl.DataFrame({"testcd": ["CRP"], "unit": ["MG/L"]})
    return material(ard=pl.concat([base, more]), tables={**tables(), "biomarkers": markers, "assay_limits": limits})


def fit(event: str, model: str, comparison: str, ratio: float | None, low: float | None, high: float | None) -> list:
    """One estimate of ``model``, such as ``logistic univariable``, of 40 subjects with 10 events."""
    place = {"by_variable": model, "by_level": "age"}
    ratio_name = "odds_ratio" if "logistic" in model else "hazard_ratio"
    stats = {"n": 40, "n_events": 10, ratio_name: ratio, "ci_low": low, "ci_high": high, "p_value": ratio and 0.03}
    why = {} if ratio else {"warning": "it is the same in all subjects"}
    return [
        result("risk_factors", event, comparison, name, stat, "Firth", **place, **why) for name, stat in stats.items()
    ]


def measured(marker: str, grade: str, day: int, n: int, **quartiles: float | str) -> Iterator[dict]:
    """Median and quartiles of a day; text is a value beyond a limit."""
    place = {"by_variable": "max_grade", "by_level": grade}
    yield result("biomarker_results", marker, f"day {day}", "n", n, "Quartiles", **place)
    for name, value in quartiles.items():
        row = result("biomarker_results", marker, f"day {day}", name, None, "Quartiles", **place)
        yield {**row, "stat_text": value} if isinstance(value, str) else {**row, "stat": value, "stat_text": None}


def event(term: str, arms: dict[str, int], difference: float | None = None, size: int = 50) -> Iterator[dict]:
    """Subjects with a term by arm, of 50 each, and the difference of the second from the first."""
    name = TERM.format(term)
    columns = {None: sum(arms.values()), **arms}
    for arm, n in columns.items():
        place = {"by_variable": arm and "arm", "by_level": arm}
        of = size * len(arms) if arm is None else size
        for stat, value in {"n": n, "N": of, "p": n / of, "records": n}.items():
            yield result("adverse_events", "any", name, stat, value, "Counted", **place)
    if difference is not None:
        first, second = list(arms)[:2]
        place = {"by_variable": f"arm against {first}", "by_level": second}
        stats = {"difference": difference, "ci_low": difference - 0.1, "ci_high": difference + 0.1, "p_value": 0.2}
        for stat, value in stats.items():
            yield result("adverse_events", "any: difference", name, stat, value, "Score", **place)


def board() -> list[dict]:
    """The stopping rule of a study whose dose level DL2 has crossed the boundary, from the analysis itself."""
    overall = monitoring.evaluations(("no event", "event", "no event", "no event", "event"))
    crossed = monitoring.evaluations(("event", "event", "event"), "dose: DL2")
    rows = monitoring.ard(pl.concat([overall, crossed])).to_dicts()
    return [{name: row[name] for name in COLUMNS if name in row} for row in rows]
