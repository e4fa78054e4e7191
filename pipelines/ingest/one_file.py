"""One file of a transfer to one Parquet of the raw layer."""

from collections.abc import Callable
from pathlib import Path

import polars as pl

from pipelines.formats import open_dataset
from pipelines.ingest.cut import Ingested
from pipelines.ingest.raw_parquet import write_raw

# So that a long file is seen to move, and a short one is one line.
_TOLD_EVERY = 10_000_000


def read_file(path: Path, digest: Callable[[], str], folder: Path, progress: Callable[[str], None]) -> Ingested:
    """What the file was, once its Parquet lies in the folder.

    Args:
        path: A file of a transfer.
        digest: Gives its SHA-256.
        folder: Of the raw layer.
        progress: Told the file's name, and of a long one how many rows are done.

    Raises:
        FormatError: If the file cannot be read whole.
    """
    progress(path.name)
    dataset = open_dataset(path)
    target = folder / f"{dataset.name.lower()}.parquet"
    rows = write_raw(dataset, target, _told(path, progress))
    return Ingested(
        file=path.name,
        dataset=dataset.name,
        domain=_domain(dataset.name, target),
        sha256=digest(),
        format=dataset.format,
        rows=rows,
        notes=tuple(dataset.notes),
    )


def _told(path: Path, progress: Callable[[str], None]) -> Callable[[int], None]:
    told = 0

    def wrote(rows: int) -> None:
        nonlocal told
        if rows // _TOLD_EVERY > told:
            told = rows // _TOLD_EVERY
            progress(f"{path.name}: {rows:,} rows")

    return wrote


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
        .collect(engine="streaming")
        .to_series()
    )
    is_part = len(told) == 1 and dataset.startswith(f"{prefix}{told[0]}")
    return f"{prefix}{told[0]}" if is_part else dataset
