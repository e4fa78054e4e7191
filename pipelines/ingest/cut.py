"""What ingest gives: the raw layer of one transfer, and what each of its files was."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


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

    @property
    def parquet(self) -> str:
        """The name of its Parquet file."""
        return f"{self.dataset.lower()}.parquet"


@dataclass(frozen=True, kw_only=True)
class RawCut:
    """The raw layer of one study and cut."""

    study: str
    cut: str
    folder: Path
    files: tuple[Ingested, ...]

    def of_domain(self, domain: str) -> list[Path]:
        """The Parquet files that hold the domain; none when the transfer lacks it."""
        return [self.folder / f.parquet for f in self.files if f.domain == domain]


def ingested_of(entry: Mapping[str, Any]) -> Ingested:
    """The file as a ledger has it."""
    return Ingested(**{**entry, "notes": tuple(entry["notes"])})


def received(columns: Sequence[str]) -> Iterator[str]:
    """Of a raw Parquet's columns, those that were received, and _file and _row."""
    return (column for column in columns if not column.startswith("_") or column in ("_file", "_row"))
