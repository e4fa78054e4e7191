"""A simulated trial, from its seed to a complete transfer with the truth beside it."""

import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipelines.simulate.block import make_block
from pipelines.simulate.presets import PRESETS
from pipelines.simulate.writing import TransferWriter, convert, write_protocol

FORMATS = ("parquet", "xpt", "json", "ndjson", "dsjc", "csv", "csv.gz")
_SUBJECTS_A_BLOCK = 5_000
_STUDYID = re.compile(r"[A-Z0-9][A-Z0-9-]{0,19}", re.IGNORECASE)
_STUDYID_RULE = "cannot name a folder and a study; use up to 20 letters, digits and hyphens."


class SimulationError(Exception):
    """A trial cannot be simulated as asked."""


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What to simulate.

    Args:
        therapy: Preset: ``car-t``, ``bispecific`` or ``antibody``.
        subjects: Subjects screened, 1 or more.
        seed: Seed, 0 or more; the same seed gives the same bytes.
        study: STUDYID; by default the preset's.
        formats: File formats, among ``FORMATS``; of several, the datasets take each in turn.
        cut: Data cut, YYYY-MM-DD.
    """

    therapy: str
    subjects: int
    seed: int
    study: str = ""
    formats: tuple[str, ...] = ("parquet",)
    cut: str = "2026-06-30"

    def __post_init__(self) -> None:
        """Refuse what cannot be simulated."""
        for problem in _problems(self):
            raise SimulationError(problem)

    @property
    def studyid(self) -> str:
        """STUDYID of the trial."""
        return self.study or PRESETS[self.therapy].study


def simulate(trial: Trial, out: Path, progress: Callable[[int], None] | None = None) -> None:
    """A study folder under ``out``: ``study.yaml``, one complete transfer, and the truth as Parquet.

    Args:
        trial: What to simulate.
        out: Folder of study folders.
        progress: Called with the number of subjects done, after each block.

    Raises:
        SimulationError: If that transfer is there and complete: a transfer never changes.
    """
    folder = out / trial.studyid
    transfer = folder / "transfers" / trial.cut
    if (transfer / "_COMPLETE").exists():
        raise SimulationError(
            f"{transfer}: a complete transfer is there and never changes; choose another folder or cut."
        )
    transfer.mkdir(parents=True, exist_ok=True)
    with closing(TransferWriter(transfer, folder)) as writer:
        _write_blocks(trial, writer, progress or (lambda done: None))
    if trial.formats != ("parquet",):
        convert(transfer, trial.formats)
    write_protocol(folder, trial.studyid, PRESETS[trial.therapy])
    (transfer / "_COMPLETE").touch()


def _write_blocks(trial: Trial, writer: TransferWriter, progress: Callable[[int], None]) -> None:
    for first in range(0, trial.subjects, _SUBJECTS_A_BLOCK):
        count = min(_SUBJECTS_A_BLOCK, trial.subjects - first)
        writer.add(make_block(trial.studyid, PRESETS[trial.therapy], trial.seed, trial.cut, first, count))
        progress(first + count)


def _problems(trial: Trial) -> list[str]:
    known, formats = ", ".join(PRESETS), ", ".join(FORMATS)
    unknown = ", ".join(sorted(set(trial.formats) - set(FORMATS)) or ["none"])
    writable = bool(trial.formats) and set(trial.formats) <= set(FORMATS)
    checks = [
        (trial.therapy in PRESETS, f"therapy: {trial.therapy!r} is not known; choose one of {known}."),
        (trial.subjects >= 1, f"subjects: {trial.subjects} is too few; ask for 1 or more."),
        (trial.seed >= 0, f"seed: {trial.seed} is negative; give 0 or more."),
        (not trial.study or _STUDYID.fullmatch(trial.study), f"study: {trial.study!r} {_STUDYID_RULE}"),
        (writable, f"formats: {unknown} cannot be written; choose among {formats}."),
        (_is_date(trial.cut), f"cut: {trial.cut!r} is not a date; write it YYYY-MM-DD."),
    ]
    return [problem for holds, problem in checks if not holds]


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
