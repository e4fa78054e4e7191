"""What was asked about: a subject or a number, in one release or in all of them."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.asking.locked import open_release
from pipelines.asking.releases import database, databases
from pipelines.errors import WrongUsage
from pipelines.explaining.cell import cell_facts
from pipelines.explaining.finding import subject_facts
from pipelines.explaining.number import ToldCell
from pipelines.explaining.story import ToldSubject
from pipelines.site import Site
from pipelines.studies import POOLED
from pipelines.warehouse import rows

SHOWN = 10
SUBJECTS = "select usubjid, studyid, coalesce(therapy, 'Missing') from adsl where usubjid = ?"
CELLS = """
    select
        cell_id, '',
        concat_ws(
            ', ', analysis, group1_level, group2_level, group3_level, by_level,
            variable || ' ' || variable_level, stat_label
        )
    from ard where starts_with(cell_id, ?) order by position
"""
KNOWN = "select distinct usubjid from adsl union all select distinct cell_id from ard"

Explanation = ToldSubject | ToldCell


@dataclass(frozen=True, kw_only=True)
class Match:
    """Something of the name asked for: in which release, and for a subject of which study of it."""

    release: str
    path: Path
    name: str
    studyid: str
    about: str

    def line(self) -> str:
        """The match, for people to choose from."""
        return f"{self.name} in {self.release}: {self.about}"


def explain(site: Site, study: str | None, asked: str) -> Explanation:
    """The evidence behind a subject's grade, or the subjects behind a number.

    Args:
        site: Where the releases are.
        study: The study whose release is meant; all are searched without one.
        asked: A USUBJID, or a cell_id of the ARD or as much of its beginning as is unique.

    Returns:
        The facts of the subject, or of the number.

    Raises:
        WrongUsage: If nothing has that name, or several do.
    """
    asked, found = asked.strip(), databases(site)
    if study or not found:
        found = {study or "": database(site, study)}
    subjects = _only_own(_matches(found, SUBJECTS, asked))
    matches = (subjects or _matches(found, CELLS, asked)) if asked else []
    if not matches:
        raise WrongUsage(_nothing(found, asked))
    if len(matches) > 1:
        raise WrongUsage(_several(asked, matches))
    [match] = matches
    with open_release(match.path) as db:
        if subjects:
            return ToldSubject(facts=subject_facts(db, match.studyid, match.name))
        return ToldCell(facts=cell_facts(db, match.name))


def _matches(found: Mapping[str, Path], query: str, asked: str) -> list[Match]:
    matches = []
    for release, path in found.items():
        with open_release(path) as db:
            for name, studyid, about in rows(db, query, asked):
                matches.append(Match(release=release, path=path, name=name, studyid=studyid, about=about))
    return matches


def _only_own(matches: list[Match]) -> list[Match]:
    # Everyone in POOLED is in a study's own release too, which says the same.
    return [match for match in matches if match.release != POOLED] or matches


def _nothing(found: Mapping[str, Path], asked: str) -> str:
    known: set[str] = set()
    for path in found.values():
        with open_release(path) as db:
            known.update(name for (name,) in rows(db, KNOWN))
    nearest = difflib.get_close_matches(asked, sorted(known), n=5)
    hint = (
        f"the nearest are {', '.join(nearest)}" if nearest else 'crsight sql "select usubjid from adsl" lists subjects'
    )
    return f"no subject or number is called {asked!r} in the releases of {', '.join(found)}; {hint}."


def _several(asked: str, matches: list[Match]) -> str:
    listed = "".join(f"\n  {match.line()}" for match in matches[:SHOWN])
    more = f"\n  and {len(matches) - SHOWN} more" if len(matches) > SHOWN else ""
    return (
        f"{asked} is the name, or the beginning of the name, of {len(matches)}; name one, or its study.{listed}{more}"
    )
