"""Who was there to be counted."""

from collections.abc import Iterator

import polars as pl

from pipelines.analyses.cells import Analysis, Cell, Place, Tables

METHOD = "Subjects in DM; treated subjects had at least one dose of study treatment"


def compute(tables: Tables) -> Iterator[Cell]:
    """Numbers of subjects in DM, treated and not treated."""
    adsl = tables["analysis.adsl"]
    treated = adsl.filter(pl.col("saffl") == "Y").height
    parts = {
        "in DM": (adsl.height, "true"),
        "treated": (treated, "saffl = 'Y'"),
        "not treated": (adsl.height - treated, "saffl = 'N'"),
    }
    for level, (n, condition) in parts.items():
        sql = f"select studyid, usubjid from adsl where {condition} order by all"
        place = Place(stratum="overall", variable="subjects", variable_level=level, method=METHOD, subjects_sql=sql)
        yield from place.numbers(n=n)


ANALYSIS = Analysis(name="population", reads=("analysis.adsl",), compute=compute)
