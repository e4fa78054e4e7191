"""Studies, their cuts and releases, and what is waiting or refused and why."""

import json
from dataclasses import dataclass

from pipelines.in_place import current
from pipelines.last_run import last_run
from pipelines.one_at_a_time import holder
from pipelines.site import Site
from pipelines.studies import StudyError, study_names, transfers


@dataclass(frozen=True, kw_only=True)
class StudyStatus:
    """How one study stands."""

    study: str
    cuts: tuple[str, ...]
    release: str
    released_cut: str
    state: str
    reason: str

    def line(self) -> str:
        """The status for people."""
        released = f"released {self.released_cut}" if self.released_cut else "no release"
        return f"{self.study}: {self.state}; {released}; cuts {', '.join(self.cuts) or 'none'}" + (
            f"\n  {self.reason}" if self.reason else ""
        )


def status(site: Site) -> list[StudyStatus]:
    """How every study stands that has a folder or a release."""
    released = {path.parent.name for path in (site.home / "releases").glob("*/current")}
    return [_of(site, study) for study in sorted({*study_names(site.studies), *released})]


def _of(site: Site, study: str) -> StudyStatus:
    release = current(site.release_folder(study))
    cut = json.loads((release / "manifest.json").read_text())["identity"]["cut"] if release else ""
    cuts, incomplete, trouble = _cuts(site, study)
    state, reason = _state(site, study, cuts, cut)
    waiting = f"waiting for _COMPLETE: {', '.join(incomplete)}" if incomplete else ""
    return StudyStatus(
        study=study,
        cuts=(*cuts, *incomplete),
        release=str(release or ""),
        released_cut=cut,
        state="refused" if trouble else state,
        reason="; ".join(part for part in (trouble, reason, waiting) if part),
    )


def _cuts(site: Site, study: str) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """The complete cuts, the incomplete ones, and what is wrong with the folder."""
    if not (site.studies / study).is_dir():
        return (), (), ""
    try:
        found = transfers(site.studies, study)
    except StudyError as error:
        return (), (), str(error)
    return tuple(t.cut for t in found if t.complete), tuple(t.cut for t in found if not t.complete), ""


def _state(site: Site, study: str, cuts: tuple[str, ...], released: str) -> tuple[str, str]:
    at_work, last = holder(site.lock(study)), last_run(site, study)
    if at_work:
        return "running", f"a run is under way {at_work}"
    if last and not last.released:
        return last.outcome, last.reason
    if cuts and cuts[-1] != released:
        return "waiting", f"cut {cuts[-1]} is not released yet"
    return ("released", "") if released else ("waiting", "no complete transfer")
