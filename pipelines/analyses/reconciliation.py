"""How many subjects have each finding where reported and derived CRS differ."""

from collections.abc import Iterator

from pipelines.analyses.cells import Analysis, Cell, Place, Tables
from pipelines.analyses.whose import quoted

METHODS = {
    "all": "Treated subjects with the finding, each once for each pair of gradings",
    "explained": "Treated subjects with the finding for whom one grade is compatible with the records of both gradings",
}
EXPLAINED = "within what the records allow"


def compute(tables: Tables) -> Iterator[Cell]:
    """Numbers of subjects by pair of gradings and finding, those without any included."""
    counted = tables["analysis.finding_counts"].select("pair", "finding", "n", "n_explained").iter_rows()
    found = {(pair, finding): (n, explained) for pair, finding, n, explained in counted}
    pairs = tables["analysis.pair_counts"].sort("position", "pair")["pair"].unique(maintain_order=True)
    findings = tables["reference.discordance_kinds"].sort("kind")["finding"].unique(maintain_order=True)
    for pair in (pair for pair in pairs if pair.startswith("reported ")):
        for finding in findings:
            n, explained = found.get((pair, finding), (0, 0))
            yield from _place(pair, finding).numbers(n=n)
            yield from _place(pair, finding, is_explained=True).numbers(n=explained)


def _place(pair: str, finding: str, *, is_explained: bool = False) -> Place:
    return Place(
        stratum="overall",
        by_variable=EXPLAINED if is_explained else None,
        by_level="yes" if is_explained else None,
        variable=pair,
        variable_level=finding,
        method=METHODS["explained" if is_explained else "all"],
        subjects_sql=(
            "select d.studyid, d.usubjid from discordances as d join grade_pairs as p using (studyid, usubjid) "
            "where p.first_source = 'reported' and p.first_scale = d.reported_scale and p.second_scale = d.scale "
            f"and p.pair = {quoted(pair)} and d.finding = {quoted(finding)}"
            f"{' and d.is_explained_by_uncertainty' if is_explained else ''} order by all"
        ),
    )


ANALYSIS = Analysis(
    name="reconciliation",
    reads=("analysis.finding_counts", "analysis.pair_counts", "reference.discordance_kinds"),
    compute=compute,
)
