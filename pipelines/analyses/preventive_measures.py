"""Preventive measures: who had each, and what is held fixed when those who had it are compared with the others."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.analyses.cells import Place, Tables
from pipelines.analyses.covariates import Covariate, complete, covariates, strata_levels, together, without_steps
from pipelines.analyses.levels import is_stepped
from pipelines.analyses.whose import quoted

_KEY = ("studyid", "usubjid")


@dataclass(frozen=True, kw_only=True, eq=False)
class Measure:
    """A measure, whether each subject had it (NaN when it cannot be told), and the confounders held fixed."""

    name: str
    label: str
    definition: str
    exposed: np.ndarray
    confounders: Sequence[Covariate]

    @property
    def usable(self) -> np.ndarray:
        """Whom an adjusted comparison takes: those with an answer and every confounder."""
        return complete(self.confounders, self.exposed.size) & np.isfinite(self.exposed)

    @property
    def condition(self) -> str:
        """The same on ``v``, the released table prevention, and ``b``, baseline."""
        return " and ".join(["v.is_exposed is not null", *(one.condition for one in self.confounders)])

    def columns(self) -> np.ndarray:
        """The confounders of those, subjects x columns; one that is the same in all holds nothing fixed."""
        values = [values[self.usable] for one in self.confounders for values in one.columns.values()]
        varied = [column for column in values if column.size and column.min() < column.max()]
        return np.column_stack(varied) if varied else np.empty((int(self.usable.sum()), 0))

    def place(self, event: str, by: str, level: str, method: str, condition: str, among: str = "true") -> Place:
        """Where a number of the measure stands."""
        return Place(
            stratum="overall",
            by_variable=by,
            by_level=level,
            variable=self.label,
            variable_level=event,
            method=f"{method}. {self.label}: {self.definition}",
            subjects_sql=self._whose(f"{among} and {condition}"),
            among_sql=self._whose(among),
        )

    def _whose(self, condition: str) -> str:
        return (
            "select b.studyid, b.usubjid from baseline as b join prevention as v using (studyid, usubjid) "
            "join subject_results as r on r.studyid = b.studyid and r.usubjid = b.usubjid and r.part = 'all' "
            f"where v.measure = {quoted(self.name)} and {condition} order by all"
        )


def measures(tables: Tables, baseline: pl.DataFrame) -> Iterator[Measure]:
    """The measures in the order of reports, each with a value a subject in the order of ``baseline``."""
    stepped, levels = is_stepped(tables), strata_levels(tables["analysis.strata"])
    listed = covariates(tables["reference.covariates"], baseline, levels)
    candidates = [*(without_steps(one, stepped) for one in listed), *_studies(baseline["studyid"])]
    for row in tables["reference.preventive_measures"].sort("position").iter_rows(named=True):
        told = tables["analysis.prevention"].filter(pl.col("measure") == row["measure"]).select(*_KEY, "is_exposed")
        exposed = baseline.select(_KEY).join(told, on=_KEY, how="left", maintain_order="left")["is_exposed"]
        kept, _ = together([one for one in candidates if one.name != row["not_adjusted_for"]])
        yield Measure(
            name=row["measure"],
            label=row["label"],
            definition=row["source"],
            exposed=exposed.cast(pl.Float64).to_numpy().astype(float),
            confounders=kept,
        )


def _studies(studies: pl.Series) -> Iterator[Covariate]:
    """Each pooled study but the first, apart, so that one which follows from therapy is left out without the others."""
    for study in studies.unique().sort()[1:]:
        label = f"Study {study}"
        is_it = (studies == study).cast(pl.Float64).to_numpy()
        yield Covariate(name="studyid", label=label, columns={label: is_it}, in_multivariable=True, most_missing=0.0)
