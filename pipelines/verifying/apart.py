"""A home of its own in which a release is made again, so that the real one is not touched."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines.errors import Refused
from pipelines.manifest import MANIFEST
from pipelines.site import Site
from pipelines.stamp import Stamp
from pipelines.studies import POOLED

DATABASE = "crs.duckdb"


@contextmanager
def apart(site: Site, release: Path, manifest: Mapping[str, Any]) -> Iterator[Site]:
    """A site with what a release was made from and nothing else: its transfers, settings, earlier release and stamp.

    Args:
        site: Where the studies are.
        release: The release.
        manifest: Its manifest.

    Raises:
        Refused: If a transfer or the release that it was compared with is not there any more.
    """
    run = manifest["run"]
    with tempfile.TemporaryDirectory(prefix="crsight-") as folder:
        place = Site(
            home=Path(folder) / "home",
            studies=Path(folder) / "studies",
            memory_limit=site.memory_limit,
            engine=run.get("engine", "duckdb"),
            spark=site.spark,
            stamp=Stamp(run_id=run["id"], at=datetime.fromisoformat(run["at"])),
        )
        for study, cut in manifest["transfers"].items():
            _link_study(site.studies / study, place.studies / study, cut)
        if manifest["study"] == POOLED and (site.studies / POOLED).is_dir():
            (place.studies / POOLED).symlink_to(site.studies / POOLED)
        if earlier := manifest["identity"]["compared_with"]:
            _link_release(release.parent / earlier, place.release_folder(manifest["study"]) / earlier)
        yield place


def _link_study(study: Path, link: Path, cut: str) -> None:
    """Link everything of a study, but of its transfers the one."""
    transfer = study / "transfers" / cut
    if not transfer.is_dir():
        raise Refused(f"{study.name}: transfer {cut} is not in {study.parent} any more.")
    (link / "transfers").mkdir(parents=True)
    (link / "transfers" / cut).symlink_to(transfer)
    for path in study.iterdir():
        if path.name != "transfers":
            (link / path.name).symlink_to(path)


def _link_release(release: Path, link: Path) -> None:
    link.mkdir(parents=True)
    for name in (MANIFEST, DATABASE):
        if not (release / name).is_file():
            raise Refused(f"{release.name}: {name} is not there any more, which the release was compared with.")
        (link / name).symlink_to(release / name)
