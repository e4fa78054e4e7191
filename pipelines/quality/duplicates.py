"""Rows that stand twice in a transfer, alike in every column: one is kept."""

import duckdb

from pipelines.warehouse import quoted


def quarantine_duplicates(db: duckdb.DuckDBPyConnection, domain: str, received: str) -> None:
    """Keep the first of rows that are alike in all columns, and put the others in quarantine.

    Args:
        db: The study's connection.
        domain: The dataset.
        received: A SELECT of its rows as received, with _file and _row.
    """
    columns = [name for name, *_ in db.execute(f"describe {received}").fetchall() if name not in ("_file", "_row")]
    if not columns:
        return
    suspects = _suspects(domain, columns, received)
    every = ", ".join(f'"{column}"' for column in columns)
    db.execute(
        f"""
        insert into quality.quarantine by name
        select _file as file, _row as row, {quoted(domain)} as domain, 'exact_duplicate' as rule,
            'all columns' as value, to_json(r) as record
        from ({suspects} qualify row_number() over (partition by {every} order by _file, _row) > 1) as r
        """
    )


def _suspects(domain: str, columns: list[str], received: str) -> str:
    """Rows that share subject and --SEQ: comparing few columns first spares comparing all of a long table."""
    by_name = {column.upper(): column for column in columns}
    keys = [by_name.get("USUBJID"), by_name.get(f"{domain}SEQ")]
    if None in keys:
        return f"select * from ({received})"
    chosen = ", ".join(f'"{key}"' for key in keys)
    shared = f"select {chosen} from ({received}) group by all having count(*) > 1"
    return f"select r.* from ({received}) as r semi join ({shared}) using ({chosen})"
