"""Times of the analysis results: the whole ARD of one trial, and one curve against lifelines."""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from pipelines.analyses import ANALYSES, Context, ard_rows
from pipelines.models import Model, read_models
from pipelines.site import Site
from pipelines.statistics import cumulative_incidence
from pipelines.warehouse import build, frame
from tests.bench.measuring import STUDY
from tests.shared import ROOT

# Lifelines takes minutes for more.
MILLION, COMPARED = 1_000_000, 10_000
LIFELINES = ROOT / ".venv-lifelines/bin/python"


def ard_seconds(folder: Path) -> dict[str, float]:
    """Seconds to build the tables that the ARD is made of from graded ones, and of each analysis to its ARD rows.

    Args:
        folder: A trial prepared and staged; what its graded layer lacks is built first, and not counted.
    """
    site = Site(home=folder / "home", studies=folder / "studies")
    models = read_models(ROOT / "sql")
    context = Context(study=STUDY, cut="", scale="", source="")
    with site.warehouse.open(STUDY) as db:
        for model in models:
            if model.layer != "analysis":
                build(db, model)
        spent = {"tables": _seconds(lambda: [build(db, model) for model in _read(models)])}
        for analysis in ANALYSES:
            spent[analysis.name] = _seconds(lambda analysis=analysis: _rows(db, analysis, context))
    return spent


def _read(models: Sequence[Model]) -> list[Model]:
    """The tables of schema analysis that the ARD is made of, in the order they are built."""
    wanted = {name for analysis in ANALYSES for name in analysis.reads}
    for model in reversed(models):
        if model.name in wanted:
            wanted |= set(model.depends_on)
    return [model for model in models if model.name in wanted and model.layer == "analysis"]


def _rows(db, analysis, context: Context) -> int:
    tables = {name: frame(db, f"select * from {name} order by all") for name in {*analysis.reads, "analysis.strata"}}
    return ard_rows(analysis.name, analysis.compute(tables), tables["analysis.strata"], context).height


def curve_seconds() -> tuple[float, float]:
    """Seconds of a cumulative incidence of a million subjects, and how many times longer lifelines takes for fewer."""
    told = subprocess.run(
        [str(LIFELINES), "-m", "tests.bench.by_lifelines", str(COMPARED)],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    ).stdout
    return _ours(MILLION), float(told) / _ours(COMPARED)


def _ours(subjects: int) -> float:
    random = np.random.default_rng(0)
    times, causes = random.exponential(10, subjects), random.integers(0, 3, subjects)
    return sorted(_seconds(lambda: cumulative_incidence(times, causes)) for _ in range(3))[1]


def _seconds(work) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    for name, seconds in ard_seconds(Path(sys.argv[1])).items():
        print(f"{name:20s} {seconds:7.2f}")
