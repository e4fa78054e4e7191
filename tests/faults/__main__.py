"""Kill runs at random moments and print where; the exit code says whether the last release stood every time."""

import argparse
import tempfile
import time
from pathlib import Path

from tests.faults.kills import Kills


def main() -> None:
    """Kill so many."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1, help="another seed kills at other moments")
    given = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        kills = Kills(Path(folder), given.seed)
        try:
            kills.kill(given.kills)
        finally:
            kills.end()
    for step, times in sorted(kills.by_stage.items()):
        print(f"{times:4d} killed at {step}")
    print(f"{kills.by_stage.total()} killed in {time.monotonic() - started:.0f} s; the last release stood every time")


if __name__ == "__main__":
    main()
