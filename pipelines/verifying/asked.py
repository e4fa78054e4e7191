"""``crsight verify``: a release, its making again, and the audit log."""

from pathlib import Path

from pipelines.audit import Checked
from pipelines.manifest import read_manifest
from pipelines.progress import Progress
from pipelines.site import Site
from pipelines.verifying.files import verify_current, verify_files
from pipelines.verifying.logged import verify_chain, verify_logged, verify_open_logged, verify_open_there, verify_there
from pipelines.verifying.naming import Named, release_named, releases_in
from pipelines.verifying.verified import Verified


def verify(site: Site, asked: str, progress: Progress, *, reproduce: bool = False) -> Verified:
    """Whether a release is what it was, and, when asked, whether it comes out again.

    Args:
        site: Where the studies and releases are.
        asked: A study, ``STUDY/CUT``, or the path of a release.
        progress: Told of what takes its time.
        reproduce: Run it again elsewhere and compare; not when the release itself is damaged.

    Raises:
        WrongUsage: If there is no such release.
    """
    named = release_named(site, asked)
    found = _as_it_was(site, named)
    if not reproduce or not found.holds:
        return found
    # Only now, for what runs a study takes seconds to load.
    from pipelines.verifying.reproducing import reproduce as made_again

    return found.and_then(made_again(site, named.folder, progress))


def _as_it_was(site: Site, named: Named) -> Verified:
    found = Verified(what=str(named.folder), checked=(), differs=()).and_then(verify_files(named.folder))
    if not named.is_of_home:
        elsewhere = f"it does not lie in the releases of {site.home}, whose audit log was not asked."
        return found.and_then(Verified(what="", checked=(), differs=(), remarks=(elsewhere,)))
    chain, log = verify_chain(site.audit.path)
    found = found.and_then(verify_current(named.folder.parent)).and_then(chain)
    if not found.holds:
        return found
    opened = site.open_folder(named.study) / named.folder.name
    return found.and_then(verify_logged(named.folder, log)).and_then(_open_as_it_was(opened, named.folder, log))


def _open_as_it_was(opened: Path, closed: Path, log: Checked) -> Verified:
    if not opened.is_dir():
        return verify_open_there(opened, read_manifest(closed)["run"]["id"], log)
    found = verify_files(opened, "open/").and_then(verify_current(opened.parent, "open/"))
    return found.and_then(verify_open_logged(opened, log)) if found.holds else found


def verify_log(site: Site) -> Verified:
    """Whether the audit log holds, and every release of the home, closed or open, is in it as it is.

    Args:
        site: Where the log and the releases are.
    """
    found, log = verify_chain(site.audit.path)
    folder = site.home / "releases"
    for study in sorted(folder.glob("*")):
        for release in releases_in(study):
            found = found.and_then(verify_logged(release, log))
    for release in sorted((site.home / "open").glob("*/[!.]*/")):
        if not release.is_symlink():
            found = found.and_then(verify_open_logged(release, log))
    return found.and_then(verify_there(log, folder))
