"""Any file to a dataset, once its looks agree with its name."""

from collections.abc import Callable
from pathlib import Path

from pipelines.formats.apart import open_apart
from pipelines.formats.csv import open_csv
from pipelines.formats.dataset import Dataset, FormatError
from pipelines.formats.dataset_json import open_json, open_ndjson
from pipelines.formats.names import refuse_names, split_name
from pipelines.formats.parquet import open_parquet
from pipelines.formats.sniff import looks_like
from pipelines.formats.xpt import open_xpt

_HEAD_BYTES = 4096
_OPEN: dict[str, Callable[[Path, str], Dataset]] = {
    ".xpt": open_xpt,
    ".sas7bdat": open_apart,
    ".json": open_json,
    ".ndjson": open_ndjson,
    ".dsjc": open_ndjson,
    ".csv": open_csv,
    ".csv.gz": open_csv,
    ".parquet": open_parquet,
}


def open_dataset(path: Path) -> Dataset:
    """What a file says of itself; its rows are read when its ``chunks`` are asked for.

    Args:
        path: A file whose name ends in one of ``EXTENSIONS``.

    Returns:
        The dataset. CSV is read through once here, for only its values tell its types; of the other
        formats no more than headers is read.

    Raises:
        FormatError: If the file is missing, empty, cut short, not what its name says, or names two columns
            alike. Dataset-JSON and damaged Parquet may also be refused by ``chunks``, later.
    """
    domain, extension = split_name(path)
    _refuse_looks(path, extension)
    dataset = _OPEN[extension](path, domain)
    refuse_names(path, [variable.name for variable in dataset.variables])
    return dataset


def _refuse_looks(path: Path, extension: str) -> None:
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError as error:
        raise FormatError(path, "file", f"cannot be opened ({error.strerror}); check its name and rights.") from error
    if not head:
        raise FormatError(path, "byte 0", "the file is empty; ask for it again.")
    what, extensions = looks_like(head)
    if extension not in extensions:
        raise FormatError(path, "byte 0", f"looks like {what}, not {extension}; rename it or ask for it again.")
