"""What a report may read, fetched from a study's warehouse."""

from functools import partial

import duckdb

from pipelines.behind import behind
from pipelines.blinding import open_results
from pipelines.cases import cases
from pipelines.listings import lengths, listings
from pipelines.release import IS_RELEASED, code_version
from pipelines.stamp import read_stamp
from pipelines.warehouse import frame, rows
from reports.material import Material

QUERIES = {
    "settings": "select studyid, key, value from study.settings order by all",
    "ingested": "select file, domain, format, rows_in, rows_kept, rows_quarantined, notes "
    "from quality.ingested order by all",
    "quarantine": "select domain, rule, count(*) as rows from quality.quarantine group by all order by all",
    "findings": "select table_name, rule, severity, passed, failing from quality.findings order by all",
    "queries": "select rule, message, count(*) as n from analysis.queries group by all order by all",
    # Of several assays, the lowest and the highest limit.
    "assay_limits": "select marker, censored as side, min(value) as lowest, max(value) as highest "
    "from analysis.biomarker_values where censored is not null group by all order by all",
    "biomarkers": "select distinct testcd, unit from reference.biomarkers order by all",
    "compared": "select release, cut, code_version, left_out from analysis.compared",
    # A record that changed in one way and was followed longer in another has changed.
    "changes": """
        with records as (
            select what, record, max(if(kind = 'followed', null, kind)) as kind from analysis.changes group by all
        )
        select what, coalesce(kind, 'followed') as kind, count(*) as n from records group by all order by all
    """,
    "levels": 'select variable as "group", level, position from analysis.stratum_levels order by all',
    "dictionary": f"""
        select
            t.table_name as "table", t.comment as about,
            column_name as "column", data_type as type, c.comment as meaning
        from duckdb_tables() as t
        join duckdb_columns() as c using (database_name, schema_name, table_name)
        where {IS_RELEASED}
        order by table_name, column_index
    """,
}
# Of the open report: counts of rows, and nothing that names a file, a rule's table or a study.
OPEN_QUERIES = {
    "ingested": "select sum(rows_in)::bigint as rows_in, sum(rows_kept)::bigint as rows_kept, "
    "sum(rows_quarantined)::bigint as rows_quarantined from quality.ingested",
    "findings": "select passed from quality.findings order by all",
    "queries": "select count(*) as n from analysis.queries",
    "open": "select max(minimum_cell) as minimum_cell from study.parameters",
    "levels": """select '' as "group", '' as level, 0 as position where false""",
}


def material(db: duckdb.DuckDBPyConnection, study: str) -> Material:
    """The analysis results and the few tables that reports are drawn from.

    Args:
        db: The study's warehouse, built up to analysis.ard.
        study: Its name.
    """
    titles = rows(db, "select title from study.studies order by position")
    [(cut,)] = rows(db, "select max(cut) from study.studies")
    ard, stamp = frame(db, "select * from analysis.ard order by position"), read_stamp(db)
    return Material(
        ard=ard,
        tables={"listed": lengths(db), **{name: frame(db, query) for name, query in QUERIES.items()}},
        listings=listings(db),
        cases=cases(db),
        behind=partial(behind, db, ard),
        study=study,
        title="; ".join(title for (title,) in titles),
        cut=cut,
        version=code_version(),
        run_id=stamp.run_id,
        made_at=stamp.at,
    )


def open_material(db: duckdb.DuckDBPyConnection, study: str) -> Material:
    """What those who must stay blinded may be told; nothing else is there to be printed by mistake.

    Args:
        db: The study's warehouse, built up to analysis.ard.
        study: Its name.
    """
    [(cut, minimum)] = rows(
        db, "select max(s.cut), max(p.minimum_cell) from study.studies as s join study.parameters as p using (studyid)"
    )
    stamp = read_stamp(db)
    return Material(
        ard=open_results(frame(db, "select * from analysis.ard order by position"), minimum),
        tables={name: frame(db, query) for name, query in OPEN_QUERIES.items()},
        listings={},
        cases={},
        behind=lambda _: {},
        study=study,
        title="",
        cut=cut,
        version=code_version(),
        run_id=stamp.run_id,
        made_at=stamp.at,
    )
