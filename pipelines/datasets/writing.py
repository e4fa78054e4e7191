"""The datasets of a release, each as Parquet, Dataset-JSON 1.1 and XPT version 5, and define.xml beside them."""

from datetime import datetime, time
from pathlib import Path
from typing import Any

import duckdb

from pipelines.datasets.codelists import read_codelists
from pipelines.datasets.content import Content, read_contents
from pipelines.datasets.define import NAME, Study, write_define
from pipelines.datasets.long_text import carried_on
from pipelines.datasets.sas_dates import with_sas_dates
from pipelines.formats import write_dataset
from pipelines.warehouse import quoted, rows


def write_datasets(db: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write the released datasets and their define.xml; the same bytes for the same tables.

    Parquet has the columns of the tables; the other files have ADaM's names of at most 8 characters.

    Args:
        db: The study's warehouse.
        folder: Where to.

    Raises:
        FormatError: If a value does not fit a transport file.
        Refused: If a column has no ADaM name.
    """
    study = _study(db)
    contents = [carried_on(with_sas_dates(content), folder / _file(content, "xpt")) for content in read_contents(db)]
    for content in contents:
        _write_parquet(db, content, folder)
        for ending in ("xpt", "json"):
            _write(content, folder / _file(content, ending), study)
    write_define(folder / NAME, study, contents, read_codelists(db, contents))


def _study(db: duckdb.DuckDBPyConnection) -> Study:
    names, titles, cut = rows(
        db,
        """
        select
            string_agg(studyid, ' and ' order by position, studyid),
            string_agg(coalesce(title, studyid), '; ' order by position, studyid),
            max(cut)
        from study.studies
        """,
    )[0]
    return Study(name=names, title=titles, cut=datetime.combine(datetime.fromisoformat(cut), time(23, 59, 59)))


def _write_parquet(db: duckdb.DuckDBPyConnection, content: Content, folder: Path) -> None:
    table, path = content.name.lower(), quoted(str(folder / _file(content, "parquet")))
    db.execute(f"copy (select * from analysis.{table} order by all) to {path} (format parquet, compression zstd)")


def _write(content: Content, path: Path, study: Study) -> None:
    about: dict[str, Any] = {
        "originator": "crsight",
        "studyOID": study.oid,
        "metaDataVersionOID": study.metadata_oid,
        "metaDataRef": NAME,
    }
    write_dataset(
        content.rows,
        path,
        name=content.name,
        label=content.label,
        labels={variable.name: variable.label for variable in content.variables},
        formats=content.formats,
        keys=content.keys,
        about=about,
        created=study.cut,
    )


def _file(content: Content, ending: str) -> str:
    return f"{content.name.lower()}.{ending}"
