"""What a run is of: the studies that make up a study, and the transfer of each."""

from pipelines.errors import Refused
from pipelines.site import Site
from pipelines.studies import POOLED, Transfer, load_pooled, transfers


def members_of(site: Site, study: str) -> tuple[str, ...]:
    """The studies that make up a study: itself, or for POOLED those that are pooled."""
    return tuple(load_pooled(site.studies).studies) if study == POOLED else (study,)


def transfers_of(site: Site, study: str) -> list[Transfer]:
    """The transfer to work on of each study that makes up a study."""
    return [transfer_of(site, member) for member in members_of(site, study)]


def transfer_of(site: Site, study: str) -> Transfer:
    """The transfer to work on: the cut asked for, else the newest that is complete.

    Raises:
        Refused: If there is none.
    """
    found = transfers(site.studies, study)
    wanted = [t for t in found if t.cut == site.cut] if site.cut else [t for t in found if t.complete]
    if not wanted:
        which = f"no transfer {site.cut}" if site.cut else "no complete transfer"
        have = ", ".join(f"{t.cut}{'' if t.complete else ' (no _COMPLETE)'}" for t in found) or "none"
        raise Refused(f"{study}: there is {which}; transfers/ has {have}.")
    return wanted[-1]
