"""What a transfer is refused for as a whole, whatever its rows say."""

from pathlib import Path

import polars as pl

from pipelines.errors import Refused
from pipelines.ingest.cut import RawCut
from pipelines.sentences import shown
from pipelines.studies import Transfer

REQUIRED = ("DM", "EX")
# A longer name of a study is no name, and is not quoted whole.
LONGEST_NAME = 40


def refuse_incomplete(transfer: Transfer) -> None:
    """Nothing, when the transfer is complete, every file can be read, and it has what every study needs.

    Raises:
        Refused: Else, naming the files.
    """
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


def refuse_other_studies(cut: RawCut) -> None:
    """Nothing, when every row is of the study.

    Raises:
        Refused: Else, naming the first row of another.
    """
    for file in cut.files:
        _refuse_other(cut, file.file, cut.folder / file.parquet)


def _refuse_other(cut: RawCut, file: str, parquet: Path) -> None:
    column = next((name for name in pl.read_parquet_schema(parquet) if name.upper() == "STUDYID"), None)
    if column is None:
        return
    others = pl.scan_parquet(parquet).filter(pl.col(column).cast(pl.String).str.strip_chars() != cut.study)
    found = others.select(column, "_row").head(1).collect()
    if found.height:
        other, row = found.row(0)
        raise Refused(
            f"{cut.study}, transfer {cut.cut}: {file}, row {row}: STUDYID is {shown(other, LONGEST_NAME)}; "
            f"a transfer holds one study, and its folder and study.yaml are named as STUDYID is."
        )
