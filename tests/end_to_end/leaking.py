"""Words that tell treatments, sites or subjects, looked for in the bytes of the open report."""

import re
from pathlib import Path

import duckdb

from tests.end_to_end.conftest import Line

# Everything by which a treatment, a site or a subject is called in the data or in study.yaml.
TELLING = """
    select usubjid as word from adsl union select subjid from adsl union select siteid from adsl
    union select arm from adsl union select actarm from adsl union select therapy from adsl
    union select dose_level from adsl union select raw.extrt from raw_ex as raw
    union select format('{} {}', dose, dose_unit) from adsl where dose is not null
    union select value from settings where key = 'title' or key like 'therapy.%' or (key like 'dose.%' and key <> 'dose.by')
"""


def leaks(line: Line, study: str) -> list[str]:
    """The telling words that the open release of the study has: its report, its manifest, and every table of its database.

    A word without a letter, such as a site called 001, may be a count; that no number tells an arm is held by a test
    that gives the same subjects other arms and compares bytes.
    """
    folder = line.home / "open" / study / "current"
    page = "\n".join((folder / name).read_text(encoding="utf-8") for name in ("report-open.html", "manifest.json"))
    page += _tables(folder / "crs.duckdb")
    told = [word for (word,) in line.ask(study, TELLING).rows() if word and word != "Missing"]
    words = [word for word in told if re.search(r"[^\W\d_]{2}", word)]
    assert len(words) > 20
    return [word for word in words if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", page, re.IGNORECASE)]


def _tables(path: Path) -> str:
    with duckdb.connect(path, read_only=True) as db:
        names = [name for (name,) in db.execute("select table_name from duckdb_tables()").fetchall()]
        comments = db.execute("select comment from duckdb_tables() union all select comment from duckdb_columns()")
        told = [*comments.fetchall(), *(row for name in names for row in db.execute(f"from {name}").fetchall())]
    return "\n".join(str(value) for row in told for value in row)
