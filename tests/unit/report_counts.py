"""The subjects of one stratum, counted into rows of analysis results by the plainest arithmetic."""

from collections.abc import Iterator
from statistics import mean, median, stdev

from tests.unit.report_people import OUTCOMES, TREATMENTS, Person


def result(analysis: str, variable: str, level: str, stat: str, value: float | None, method: str, **more: str) -> dict:
    text = {"stat_text": "NE"} if value is None else {}
    return {
        "analysis": analysis,
        "variable": variable,
        "variable_level": level,
        "stat_name": stat,
        "stat": value,
        "method": method,
        **text,
        **more,
    }


def _several(analysis: str, variable: str, level: str, stats: dict, method: str, **more: str) -> Iterator[dict]:
    for name, value in stats.items():
        yield result(analysis, variable, level, name, value, method, **more)


def _proportion(n: int, size: int) -> dict:
    return {"n": n, "N": size, "p": n / size if size else None}


def _limits(p: float | None) -> dict:
    # Not an estimator: limits that are easy to see in a picture and to check by eye.
    return {"ci_low": None if p is None else max(0.0, p - 0.08), "ci_high": None if p is None else min(1.0, p + 0.08)}


def _of(level: str, part: list[Person]) -> list[Person]:
    if level == "any":
        return [p for p in part if p.grade != 0]
    if level.startswith(">="):
        return [p for p in part if (p.grade or 0) >= int(level[2:])]
    grade = {"none": 0, "missing": None}[level] if level in ("none", "missing") else int(level)
    return [p for p in part if p.grade == grade]


def incidence(part: list[Person]) -> Iterator[dict]:
    unknown = ("missing",) if _of("missing", part) else ()
    for level in ("any", "1", "2", "3", "4", "5", ">=2", ">=3", ">=4", "none", *unknown):
        counts = _proportion(len(_of(level, part)), len(part))
        yield from _several("incidence", "max_grade", level, {**counts, **_limits(counts["p"])}, "Exact interval")


def _summary(values: list[float]) -> dict:
    ordered = sorted(values)
    if not ordered:
        return dict.fromkeys(("median", "q1", "q3", "min", "max")) | {"n": 0}
    quarter = len(ordered) // 4
    return {
        "n": len(ordered),
        "median": median(ordered),
        "q1": ordered[quarter],
        "q3": ordered[-1 - quarter],
        "min": ordered[0],
        "max": ordered[-1],
    }


def onset(part: list[Person], ill: list[Person]) -> Iterator[dict]:
    for variable, at_least in (("TTCRS", 0), ("TTCRS2", 2), ("TTCRS3", 3)):
        had = [p.onset for p in ill if (p.grade or 0) >= at_least]
        counts = {"n_subjects": len(part), "n_events": len(had), "n_competing": 0, "n_censored": len(part) - len(had)}
        yield from _several("onset", variable, "all", counts, "Cumulative incidence")
        for day in (1, 2, 3, 7, 14, 28):
            yield from _several("onset", variable, f"day {day}", _at(day, had, len(part)), "Cumulative incidence")
    for variable in ("onset_days", "time_to_max_grade_days", "onset_from_dose_days"):
        values = [p.onset for p in ill]
        spread = {"mean": mean(values) if values else None, "sd": stdev(values) if len(values) > 1 else None}
        yield from _several("onset", variable, "with CRS", {**_summary(values), **spread}, "Quantiles of type 2")


def _at(day: float, times: list[float], size: int) -> dict:
    p = sum(t <= day for t in times) / size if size else None
    return {"cif": p, **_limits(p), "at_risk": sum(t >= day for t in times) + size - len(times)}


def onset_curves(part: list[Person], ill: list[Person]) -> Iterator[dict]:
    for variable, at_least in (("TTCRS", 0), ("TTCRS2", 2), ("TTCRS3", 3)):
        had = [p.onset for p in ill if (p.grade or 0) >= at_least]
        yield from _curve("onset_curve", variable, had, len(part))


def resolution_curve(ill: list[Person]) -> Iterator[dict]:
    yield from _curve("duration_curve", "TTRES", [p.lasted for p in ill], len(ill))


def _curve(analysis: str, variable: str, times: list[float], size: int) -> Iterator[dict]:
    for quarter in range(4 * 28 + 1):
        day = quarter / 4
        stats = _at(day, times, size)
        whole = day in (0, 1, 2, 3, 7, 14, 21, 28)
        risk = {"at_risk": stats["at_risk"]} if whole else {}
        drawn = {**stats, "cif_competing": min(day, 20) / 800} if size else {}
        drawn.pop("at_risk", None)
        yield from _several(analysis, variable, f"day {day:g}", {**drawn, **risk}, "Cumulative incidence")


def outcome(ill: list[Person]) -> Iterator[dict]:
    for level in ("any", "1", "2", "3", "4", "5", ">=3"):
        part = _of(level, ill)
        for outcome in OUTCOMES:
            counts = _proportion(sum(p.outcome == outcome for p in part), len(part))
            yield from _several(
                "outcome", "outcome", outcome, counts, "First episode", by_variable="max_grade", by_level=level
            )


def duration(ill: list[Person]) -> Iterator[dict]:
    for level in ("any", "1", "2", "3", "4", "5", ">=3"):
        times = [p.lasted for p in _of(level, ill)]
        more = {"by_variable": "max_grade", "by_level": level}
        found = _summary(times)
        yield from _several(
            "duration",
            "duration_days",
            "KM",
            {"n": len(times), "n_events": len(times), "n_censored": 0},
            "Kaplan-Meier",
            **more,
        )
        middle = found["median"]
        limits = {"median": middle, "ci_low": middle and middle - 1, "ci_high": None}
        for name, value in limits.items():
            text = {"stat_text": "NR"} if value is None else {}
            yield result("duration", "duration_days", "KM", name, value, "Kaplan-Meier", **more, **text)
        yield from _several("duration", "duration_days", "resolved only", found, "Among resolved", **more)
        for day in (7, 14, 28):
            stats = _at(day, times, len(times))
            del stats["at_risk"]
            yield from _several(
                "duration", "duration_days", f"day {day}", stats, "Cumulative incidence of resolution", **more
            )


def interventions(part: list[Person], ill: list[Person]) -> Iterator[dict]:
    for treatment in TREATMENTS:
        given = sum(treatment in p.treatments for p in part)
        yield from _several("interventions", treatment, "any time", _proportion(given, len(part)), "Any time")
        for level in ("any", "1", "2", "3", "4", "5", ">=3"):
            chosen = _of(level, ill)
            counts = _proportion(sum(treatment in p.treatments for p in chosen), len(chosen))
            for occasion in ("any time", "during CRS", "before onset"):
                shown = counts if occasion != "before onset" else _proportion(0, len(chosen))
                yield from _several(
                    "interventions", treatment, occasion, shown, occasion, by_variable="max_grade", by_level=level
                )
    for treatment in TREATMENTS[:2]:
        times = [p.lasted / 4 for p in ill if treatment in p.treatments]
        yield from _several(
            "interventions", f"{treatment}_days_from_onset", "first episode", _summary(times), "Quantiles of type 2"
        )
