"""A study's transfer arrives in its warehouse: settings, reference rows, raw views, and what was kept out."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import polars as pl

from pipelines import built, quality
from pipelines.described import Described, read_references, read_written
from pipelines.errors import Refused
from pipelines.ingest import RawCut, ingest
from pipelines.members import members_of, transfer_of
from pipelines.raw_layer import as_received, attach, contracted, file_name
from pipelines.room import refuse_little_room
from pipelines.site import SQL, Site
from pipelines.studies import (
    Study,
    load_adjudicated,
    load_study,
    missing_variables,
    study_tables,
)
from pipelines.warehouse import count, load_reference, rows, write_described


def arrive(site: Site, study: str) -> dict[str, int]:
    """The study's data in its warehouse, screened and ready to be staged.

    Args:
        site: Where the study's folder and warehouse are.
        study: Its name, or POOLED.

    Returns:
        The rows kept of each SDTM domain that models read.

    Raises:
        Refused: If the transfer cannot be used.
        LittleRoom: If the disk has no room for the run.
    """
    members = members_of(site, study)
    settings = [load_study(site.studies / member) for member in members]
    transfers = [transfer_of(site, member) for member in members]
    refuse_little_room(site, transfers)
    cuts = [ingest(transfer, site.home, site.say) for transfer in transfers]
    for one, cut in zip(settings, cuts, strict=True):
        codes = _codes(cut)
        _refuse_missing_variables(one, cut, codes)
        _refuse_derived_without_temperatures(one, codes)
    frames = study_tables(
        [(one, cut.cut) for one, cut in zip(settings, cuts, strict=True)], load_adjudicated(site.studies, settings)
    )
    with site.warehouse.open(study) as db:
        return _fill(db, site, frames, cuts)


def _fill(
    db: duckdb.DuckDBPyConnection, site: Site, frames: Mapping[str, pl.DataFrame], cuts: Sequence[RawCut]
) -> dict[str, int]:
    written = read_written(SQL)
    for reference in read_references(SQL):
        load_reference(db, reference)
    write_described(db, [t for t in written if t.name.split(".")[0] in ("study", "quality")], frames)
    attach(db, cuts, written)
    site.say("validation")
    try:
        quality.screen(db, quality.read_domain_rules(SQL), as_received(cuts))
    finally:
        _write_ledger(db, cuts, written)
    _refuse_unmatched_classes(db)
    _refuse_unknown_subjects(db)
    built.note_arrived(db)
    return {domain: count(db, f"raw.{domain.lower()}") for domain in contracted(db)}


def _write_ledger(db: duckdb.DuckDBPyConnection, cuts: Sequence[RawCut], written: Sequence[Described]) -> None:
    """Rows in = rows kept + rows quarantined, per file."""
    ledger = next(table for table in written if table.name == "quality.ingested")
    kept_out = quality.ledger(db)
    entries = [
        {
            "file": file_name(cut, cuts, file.file),
            "domain": file.domain,
            "sha256": file.sha256,
            "format": file.format,
            "rows_in": file.rows,
            "rows_quarantined": kept_out.get(file_name(cut, cuts, file.file), 0),
            "notes": "; ".join(file.notes),
        }
        for cut in cuts
        for file in cut.files
    ]
    frame = pl.DataFrame(entries).with_columns(rows_kept=pl.col("rows_in") - pl.col("rows_quarantined"))
    write_described(db, [ledger], {"quality.ingested": frame})


def _refuse_unmatched_classes(db: duckdb.DuckDBPyConnection) -> None:
    """Refuse therapy classes that match no treatment given: the whole study would count as untreated."""
    unmatched = rows(
        db,
        """
        select p.studyid, string_agg(distinct upper(trim(x.extrt)), ', ' order by upper(trim(x.extrt)))
        from study.parameters as p
        join raw.ex as x on x.studyid = p.studyid
        left join study.therapy_classes as c on c.studyid = p.studyid and c.value = upper(trim(x.extrt))
        where p.therapy_variable = 'EX.EXTRT' and x.extrt is not null
        group by p.studyid
        having count(c.value) = 0
        """,
    )
    for study, given in unmatched:
        raise Refused(f"{study}: study.yaml: therapy.classes: none of the values is in EX.EXTRT; it has {given}.")


def _refuse_unknown_subjects(db: duckdb.DuckDBPyConnection) -> None:
    """Refuse adjudicated grades of subjects that the study does not have."""
    unknown = rows(
        db,
        "select studyid, line from study.adjudications "
        "anti join (select studyid, trim(usubjid) as usubjid from raw.dm) using (studyid, usubjid) order by all",
    )
    if unknown:
        told = (f"{study}: adjudication.csv: line {line}: there is no such subject in DM" for study, line in unknown)
        raise Refused("\n".join(f"{problem}; write USUBJID as DM has it." for problem in told))


def _refuse_missing_variables(study: Study, cut: RawCut, codes: Mapping[str, list[str]]) -> None:
    problems = missing_variables(study, _columns(cut), codes)
    if problems:
        raise Refused("\n".join(f"{study.study}: {problem}" for problem in problems))


def _refuse_derived_without_temperatures(study: Study, codes: Mapping[str, list[str]]) -> None:
    tests = {code.strip().upper() for code in codes.get("VS", [])}
    if study.grading.primary == "derived" and "TEMP" not in tests:
        raise Refused(
            f"{study.study}: study.yaml: grading.primary is derived, but VS has no TEMP, and CRS begins with fever; "
            f"VS has {', '.join(sorted(tests)) or 'no tests'}. Write reported, or deliver the temperatures."
        )


def _columns(cut: RawCut) -> Mapping[str, list[str]]:
    """The columns of each domain."""
    domains = {file.domain for file in cut.files}
    return {d: [name for path in cut.of_domain(d) for name in pl.read_parquet_schema(path)] for d in domains}


def _codes(cut: RawCut) -> Mapping[str, list[str]]:
    """The test codes of each findings domain, and the qualifiers of each SUPP--."""
    return {
        domain: [code for path in cut.of_domain(domain) for code in _codes_of(path, domain)] for domain in _columns(cut)
    }


def _codes_of(path: Path, domain: str) -> list[str]:
    name = "QNAM" if domain.startswith("SUPP") else f"{domain}TESTCD"
    column = next((column for column in pl.read_parquet_schema(path) if column.upper() == name), None)
    if column is None:
        return []
    return pl.scan_parquet(path).select(pl.col(column).drop_nulls().unique()).collect().to_series().to_list()
