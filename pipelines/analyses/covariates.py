"""Baseline covariates as columns of numbers, ready to be fitted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from pipelines.analyses.levels import MISSING, STEPPED, levels_of
from pipelines.analyses.whose import quoted

SCALES = {"log2": "per doubling", "10 years": "per 10 years", "1": "per 1"}


@dataclass(frozen=True, kw_only=True, eq=False)
class Covariate:
    """A candidate: its columns by what each compares, NaN where a subject lacks it, and why it cannot be fitted."""

    name: str
    label: str
    columns: Mapping[str, np.ndarray]
    in_multivariable: bool
    most_missing: float
    why_not: str | None = None

    @property
    def known(self) -> np.ndarray:
        """Which subjects have it."""
        return np.isfinite(next(iter(self.columns.values())))

    @property
    def condition(self) -> str:
        """The same on ``b``, the released table baseline."""
        return f"b.{self.name} is not null and cast(b.{self.name} as varchar) <> {quoted(MISSING)}"


def covariates(
    listed: pl.DataFrame, baseline: pl.DataFrame, levels: Mapping[str, Sequence[str]]
) -> Iterator[Covariate]:
    """The candidates in the order of reports.

    Args:
        listed: ``reference.covariates``.
        baseline: ``analysis.baseline``.
        levels: The levels of therapy, dose and tumour burden in the order of study.yaml; others are in that of letters.
    """
    for row in listed.sort("position").iter_rows(named=True):
        values = baseline[row["covariate"]]
        if row["kind"] == "continuous":
            columns, why_not = _continuous(row["label"], row["scale"], values)
        else:
            columns, why_not = _categorical(row["label"], values, levels.get(row["covariate"]))
        yield Covariate(
            name=row["covariate"],
            label=row["label"],
            columns=columns,
            in_multivariable=row["in_multivariable"],
            most_missing=row["most_missing"],
            why_not=why_not,
        )


def _continuous(label: str, scale: str, values: pl.Series) -> tuple[dict[str, np.ndarray], str | None]:
    numbers = values.cast(pl.Float64).to_numpy().astype(float)
    if scale == "log2":
        with np.errstate(divide="ignore", invalid="ignore"):
            numbers = np.where(numbers > 0, np.log2(numbers), np.nan)
    elif scale == "10 years":
        numbers = numbers / 10
    known = numbers[np.isfinite(numbers)]
    why_not = "no subject has it" if known.size == 0 else None
    if known.size and known.min() == known.max():
        why_not = "it is the same in all subjects"
    return {f"{label}, {SCALES[scale]}": numbers}, why_not


def _categorical(
    label: str, values: pl.Series, levels: Sequence[str] | None
) -> tuple[dict[str, np.ndarray], str | None]:
    known = (values.is_not_null() & (values != MISSING)).fill_null(False).to_numpy()
    found = set(values.drop_nulls()) - {MISSING}
    names = [level for level in (levels or sorted(found)) if level in found]
    if len(names) < 2:
        return {label: np.where(known, 0.0, np.nan)}, "it has fewer than two levels"
    return {
        f"{label}: {name} against {names[0]}": np.where(known, (values == name).fill_null(False).to_numpy(), np.nan)
        for name in names[1:]
    }, None


def strata_levels(strata: pl.DataFrame) -> dict[str, list[str]]:
    """The levels of the covariates that are stratum variables, in the order of study.yaml."""
    of = levels_of(strata)
    return {name: of.get(variable, []) for name, variable in _STRATA.items()}


_STRATA = {"dose_level": "dose", "therapy": "therapy", "tumour_burden_level": "tumour_burden"}


def without_steps(one: Covariate, stepped: bool) -> Covariate:
    """The covariate; the dose level is none where a subject is in several."""
    return replace(one, why_not=STEPPED) if stepped and one.name == "dose_level" else one


def complete(chosen_ones: Sequence[Covariate], subjects: int) -> np.ndarray:
    """Which of the subjects have every one of these."""
    return np.logical_and.reduce([one.known for one in chosen_ones], initial=True) & np.ones(subjects, dtype=bool)


def together(candidates: Sequence[Covariate]) -> tuple[list[Covariate], Mapping[Covariate, str]]:
    """The candidates that can be fitted together, and why the others are left out."""
    kept: list[Covariate] = []
    left_out: dict[Covariate, str] = {}
    for one in (one for one in candidates if one.in_multivariable):
        missing = 1 - one.known.mean() if one.known.size else 1.0
        if one.why_not:
            left_out[one] = one.why_not
        elif missing > one.most_missing:
            left_out[one] = f"missing in {100 * missing:.0f} % of subjects, more than {100 * one.most_missing:.0f} %"
        elif _follows(one, kept):
            left_out[one] = "it follows from those before it"
        else:
            kept.append(one)
    return kept, left_out


def _follows(one: Covariate, kept: Sequence[Covariate]) -> bool:
    known = complete([*kept, one], one.known.size)
    values = [values[known] for each in (*kept, one) for values in each.columns.values()]
    columns = np.column_stack([np.ones(known.sum()), *values])
    spread = columns.std(axis=0)
    scaled = columns / np.where(spread > 0, spread, 1)
    return bool(np.linalg.matrix_rank(scaled.T @ scaled, hermitian=True) < columns.shape[1])
