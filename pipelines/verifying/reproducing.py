"""A release made again from the same transfers, and held against the one there is."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipelines.errors import Refused
from pipelines.execution import execute
from pipelines.manifest import packages, read_manifest
from pipelines.progress import Progress
from pipelines.site import Site
from pipelines.standing import identity_of_files
from pipelines.studies import StudyError
from pipelines.verifying.apart import apart
from pipelines.verifying.contents import verify_again
from pipelines.verifying.verified import Verified


def reproduce(site: Site, release: Path, progress: Progress) -> Verified:
    """Whether the release comes out again; what it would be made from is compared first, for a run takes its time.

    Args:
        site: Where the study's transfers are; nothing in it is changed.
        release: The release.
        progress: Told of the steps.
    """
    manifest = read_manifest(release)
    study, remarks = manifest["study"], tuple(_other_packages(manifest["packages"]))
    with progress.task(study) as say:
        try:
            with apart(site, release, manifest) as place:
                found = _made_again(replace(place, say=say), release, manifest, say)
        except (Refused, StudyError) as error:
            found = Verified(what=study, checked=(), differs=tuple(str(error).splitlines()))
    return replace(found, remarks=(*found.remarks, *remarks))


def _made_again(place: Site, release: Path, manifest: Mapping[str, Any], say: Callable[[str], None]) -> Verified:
    study = manifest["study"]
    differs = tuple(_other_identity(manifest["identity"], identity_of_files(place, study)))
    if differs:
        return Verified(what=study, checked=("It was not run again, for it would not be the same.",), differs=differs)
    ran = execute(place, study)
    if not ran.released:
        return Verified(what=study, checked=("It was run again.",), differs=(ran.line(),))
    say("comparison")
    return verify_again(release, Path(ran.release))


def _other_identity(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """What a release would be made from or with that it was not."""
    for what in sorted(was.keys() | now.keys()):
        before, after = was.get(what), now.get(what)
        if isinstance(before, dict) and isinstance(after, dict):
            changed = (key for key in sorted(before.keys() | after.keys()) if before.get(key) != after.get(key))
            yield from (f"{what}: {key} was {before.get(key)}, is {after.get(key)}." for key in changed)
        elif before != after:
            yield f"{what} was {before}, is {after}."


def _other_packages(was: Mapping[str, str]) -> Iterator[str]:
    now = packages()
    for name in sorted(was.keys() | now.keys()):
        if was.get(name) != now.get(name):
            yield f"{name} was {was.get(name)} when it was made, and is {now.get(name)} here."
