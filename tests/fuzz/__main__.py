"""Print what becomes of damaged files of every format and damaged study.yaml: counts, and everything that broke."""

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from pipelines.formats import EXTENSIONS
from tests.fuzz.outcomes import BROKEN, READ, REFUSED, Outcome
from tests.fuzz.reading import attempt
from tests.fuzz.settings import attempt_settings
from tests.fuzz.workers import outcomes

SETTINGS = "study.yaml"
_LONGEST = 2000


def tried(seed: int, kind: str, count: int, first: int = 0) -> list[tuple[int, Outcome]]:
    """What became of so many damaged files of a format, or of so many study.yaml."""
    one = partial(attempt_settings, seed) if kind == SETTINGS else partial(attempt, seed, kind)
    return list(outcomes(one, range(first, first + count)))


def main() -> None:
    """Try them all; the exit code says whether each was read or refused."""
    given = _given()
    counts = dict.fromkeys(given.formats, -(-given.files // len(given.formats))) | {SETTINGS: given.settings}
    started, broken = time.monotonic(), 0
    with ThreadPoolExecutor(2) as pool:
        runs = {kind: pool.submit(tried, given.seed, kind, count, given.first) for kind, count in counts.items()}
        for kind, run in runs.items():
            broken += _printed(kind, run.result())
    print(f"{sum(counts.values())} tried, {broken} broken, in {time.monotonic() - started:.0f} s")
    sys.exit(1 if broken else 0)


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=20_000, help="over all formats")
    parser.add_argument("--settings", type=int, default=5_000, help="study.yaml")
    parser.add_argument("--formats", nargs="*", default=EXTENSIONS)
    parser.add_argument("--seed", type=int, default=1, help="another seed makes other damage")
    parser.add_argument("--first", type=int, default=0, help="the number of the first, to try one again")
    return parser.parse_args()


def _printed(kind: str, found: list[tuple[int, Outcome]]) -> int:
    counts = Counter(outcome.kind for _, outcome in found)
    print(f"{kind:10} {counts[READ]:6d} read {counts[REFUSED]:6d} refused {counts[BROKEN]:6d} broken", flush=True)
    for number, outcome in found:
        if outcome.kind == BROKEN:
            print(f"  {kind} {number}: {outcome.said[:_LONGEST]}")
    return counts[BROKEN]


if __name__ == "__main__":
    main()
