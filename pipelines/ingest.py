"""A transfer becomes the raw layer: one Parquet per dataset, as received, with _file and _row, written once."""

import math
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from pipelines.dates import bounds
from pipelines.errors import Refused
from pipelines.formats import Dataset, open_dataset
from pipelines.ledger import folder_of, refuse_changed, sha256, stands, unchanged_ledger, write_ledger
from pipelines.one_at_a_time import alone
from pipelines.sentences import shown
from pipelines.studies import Transfer

REQUIRED = ("DM", "EX")
# A longer name of a study is no name, and is not quoted whole.
LONGEST_NAME = 40


@dataclass(frozen=True, kw_only=True)
class Ingested:
    """One file of a transfer, as it was read.

    A long domain may be split over several datasets: LBCH and LBHE are both of domain LB.
    """

    file: str
    dataset: str
    domain: str
    sha256: str
    format: str
    rows: int
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RawCut:
    """The raw layer of one study and cut."""

    study: str
    cut: str
    folder: Path
    files: tuple[Ingested, ...]

    def of_domain(self, domain: str) -> list[Path]:
        """The Parquet files that hold the domain; none when the transfer lacks it."""
        return [self.folder / f"{f.dataset.lower()}.parquet" for f in self.files if f.domain == domain]


def ingest(transfer: Transfer, home: Path, progress: Callable[[str], None] = lambda _: None) -> RawCut:
    """The raw layer of a transfer, written if it is not there yet.

    Args:
        transfer: A complete transfer.
        home: The folder that holds ``raw/``.
        progress: Called with the name of each file before it is read.

    Raises:
        Refused: If DM or EX is missing, two files hold one dataset, or the transfer changed after or while it
            was ingested.
        FormatError: If a file cannot be read whole.
    """
    _refuse_incomplete(transfer)
    # A study's own run and that of POOLED may come upon the same new transfer at once.
    with alone(home / "locks" / "raw" / f"{transfer.study}.lock", math.inf):
        return _ingest(transfer, home, progress)


def _ingest(transfer: Transfer, home: Path, progress: Callable[[str], None]) -> RawCut:
    folder = folder_of(transfer, home)
    hashes = {path.name: sha256(path) for path in transfer.files}
    known = unchanged_ledger(transfer, home, hashes)
    if known and stands(folder, known):
        return _raw_cut(transfer, folder, known["files"])
    folder.mkdir(parents=True, exist_ok=True)
    files = [asdict(_write(path, hashes[path.name], folder, progress)) for path in transfer.files]
    for file in files:
        _refuse_other_studies(transfer, file["file"], folder / f"{file['dataset'].lower()}.parquet")
    refuse_changed(transfer, hashes)
    write_ledger(folder, files)
    return _raw_cut(transfer, folder, files)


def _raw_cut(transfer: Transfer, folder: Path, files: Sequence[dict]) -> RawCut:
    ingested = tuple(Ingested(**{**f, "notes": tuple(f["notes"])}) for f in files)
    return RawCut(study=transfer.study, cut=transfer.cut, folder=folder, files=ingested)


def _write(path: Path, digest: str, folder: Path, progress: Callable[[str], None]) -> Ingested:
    progress(path.name)
    dataset = open_dataset(path)
    target = folder / f"{dataset.name.lower()}.parquet"
    rows = _write_parquet(dataset, target)
    notes = tuple(dataset.notes)
    return Ingested(
        file=path.name,
        dataset=dataset.name,
        domain=_domain(dataset.name, target),
        sha256=digest,
        format=dataset.format,
        rows=rows,
        notes=notes,
    )


def _domain(dataset: str, parquet: Path) -> str:
    """The domain a dataset is of: the parts of a split domain have longer names, and the domain in DOMAIN or RDOMAIN.

    Source: SDTMIG 3.4, section 4.1.7, Splitting Domains.
    """
    prefix, column = ("SUPP", "RDOMAIN") if dataset.startswith("SUPP") else ("", "DOMAIN")
    name = next((name for name in pl.read_parquet_schema(parquet) if name.upper() == column), None)
    if name is None:
        return dataset
    told = (
        pl.scan_parquet(parquet)
        .select(pl.col(name).cast(pl.String).str.strip_chars().unique())
        .head(2)
        .collect()
        .to_series()
    )
    is_part = len(told) == 1 and dataset.startswith(f"{prefix}{told[0]}")
    return f"{prefix}{told[0]}" if is_part else dataset


def _write_parquet(dataset: Dataset, target: Path) -> int:
    beside = target.with_suffix(".tmp")
    rows, schema = 0, _with_dates(_empty(dataset)).to_arrow().schema
    with pq.ParquetWriter(beside, schema, compression="zstd") as writer:
        for chunk in dataset.chunks():
            writer.write_table(_with_dates(chunk).to_arrow().cast(schema))
            rows += chunk.height
    os.replace(beside, target)
    return rows


def _empty(dataset: Dataset) -> pl.DataFrame:
    kinds = {"text": pl.String(), "number": pl.Float64()}
    columns = {variable.name: kinds[variable.type] for variable in dataset.variables}
    return pl.DataFrame(schema={**columns, "_file": pl.String(), "_row": pl.Int64()})


def _with_dates(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with, for each --DTC, the earliest and latest second its text allows, and its precision.

    Dates are read here, once, because SQL engines accept different texts as dates.
    """
    columns = [c for c, kind in frame.schema.items() if c.upper().endswith("DTC") and kind == pl.String]
    parsed = [_bounds_of(frame[column]) for column in columns]
    return pl.concat([frame, *parsed], how="horizontal")


def _bounds_of(texts: pl.Series) -> pl.DataFrame:
    prefix = f"_{texts.name.lower()}_"
    return bounds(texts).select(pl.all().name.prefix(prefix))


def _refuse_incomplete(transfer: Transfer) -> None:
    where = f"{transfer.study}, transfer {transfer.cut}"
    if not transfer.complete:
        raise Refused(f"{where}: there is no _COMPLETE file; whoever delivers writes it last.")
    if transfer.others:
        names = ", ".join(path.name for path in transfer.others)
        raise Refused(f"{where}: {names}: no known dataset format; take it out or deliver it as .xpt, .json or .csv.")
    by_name: dict[str, list[str]] = {}
    for path in transfer.files:
        by_name.setdefault(path.name.split(".")[0].upper(), []).append(path.name)
    for domain in REQUIRED:
        if domain not in by_name:
            raise Refused(f"{where}: there is no {domain} dataset; it is required.")
    for names in by_name.values():
        if len(names) > 1:
            raise Refused(f"{where}: {' and '.join(names)} hold the same dataset; deliver one of them.")


def _refuse_other_studies(transfer: Transfer, file: str, parquet: Path) -> None:
    column = next((name for name in pl.read_parquet_schema(parquet) if name.upper() == "STUDYID"), None)
    if column is None:
        return
    others = pl.scan_parquet(parquet).filter(pl.col(column).cast(pl.String).str.strip_chars() != transfer.study)
    found = others.select(column, "_row").head(1).collect()
    if found.height:
        other, row = found.row(0)
        raise Refused(
            f"{transfer.study}, transfer {transfer.cut}: {file}, row {row}: STUDYID is {shown(other, LONGEST_NAME)}; "
            f"a transfer holds one study, and its folder and study.yaml are named as STUDYID is."
        )


def received(columns: Sequence[str]) -> Iterator[str]:
    """Of a raw Parquet's columns, those that were received, and _file and _row."""
    return (column for column in columns if not column.startswith("_") or column in ("_file", "_row"))


__all__ = ["Ingested", "RawCut", "ingest", "received", "sha256", "unchanged_ledger"]
