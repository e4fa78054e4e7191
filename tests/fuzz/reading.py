"""Damaged files, read as a transfer's: every row must be told, written and seen in SQL."""

import json
from functools import partial
from pathlib import Path
from random import Random

import duckdb
import polars as pl
import pyarrow.parquet as pq

from pipelines.errors import Refused
from pipelines.formats import EXTENSIONS, FormatError, open_dataset
from pipelines.ingest import ingest
from pipelines.raw_layer import as_received
from pipelines.studies import transfers
from tests.fuzz.mutations import damaged
from tests.fuzz.outcomes import LONGEST_SENTENCE, Outcome, outcome_of
from tests.fuzz.seeds import STUDY, seeds

CUT = "2026-01-31"
_REQUIRED = dict.fromkeys(("dm.csv", "ex.csv"), f"STUDYID,USUBJID\n{STUDY},{STUDY}-1\n")


def file_of(seed: int, extension: str, number: int) -> tuple[str, bytes]:
    """The name and the bytes of one damaged file; one in fifty has another format's name."""
    chance = Random(f"{seed} {extension} {number}")
    raw = damaged(chance, seeds()[extension], extension)
    named = chance.choice(EXTENSIONS) if chance.random() < 0.02 else extension
    return f"ae{named}", raw


def attempt(seed: int, extension: str, number: int) -> Outcome:
    """What becomes of one damaged file of a format."""
    return try_file(*file_of(seed, extension, number))


def try_file(name: str, raw: bytes) -> Outcome:
    """What becomes of a transfer that holds a file of this name and these bytes."""
    return outcome_of(partial(_ingested, name, raw), (FormatError, Refused), partial(_is_a_sentence, name))


def _is_a_sentence(name: str, said: str) -> bool:
    return name in said and "\n" not in said and len(said) < LONGEST_SENTENCE and said.endswith(".")


def _ingested(name: str, raw: bytes, folder: Path) -> str:
    """What is not accounted for of the file's rows, or "", once its transfer is in the raw layer."""
    delivered = folder / "studies" / STUDY / "transfers" / CUT
    delivered.mkdir(parents=True)
    for other, text in _REQUIRED.items():
        (delivered / other).write_text(text)
    (delivered / name).write_bytes(raw)
    (delivered / "_COMPLETE").touch()
    [transfer] = transfers(folder / "studies", STUDY)
    cut = ingest(transfer, folder / "home")
    file = next(file for file in cut.files if file.file == name)
    with duckdb.connect() as db:
        sql = as_received([cut])[file.domain]
        [(seen,)] = db.execute(f"select count(*) from (from ({sql}) where _file = ?)", [name]).fetchall()
    return _unaccounted(delivered / name, {"told": file.rows, "in SQL": seen}, cut.folder / "ae.parquet")


def _unaccounted(path: Path, told: dict[str, int], parquet: Path) -> str:
    """Which rows are not accounted for, or "": told, written and found in the file must be the same."""
    written = pl.read_parquet(parquet)
    again = pl.concat(open_dataset(path).chunks(3))
    counts = {**told, "written": written.height, "read by threes": again.height, **_counted(path)}
    if len(set(counts.values())) > 1:
        return f"rows are not accounted for: {counts}"
    if written["_row"].to_list() != list(range(1, written.height + 1)):
        return "rows are not numbered from 1 up"
    return "" if again.equals(written.select(again.columns)) else "rows differ when read three at a time"


def _counted(path: Path) -> dict[str, int]:
    """The rows as a reader of another kind counts them, where there is one."""
    if path.suffix == ".parquet":
        return {"footer": pq.read_metadata(path).num_rows}
    if path.suffix == ".json":
        return {"json": len(json.loads(path.read_bytes().decode("utf-8-sig", "replace")).get("rows", []))}
    return {}
