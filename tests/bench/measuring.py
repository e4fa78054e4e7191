"""Times and memory of staging and grading one simulated trial, measured in a process of its own."""

import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from pipelines.arrival import arrive
from pipelines.simulate import Trial, simulate
from pipelines.site import Site
from pipelines.warehouse import build
from tests.bench.columns import columns_read, scan, upstream

STUDY, MEMORY_LIMIT, ROUNDS = "SIM-CART", "512MB", 3


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Medians of the rounds, in seconds, and the highest memory of the process, in MB."""

    subjects: int
    scan_s: float
    staging_s: float
    grading_s: float
    peak_mb: int

    @property
    def whole_s(self) -> float:
        """Staging and grading."""
        return self.staging_s + self.grading_s


def prepare(folder: Path, subjects: int) -> Site:
    """A simulated trial whose raw layer is ready."""
    simulate(Trial(therapy="car-t", subjects=subjects, seed=7), folder / "studies")
    site = Site(home=folder / "home", studies=folder / "studies", memory_limit=MEMORY_LIMIT)
    arrive(site, STUDY)
    return site


def measured(folder: Path, subjects: int) -> Measured:
    """What ``python -m tests.bench.measuring`` finds, so that no other work counts in the memory."""
    command = [sys.executable, "-m", "tests.bench.measuring", str(folder), str(subjects)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return Measured(**json.loads(told))


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def _measure(folder: Path, subjects: int) -> Measured:
    site = Site(home=folder / "home", studies=folder / "studies", memory_limit=MEMORY_LIMIT)
    models = upstream()
    raw = next((site.home / "raw" / STUDY).iterdir())
    spent: dict[str, list[float]] = {"scan": [], "staged": [], "graded": []}
    with site.warehouse.open(STUDY) as db:
        for _ in range(ROUNDS):
            spent["scan"].append(_seconds(lambda: scan(raw, columns_read(models))))
            for layer in ("staged", "graded"):
                of_layer = [model for model in models if model.layer == layer]
                spent[layer].append(_seconds(lambda of_layer=of_layer: [build(db, model) for model in of_layer]))
    return Measured(
        subjects=subjects,
        scan_s=_median(spent["scan"]),
        staging_s=_median(spent["staged"]),
        grading_s=_median(spent["graded"]),
        peak_mb=peak_mb(),
    )


def peak_mb() -> int:
    """The most memory this process has had, in MB."""
    # Not getrusage: what it tells of a child begins with the memory of its parent.
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) // 1024


def _seconds(work) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    print(json.dumps(asdict(_measure(Path(sys.argv[1]), int(sys.argv[2])))))
