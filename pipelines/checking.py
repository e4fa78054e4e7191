"""What would be refused, and why, without writing anything into the home."""

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.arrival import arrive
from pipelines.errors import Refused
from pipelines.formats import FormatError, open_dataset
from pipelines.ingest import unchanged_ledger
from pipelines.members import members_of, transfer_of
from pipelines.progress import Progress
from pipelines.site import Site
from pipelines.studies import StudyError, load_adjudicated, load_study


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What a check found."""

    study: str
    problems: tuple[str, ...]
    quarantined: tuple[tuple[str, str, int], ...] = ()
    rows_in: int = 0

    def as_dict(self) -> dict[str, object]:
        """The findings for machines."""
        return {
            **vars(self),
            "quarantined": [dict(zip(("file", "rule", "rows"), q, strict=True)) for q in self.quarantined],
        }

    def lines(self) -> list[str]:
        """The findings for people."""
        if self.problems:
            return [f"{self.study} would be refused:", *(f"  {problem}" for problem in self.problems)]
        kept_out = sum(rows for _, _, rows in self.quarantined)
        summary = f"{self.study} would be accepted: {self.rows_in} rows, of which {kept_out} would be quarantined."
        return [summary, *(f"  {file}: {rule}: {rows}" for file, rule, rows in self.quarantined)]


def check(site: Site, study: str, progress: Progress) -> Checked:
    """What would be refused of a study's settings and transfer, and which rows would be quarantined."""
    with progress.task(f"check {study}") as say:
        problems = [problem for member in members_of(site, study) for problem in _problems(site, member)]
        if problems:
            return Checked(study=study, problems=tuple(problems))
        with tempfile.TemporaryDirectory() as folder:
            return _try(replace(site, home=Path(folder), say=say), study)


def _problems(site: Site, study: str) -> list[str]:
    """What is wrong with study.yaml, and with each file on its own: all of it, not only the first."""
    try:
        load_adjudicated(site.studies, [load_study(site.studies / study)])
        transfer = transfer_of(site, study)
        unchanged_ledger(transfer, site.home)  # refuses a transfer that changed since a run
    except (StudyError, Refused) as error:
        return str(error).splitlines()
    return [problem for path in transfer.files for problem in _problems_of_file(path)]


def _problems_of_file(path: Path) -> list[str]:
    try:
        for _ in open_dataset(path).chunks():
            pass
    except FormatError as error:
        return [str(error)]
    return []


def _try(site: Site, study: str) -> Checked:
    try:
        arrive(site, study)
    except (Refused, StudyError, FormatError) as error:
        return Checked(study=study, problems=tuple(str(error).splitlines()))
    with site.warehouse.open(study) as db:
        kept_out = db.execute(
            "select file, rule, count(*) from quality.quarantine group by all order by all"
        ).fetchall()
        [(rows_in,)] = db.execute("select sum(rows_in)::bigint from quality.ingested").fetchall()
    return Checked(study=study, problems=(), quarantined=tuple(kept_out), rows_in=rows_in)
