"""Simulated trials, and the demonstration that runs them."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipelines.progress import Progress
from pipelines.ran import Ran
from pipelines.several import run_studies
from pipelines.simulate import PRESETS, Trial
from pipelines.simulate import simulate as simulate_trial
from pipelines.site import Site
from pipelines.studies import POOLED, study_names

DEMO_SUBJECTS = 300
DEMO_SEED = 1


def demonstrate(site: Site, progress: Progress) -> list[Ran]:
    """Three simulated trials and POOLED, run and released under ``demo`` in the home, which is made anew each time."""
    home = site.home / "demo"
    shutil.rmtree(home, ignore_errors=True)
    place = replace(site, home=home, studies=home / "studies")
    simulate_trials(place.studies, DEMO_SUBJECTS, DEMO_SEED, None, ["parquet"], progress)
    return run_studies(place, [*study_names(place.studies), POOLED], progress)


def simulate_trials(
    out: Path,
    subjects: int,
    seed: int,
    therapies: Sequence[str] | None,
    formats: Sequence[str],
    progress: Progress,
) -> list[Path]:
    """The folders of the trials simulated, one for each therapy."""
    written = []
    for therapy in therapies or list(PRESETS):
        trial = Trial(therapy=therapy, subjects=subjects, seed=seed, formats=tuple(formats))
        with progress.task(f"simulate {trial.studyid}") as say:
            simulate_trial(trial, out, lambda done, say=say: say(f"{done} subjects"))
        written.append(out / trial.studyid)
    return written
