"""What a report may read, fetched from a study's warehouse."""

from datetime import datetime
from functools import partial

import duckdb

from pipelines.cases import cases
from pipelines.listings import behind, listings
from pipelines.release import code_version
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
    "levels": 'select variable as "group", level, position from analysis.stratum_levels order by all',
}


def material(db: duckdb.DuckDBPyConnection, study: str, run_id: str, made_at: datetime) -> Material:
    """The analysis results and the few tables that reports are drawn from.

    Args:
        db: The study's warehouse, built up to analysis.ard.
        study: Its name.
        run_id: The run that draws the report.
        made_at: When, UTC.
    """
    titles = rows(db, "select title from study.studies order by position")
    [(cut,)] = rows(db, "select max(cut) from study.studies")
    ard = frame(db, "select * from analysis.ard order by position")
    return Material(
        ard=ard,
        tables={name: frame(db, query) for name, query in QUERIES.items()},
        listings=listings(db),
        cases=cases(db),
        behind=partial(behind, db, ard),
        study=study,
        title="; ".join(title for (title,) in titles),
        cut=cut,
        version=code_version(),
        run_id=run_id,
        made_at=made_at,
    )
