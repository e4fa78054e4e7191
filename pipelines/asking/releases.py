"""The databases of releases: which there are, and the one that is meant."""

from pathlib import Path

from pipelines.errors import WrongUsage
from pipelines.in_place import current
from pipelines.site import Site


def databases(site: Site) -> dict[str, Path]:
    """The database of the newest release of each study."""
    newest = {path.parent.name: current(path.parent) for path in sorted((site.home / "releases").glob("*/current"))}
    return {study: folder / "crs.duckdb" for study, folder in newest.items() if folder}


def database(site: Site, study: str | None) -> Path:
    """The database of a study's newest release.

    Args:
        site: Where the releases are.
        study: The study; may be left out when only one has a release.

    Raises:
        WrongUsage: If there is no such release, or several and no study.
    """
    found = databases(site)
    if study is None and len(found) == 1:
        study = next(iter(found))
    if study not in found:
        which = f"no release of {study}" if study else "more than one release, so name one with --study"
        have = ", ".join(found) or "none"
        raise WrongUsage(f"there is {which if found else 'no release'} in {site.home}; there are {have}.")
    return found[study]
