"""Symptoms and organ dysfunction recorded during CRS, by its highest grade."""

from collections.abc import Iterator

import polars as pl

from pipelines.analyses.cells import Analysis, Cell, Place, Tables
from pipelines.analyses.grades import LEVELS, SPLITS, chosen
from pipelines.analyses.times import each_stratum
from pipelines.analyses.whose import quoted, whose

METHOD = (
    "Subjects with the symptom recorded in AE, CE or FA during an episode of CRS (terms of reference.crs_symptoms); "
    "denominator subjects with CRS of that highest grade; Clopper-Pearson exact 95 % confidence interval"
)
ALSO = "join crs_symptoms as c using (studyid, usubjid, part) "


def compute(tables: Tables) -> Iterator[Cell]:
    """Numbers and proportions of each symptom in each single stratum and grade."""
    listed = tables["reference.crs_symptoms"].sort("position", "symptom")
    symptoms = listed.unique("symptom", maintain_order=True).select("organ", "symptom").rows()
    single = tables["analysis.strata"].filter(pl.col("group2").is_null())
    sizes = {str(key[0]): rows for key, rows in tables["analysis.grade_counts"].group_by("stratum")}
    for stratum, rows in each_stratum(single, tables["analysis.symptom_counts"]):
        for level in SPLITS:
            among = int(sizes[stratum].filter((pl.col("n") > 0) & chosen(level))["n"].sum())
            found = dict(rows.filter(chosen(level)).group_by("symptom").agg(pl.col("n").sum()).iter_rows())
            for organ, symptom in symptoms:
                yield from _place(stratum, level, organ, symptom).share(found.get(symptom, 0), among)


def _place(stratum: str, level: str, organ: str, symptom: str) -> Place:
    with_crs = f"{LEVELS[level]} and r.episodes > 0"
    return Place(
        stratum=stratum,
        by_variable="max_grade",
        by_level=level,
        variable=organ,
        variable_level=symptom,
        method=METHOD,
        subjects_sql=whose(stratum, f"{with_crs} and c.symptom = {quoted(symptom)}", ALSO),
        among_sql=whose(stratum, with_crs),
    )


ANALYSIS = Analysis(
    name="symptoms",
    reads=(
        "analysis.strata",
        "analysis.grade_counts",
        "analysis.symptom_counts",
        "reference.crs_symptoms",
    ),
    compute=compute,
)
