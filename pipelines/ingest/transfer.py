"""The files of a transfer, read side by side into the raw layer."""

import math
import os
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from pathlib import Path
from threading import Lock

from pipelines.ingest.cut import Ingested, RawCut, ingested_of
from pipelines.ingest.digests import Digests, by_size
from pipelines.ingest.ledger import (
    folder_of,
    read_halfway,
    sha256,
    stands,
    unchanged_ledger,
    write_halfway,
    write_ledger,
)
from pipelines.ingest.one_file import read_file
from pipelines.ingest.refusals import refuse_incomplete, refuse_other_studies
from pipelines.one_at_a_time import alone
from pipelines.studies import Transfer

# More would wait for the same disk.
_AT_A_TIME = min(4, os.cpu_count() or 1)


def ingest(transfer: Transfer, home: Path, progress: Callable[[str], None] = lambda _: None) -> RawCut:
    """The raw layer of a transfer, written if it is not there yet.

    What a run that was stopped had read whole is not read again.

    Args:
        transfer: A complete transfer.
        home: The folder that holds ``raw/``.
        progress: Called with the name of each file before it is read, and of long files with the rows done.

    Raises:
        Refused: If DM or EX is missing, two files hold one dataset, or the transfer changed after or while it
            was ingested.
        FormatError: If a file cannot be read whole: of several, the first of those that were found.
    """
    refuse_incomplete(transfer)
    # A study's own run and that of POOLED may come upon the same new transfer at once.
    with alone(home / "locks" / "raw" / f"{transfer.study}.lock", math.inf), Digests(transfer) as digests:
        folder = folder_of(transfer, home)
        known = unchanged_ledger(transfer, home, digests.all)
        if known and stands(folder, known):
            return _raw_cut(transfer, folder, [ingested_of(entry) for entry in known["files"]])
        return _read(transfer, folder, digests, progress)


def _read(transfer: Transfer, folder: Path, digests: Digests, progress: Callable[[str], None]) -> RawCut:
    folder.mkdir(parents=True, exist_ok=True)
    shelf = _Shelf(folder)
    _side_by_side(transfer.files, lambda path: shelf.put(path, digests, progress))
    cut = _raw_cut(transfer, folder, [shelf.files[path.name] for path in transfer.files])
    refuse_other_studies(cut)
    digests.refuse_changed()
    write_ledger(folder, cut.files, shelf.written)
    return cut


def _raw_cut(transfer: Transfer, folder: Path, files: Sequence[Ingested]) -> RawCut:
    return RawCut(study=transfer.study, cut=transfer.cut, folder=folder, files=tuple(files))


def _side_by_side(files: Sequence[Path], work: Callable[[Path], None]) -> None:
    """Do the work for every file, the longest first; what was not begun when one fails is left."""
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        begun: dict[Path, Future[None]] = {path: pool.submit(work, path) for path in by_size(files)}
        wait(begun.values(), return_when=FIRST_EXCEPTION)
        pool.shutdown(cancel_futures=True)
    for path in files:
        if not begun[path].cancelled():
            begun[path].result()


class _Shelf:
    """The folder of the raw layer while it fills."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._lock = folder, Lock()
        self._before = read_halfway(folder)
        self.files: dict[str, Ingested] = {}
        self.written: dict[str, str] = {}

    def put(self, path: Path, digests: Digests, progress: Callable[[str], None]) -> None:
        """Read a file, unless it was read before, and note that it was."""
        kept = self._before.get(path.name)
        if kept and kept[0].sha256 == digests.of(path)():
            self._note(*kept)
        else:
            made = read_file(path, digests.of(path), self._folder, progress)
            self._note(made, sha256(self._folder / made.parquet))

    def _note(self, file: Ingested, written: str) -> None:
        with self._lock:
            self.files[file.file], self.written[file.parquet] = file, written
            write_halfway(self._folder, list(self.files.values()), self.written)
