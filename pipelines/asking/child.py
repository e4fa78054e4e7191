"""The child process: limits itself, opens the release, and answers what comes on its standard input.

Run as ``python -m pipelines.asking.child DATABASE LIMITS``. Its first line says that it is ready. A question is a line
of JSON (``query``, ``format``); an answer is a line of JSON (``size``, ``rows``, ``cut``, or ``refused`` and whether
the process is ``spent``) and then ``size`` bytes.
"""

import json
import os
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from threading import Timer
from typing import BinaryIO

import duckdb
import polars as pl
import pyarrow as pa

from pipelines.asking.locked import open_release, refuse_all_but_one_select
from pipelines.asking.writing import write
from pipelines.errors import WrongUsage

MB = 1024 * 1024
_BATCH = 10_000
# Errors of the question alone. After any other, nobody knows what state the process is in: it answers no more.
_HARMLESS = (
    WrongUsage,
    duckdb.ParserException,
    duckdb.BinderException,
    duckdb.CatalogException,
    duckdb.PermissionException,
)
_FAILURES = (duckdb.Error, MemoryError, WrongUsage, pl.exceptions.PolarsError, pl.exceptions.PanicException)


def main(database: str, limits: str) -> None:
    """Answer until there are no more questions."""
    told = json.loads(limits)
    answers = _answers_alone()
    with open_release(Path(database), f"{told['memory_mb'] // 2}MiB") as db:
        # What is loaded with the first answer is held neither against the time of the first question nor its memory.
        _answer(db, {"query": "select 1 as one", "format": "csv"}, told["seconds"], told["rows"])
        _confine(told["memory_mb"])
        answers.write(b"ready\n")
        answers.flush()
        for line in sys.stdin.buffer:
            head, body = _answer(db, json.loads(line), told["seconds"], told["rows"])
            answers.write(f"{json.dumps({**head, 'size': len(body)})}\n".encode() + body)
            answers.flush()


def _answers_alone() -> BinaryIO:
    """What was standard output, for answers only: a word that a library prints must not get among them."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return answers


def _confine(memory_mb: int) -> None:
    """No more address space than the idle process has and this; no file written, and no core when it ends.

    DuckDB's own limit does not hold for every function, so the system's does.
    """
    pages = int(Path("/proc/self/statm").read_text().split()[0]) if Path("/proc/self/statm").exists() else 0
    most = pages * resource.getpagesize() + memory_mb * MB
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    for nothing in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        resource.setrlimit(nothing, (0, 0))


def _answer(db: duckdb.DuckDBPyConnection, asked: dict, seconds: float, rows: int) -> tuple[dict, bytes]:
    try:
        refuse_all_but_one_select(db, asked["query"])
        with _interrupted_after(db, seconds):
            found = _found(db, asked["query"], rows + 1)
            body = BytesIO()
            write(found.head(rows), asked["format"], body)
        return {"rows": min(found.height, rows), "cut": found.height > rows}, body.getvalue()
    except _FAILURES as error:
        return {"refused": _told(error, seconds), "spent": not isinstance(error, _HARMLESS)}, b""


def _told(error: BaseException, seconds: float) -> str:
    if isinstance(error, duckdb.InterruptException):
        return f"the question was stopped after {seconds:g} seconds; ask for less."
    if isinstance(error, duckdb.OutOfMemoryException | MemoryError):
        return "the question needs more memory than it may have; ask for less."
    return str(error)


@contextmanager
def _interrupted_after(db: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    timer = Timer(seconds, db.interrupt)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _found(db: duckdb.DuckDBPyConnection, query: str, most: int) -> pl.DataFrame:
    """The first rows of the answer; what comes after is never made."""
    reader: pa.RecordBatchReader = db.execute(query).to_arrow_reader(_BATCH)  # pyright: ignore[reportAssignmentType]
    batches: list[pa.RecordBatch] = []
    for batch in reader:
        batches.append(batch)
        if sum(part.num_rows for part in batches) >= most:
            break
    table = pa.Table.from_batches(batches, schema=reader.schema)
    return pl.DataFrame(table).head(most)


if __name__ == "__main__":
    main(*sys.argv[1:])
