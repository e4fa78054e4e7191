"""Where the reports of a study are."""

from pathlib import Path

from pipelines.errors import WrongUsage
from pipelines.in_place import current
from pipelines.site import Site


def report_path(site: Site, study: str, audience: str) -> Path:
    """The report of the study's newest release.

    Raises:
        WrongUsage: If there is no release, or none for that audience.
    """
    release = current(site.open_folder(study) if audience == "open" else site.release_folder(study))
    if release is None:
        raise WrongUsage(f"{study} has no release in {site.home}; run it first: crsight run {study}.")
    path = release / f"report-{audience}.html"
    if not path.exists():
        have = ", ".join(sorted(p.stem.removeprefix("report-") for p in release.glob("report-*.html")))
        raise WrongUsage(f"{study} has no {audience} report; there are {have}.")
    return path
