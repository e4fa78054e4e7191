"""Rows that a transfer holds twice, alike in every column."""

import duckdb

from pipelines.quality.received import columns_of_received
from pipelines.quality.rules import ACTIONS, DomainRule


def duplicate_rule(domain: str) -> DomainRule:
    """The rule that no row is there twice; it reads datasets as received, known to models or not."""
    return DomainRule(
        rule="exact_duplicate",
        domain=domain,
        table=f"raw.{domain.lower()}",
        expectation="rows_to_be_unique",
        severity=ACTIONS["quarantine"],
        message="The row is a copy of another, which is kept",
    )


def keep_duplicates(db: duckdb.DuckDBPyConnection, domain: str, received: str) -> None:
    """The rows alike in all columns, without the first of each, in the temporary table broken_rows.

    Args:
        db: The study's connection.
        domain: The dataset.
        received: A SELECT of its rows as received, with _file and _row.
    """
    columns = columns_of_received(db, received)
    # Files of one domain may repeat each other's rows; pooled studies, named before the slash, do not.
    study = "case when _file like '%/%' then split_part(_file, '/', 1) end"
    alike = ", ".join([study, *(f'"{column}"' for column in columns)])
    db.execute(
        f"""
        create or replace temp table broken_rows as
        select _file, _row, 'all columns' as value
        from ({_suspects(domain, columns, received)})
        qualify row_number() over (partition by {alike} order by _file, _row) > 1
        """
    )


def _suspects(domain: str, columns: list[str], received: str) -> str:
    """Rows that share subject and --SEQ: comparing few columns first spares comparing all of a long table."""
    by_name = {column.upper(): f'"{column}"' for column in columns}
    keys = [by_name[name] for name in ("USUBJID", f"{domain}SEQ") if name in by_name]
    if not keys:
        return received
    # Grouping hashes takes half the time of grouping the keys; two keys of one hash only make one suspect more.
    shared = f"select hash({', '.join(keys)}) as h from ({received}) group by all having count(*) > 1"
    return f"select r.* from ({received}) as r semi join ({shared}) as s on hash({', '.join(keys)}) = s.h"
