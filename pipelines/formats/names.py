"""What a file is called: its extension its domain, and what its columns are called."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from pipelines.formats.dataset import FILE, ROW, FormatError

# What is added beside each date: the earliest and the latest second it may be, and its precision.
_OF_DATES = re.compile(r"_.*DTC_(first|last|precision)", re.IGNORECASE)
EXTENSIONS = (".xpt", ".sas7bdat", ".json", ".ndjson", ".dsjc", ".csv", ".csv.gz", ".parquet")


def split_name(path: Path) -> tuple[str, str]:
    """The domain, upper case, and the extension, lower case: ``Dm.XPT`` gives DM and ``.xpt``.

    Raises:
        FormatError: If the extension is none of ``EXTENSIONS``.
    """
    for extension in EXTENSIONS:
        domain = path.name[: -len(extension)]
        if path.name.lower().endswith(extension) and domain:
            return domain.upper(), extension
    problem = f"no dataset is called so; the name is a domain and one of {', '.join(EXTENSIONS)}."
    raise FormatError(path, "name", problem)


def refuse_names(path: Path, names: Sequence[str]) -> None:
    """Refuse columns that cannot stand beside each other in one table.

    Raises:
        FormatError: If two names are the same but for case, one holds a control character, or one is empty or a
            name of crsight's own.
    """
    # DuckDB does not tell AESEQ from aeseq, and two columns of one name would hide each other.
    twice = [name for name, count in Counter(name.upper().casefold() for name in names).items() if count > 1]
    if twice:
        raise FormatError(path, f"column {twice[0].upper()}", "there are two of this name, but for case; rename one.")
    for name in names:
        if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in name):
            problem = f"column {names.index(name) + 1} has a control character in its name; rename it."
            raise FormatError(path, "columns", problem)
        if not name or name.lower() in (FILE, ROW) or _OF_DATES.fullmatch(name):
            problem = f"column {names.index(name) + 1} is called {name!r}, which is kept for crsight; rename it."
            raise FormatError(path, "columns", problem)
