"""Print how fast grading and the analyses are: against a bare scan, a pandas loop, lifelines, and at several sizes."""

import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench import loop, reading
from tests.bench.measuring import MEMORY_LIMIT, ROUNDS, STUDY, Measured, measured, prepare
from tests.bench.numbers import ard_seconds, curve_seconds

SIZES = (1_000, 10_000, 100_000)
SAMPLE = 200
# What grading is held to: ratios in one run, so that they mean the same on any machine.
FROM_STAGED, FROM_RAW, GROWTH, PEAK_MB, LOOP, RUN_S = 2.5, 15, 1.05, 1000, 100, 90
ARD_S, CURVE_S, CURVE = 60, 2, 50


def main() -> None:
    """Measure every size and print the table; the exit code says whether every limit is kept."""
    sizes = tuple(int(word) for word in sys.argv[1:]) or SIZES
    kept = []
    with tempfile.TemporaryDirectory() as folder:
        places = {size: Path(folder) / str(size) for size in sizes}
        for size, place in places.items():
            print(f"preparing {size} subjects", flush=True)
            prepare(place, size)
        results = [measured(place, size) for size, place in places.items()]
        kept += _table(results)
        kept += _against_loop(places[sizes[0]], results)
        kept.append(_whole_ard(places[sizes[-1]]))
        kept += _curve()
        kept += _reading()
        if 10_000 in places:
            kept.append(_whole_run(places[10_000]))
    sys.exit(0 if all(kept) else 1)


def _table(results: list[Measured]) -> list[bool]:
    print(f"\nmedians of {ROUNDS} rounds, eight scales, memory limit of DuckDB {MEMORY_LIMIT}")
    print("subjects  scan s  staging s  grading s  grading/scan  (staging + grading)/scan  peak MB")
    for one in results:
        print(
            f"{one.subjects:8d}  {one.scan_s:6.2f}  {one.staging_s:9.2f}  {one.grading_s:9.2f}"
            f"  {one.grading_s / one.scan_s:12.2f}  {one.whole_s / one.scan_s:24.2f}  {one.peak_mb:7d}"
        )
    largest = results[-1]
    return [
        _held("grading / bare scan", largest.grading_s / largest.scan_s, FROM_STAGED),
        _held("staging and grading / bare scan", largest.whole_s / largest.scan_s, FROM_RAW),
        _held("peak memory, MB", largest.peak_mb, PEAK_MB),
        *(_held("growth exponent", _growth(one, largest), GROWTH) for one in results[-2:-1]),
    ]


def _growth(small: Measured, large: Measured) -> float:
    return math.log(large.whole_s / small.whole_s) / math.log(large.subjects / small.subjects)


def _against_loop(place: Path, results: list[Measured]) -> list[bool]:
    transfer = next((place / "studies" / STUDY / "transfers").iterdir())
    frames = loop.read(transfer, SAMPLE)
    begun = time.perf_counter()
    graded = loop.grade(frames)
    each = (time.perf_counter() - begun) / len(graded)
    ours = results[-1].whole_s / results[-1].subjects
    print(f"pandas loop: {each * 1000:.1f} ms a subject, one scale; staging and grading: {ours * 1000:.3f} ms, eight")
    return [_held("pandas loop / ours (at least)", -each / ours, -LOOP)]


def _whole_ard(place: Path) -> bool:
    spent = ard_seconds(place)
    for name, seconds in spent.items():
        print(f"  {name:20s} {seconds:6.2f} s")
    return _held(f"analysis tables and results of {place.name} subjects, s", sum(spent.values()), ARD_S)


def _curve() -> list[bool]:
    million_s, ratio = curve_seconds()
    return [
        _held("Aalen-Johansen of 1,000,000 subjects, s", million_s, CURVE_S),
        _held("lifelines / ours, 10,000 subjects (at least)", -ratio, -CURVE),
    ]


def _reading() -> list[bool]:
    found = reading.against_others()
    return [
        _held("pyreadstat / ours, XPT to the raw layer (at least)", -found["xpt"][0], -reading.AGAINST_PYREADSTAT),
        _held("peak memory of reading, MB", max(peak for _, peak in found.values()), reading.PEAK_MB),
    ]


def _whole_run(place: Path) -> bool:
    environment = {**os.environ, "CRSIGHT_HOME": str(place / "run"), "CRSIGHT_STUDIES": str(place / "studies")}
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", "from pipelines.cli import main; main()", "run", STUDY],
        check=True,
        env=environment,
        capture_output=True,
    )
    return _held("crsight run of 10,000 subjects, s", time.perf_counter() - begun, RUN_S)


def _held(what: str, found: float, limit: float) -> bool:
    is_kept = found <= limit
    print(f"{what}: {abs(found):.2f} ({'kept' if is_kept else 'MISSED'}: {abs(limit):g})", flush=True)
    return is_kept


if __name__ == "__main__":
    main()
