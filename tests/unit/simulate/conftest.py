"""Three simulated trials, made once for all tests of the simulator."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from pipelines.simulate import PRESETS, Trial, simulate

SUBJECTS = 2_000
CUT = "2026-06-30"


@dataclass(frozen=True, kw_only=True)
class Simulated:
    """A simulated study on disk."""

    therapy: str
    folder: Path

    @property
    def transfer(self) -> Path:
        return self.folder / "transfers" / CUT

    def read(self, domain: str) -> pl.DataFrame:
        return pl.read_parquet(self.transfer / f"{domain.lower()}.parquet")

    def truth(self, name: str = "truth") -> pl.DataFrame:
        return pl.read_parquet(self.folder / f"{name}.parquet")


@pytest.fixture(scope="session")
def trials(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Simulated]:
    out = tmp_path_factory.mktemp("simulated")
    for therapy in PRESETS:
        simulate(Trial(therapy=therapy, subjects=SUBJECTS, seed=11, cut=CUT), out)
    return {name: Simulated(therapy=name, folder=out / preset.study) for name, preset in PRESETS.items()}


@pytest.fixture(params=list(PRESETS))
def trial(request: pytest.FixtureRequest, trials: Mapping[str, Simulated]) -> Simulated:
    return trials[request.param]
