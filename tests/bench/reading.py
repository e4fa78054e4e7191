"""Files of each format to the raw layer, against the plainest read of the same file that there is."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from pipelines.formats import write_dataset
from pipelines.ingest.one_file import read_file
from pipelines.simulate import Trial, simulate
from tests.bench.measuring import STUDY, peak_mb

SUBJECTS, JSON_ROWS = 10_000, 500_000
# At least so many times faster than pyreadstat, and never more memory than this, whatever the file's size.
AGAINST_PYREADSTAT, PEAK_MB = 5, 1000
THEIRS = {
    "xpt": "import pyreadstat; pyreadstat.read_xport(path, output_format='polars')",
    "csv": "import polars; polars.read_csv(path, infer_schema=False)",
    "json": "import json; json.load(open(path))",
    "ndjson": "import json; [json.loads(line) for line in open(path)]",
    "parquet": "import pyarrow.parquet; pyarrow.parquet.read_table(path)",
}


def against_others() -> dict[str, tuple[float, float]]:
    """By format: how many times faster than the other reader, and the most memory of ours in MB; a line is printed."""
    print("\nformat  file MB  ours s  MB/s  peak MB  other reader s  other / ours")
    with tempfile.TemporaryDirectory() as folder:
        return {path.suffix[1:]: _compared(path) for path in _files(Path(folder))}


def _files(folder: Path) -> list[Path]:
    simulate(Trial(therapy="car-t", subjects=SUBJECTS, seed=7), folder)
    source = next((folder / STUDY / "transfers").iterdir()) / "vs.parquet"
    rows, made = pl.read_parquet(source), [source]
    for form in ("xpt", "csv", "json", "ndjson"):
        part = rows.head(JSON_ROWS) if "json" in form else rows
        write_dataset(part, folder / f"vs.{form}", name="VS", label="Vital Signs", labels={})
        made.append(folder / f"vs.{form}")
    return made


def _compared(path: Path) -> tuple[float, float]:
    ours, peak = json.loads(_run(["-m", "tests.bench.reading", str(path)]))
    other = float(_run(["-c", _timed(THEIRS[path.suffix[1:]]), str(path)]))
    size = path.stat().st_size / 1e6
    print(
        f"{path.suffix[1:]:7} {size:7.0f} {ours:7.2f} {size / ours:5.0f} {peak:8d} {other:15.2f} {other / ours:13.2f}"
    )
    return other / ours, peak


def _timed(read: str) -> str:
    return f"import sys, time; path = sys.argv[1]; at = time.perf_counter(); {read}; print(time.perf_counter() - at)"


def _run(arguments: list[str]) -> str:
    return subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True).stdout


def _ours(path: Path) -> tuple[float, int]:
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        begun = time.perf_counter()
        read_file(path, lambda: "", Path(folder), lambda _: None)
        return time.perf_counter() - begun, peak_mb()


if __name__ == "__main__":
    print(json.dumps(_ours(Path(sys.argv[1]))))
