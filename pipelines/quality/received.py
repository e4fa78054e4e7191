"""Raw rows as they were received, for the quarantine."""

import duckdb

from pipelines.warehouse import quoted, rows


def columns_of_received(db: duckdb.DuckDBPyConnection, received: str) -> list[str]:
    """The columns of a SELECT of rows as received, without _file and _row."""
    return [name for name, *_ in rows(db, f"describe {received}") if name not in ("_file", "_row")]


def quarantine(db: duckdb.DuckDBPyConnection, domain: str, rule: str, received: str) -> None:
    """Put the rows that the temporary table broken_rows names into quality.quarantine, whole, as JSON."""
    whole = ", ".join(f'{quoted(name)}: r."{name}"' for name in columns_of_received(db, received))
    db.execute(
        f"""
        insert into quality.quarantine by name
        select b._file as file, b._row as row, ? as domain, ? as rule, b.value, to_json({{{whole}}}) as record
        from broken_rows as b
        join ({received}) as r on r._file = b._file and r._row = b._row
        """,
        [domain, rule],
    )
