"""What becomes of one damaged file: read with every row accounted for, refused in a sentence, or neither."""

import json
import shutil
import tempfile
import traceback
from dataclasses import dataclass
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
from tests.fuzz.seeds import seeds

READ, REFUSED, BROKEN = "read", "refused", "broken"
STUDY, CUT = "S1", "2026-01-31"
_REQUIRED = {"dm.csv": "STUDYID,USUBJID\nS1,S1-1\n", "ex.csv": "STUDYID,USUBJID\nS1,S1-1\n"}


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a file, and what was said of it."""

    kind: str
    said: str = ""


def file_of(seed: int, extension: str, number: int) -> tuple[str, bytes]:
    """The name and the bytes of one damaged file; one in fifty has another format's name."""
    chance = Random(f"{seed} {extension} {number}")
    raw = damaged(chance, seeds()[extension], extension)
    named = chance.choice(EXTENSIONS) if chance.random() < 0.02 else extension
    return f"ae{named}", raw


def attempt(seed: int, extension: str, number: int) -> Outcome:
    """What becomes of one damaged file of a format."""
    return outcome_of(*file_of(seed, extension, number))


def outcome_of(name: str, raw: bytes) -> Outcome:
    """What becomes of a transfer that holds a file of this name and these bytes."""
    folder = Path(tempfile.mkdtemp())
    try:
        return _tried(folder, name, raw)
    except (FormatError, Refused) as error:
        return _told(str(error), name)
    except BaseException as error:  # polars panics with what is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        return Outcome(kind=BROKEN, said="".join(traceback.format_exception(error)[-4:]))
    finally:
        shutil.rmtree(folder)


def _told(said: str, name: str) -> Outcome:
    is_a_sentence = name in said and "\n" not in said and len(said) < 600 and said.endswith(".")
    return Outcome(kind=REFUSED if is_a_sentence else BROKEN, said=said)


def _tried(folder: Path, name: str, raw: bytes) -> Outcome:
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
    wrong = _unaccounted(delivered / name, {"told": file.rows, "in SQL": seen}, cut.folder / "ae.parquet")
    return Outcome(kind=BROKEN if wrong else READ, said=wrong)


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
