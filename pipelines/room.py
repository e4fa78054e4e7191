"""Whether the disk has room for a run, so that a long one does not end for want of it after hours."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from pipelines.ingest.ledger import folder_of
from pipelines.site import Site
from pipelines.studies import Transfer

# Bytes of raw layer, warehouse, build and release for each byte of a transfer's file. A simulated CAR-T trial of
# 100,000 subjects took 23 as Parquet, of which some 4 were documents that are shorter now; its vital signs are 22 times
# longer as SAS transport. Compressed formats: not measured.
_HOME = {".parquet": 20.0, ".gz": 15.0, ".dsjc": 15.0}
_PLAIN = 1.5
# What DuckDB may spill, for each byte of the home.
_SPILL = 0.25
# Small trials are run on small disks without being asked.
_LEAST = 10**9


class LittleRoom(Exception):
    """The disk has no room for the run; nothing was begun, and the last release stands."""


def refuse_little_room(site: Site, transfers: Sequence[Transfer]) -> None:
    """Nothing, when the disk has room for what a run of these transfers makes, as far as that can be told.

    Raises:
        LittleRoom: If it has not, saying where, how much is needed and what there is.
    """
    home = sum(_needed(transfer) for transfer in transfers)
    for folder, needed in _by_disk(site, home, home * _SPILL).items():
        free = shutil.disk_usage(folder).free + sum(_taken(site, transfer) for transfer in transfers)
        if needed > max(free, _LEAST):
            raise LittleRoom(
                f"{folder}: a run needs about {needed / 1e9:.0f} GB here and finds {free / 1e9:.0f} GB; make room, or "
                "name a larger disk with --home or, for what DuckDB spills, CRSIGHT_SPILL. Nothing was begun."
            )


def _needed(transfer: Transfer) -> float:
    return sum(path.stat().st_size * _HOME.get(path.suffix.lower(), _PLAIN) for path in transfer.files)


def _by_disk(site: Site, home: float, spill: float) -> dict[Path, float]:
    """What is needed in the home and in the folder for spilling, together where they lie on one disk."""
    folders = {site.home: home, site.warehouse.spill: spill}
    found: dict[int, tuple[Path, float]] = {}
    for folder, needed in folders.items():
        there = _standing(folder)
        disk = there.stat().st_dev
        first, sum_so_far = found.get(disk, (there, 0.0))
        found[disk] = (first, sum_so_far + needed)
    return dict(found.values())


def _standing(folder: Path) -> Path:
    """The folder, or the nearest above it that is there already."""
    return next(place for place in (folder, *folder.parents) if place.exists())


def _taken(site: Site, transfer: Transfer) -> int:
    """What an earlier run of the transfer has taken, which is written over or used as it is."""
    raw = folder_of(transfer, site.home)
    files = [*raw.glob("*"), site.warehouse.path(transfer.study)]
    return sum(file.stat().st_size for file in files if file.is_file())
