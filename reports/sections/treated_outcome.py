"""Tables of T3 on treatment and the course: how soon tocilizumab was given, and how CRS ended by treatment given."""

from collections.abc import Iterator, Mapping
from functools import partial

from reports.material import Material
from reports.phrases import estimate, subjects
from reports.places import Place, places
from reports.results import OVERALL, Cells, Results
from reports.section import Block, Fold, Sentence
from reports.sections.lasting import OUTCOMES, By
from reports.sections.treated import TREATMENTS
from reports.tables import Column, Group, Table, of_results, table
from reports.titles import numbered, titled

SUFFIX = "_in_episode"
BOTH = "tocilizumab_and_corticosteroids"
NAMES = {**TREATMENTS, BOTH: "Tocilizumab and corticosteroids"}
PARAMETER = "TTTOCI"
LANDMARKS = (1, 2, 3, 7)
SOON = "How soon tocilizumab was given"
NOT_CAUSAL = (
    "Outcomes by treatment: the treatment was given because of how ill a subject was, so they do not tell what it did."
)


def tocilizumab(results: Results, groups: Mapping[str, tuple[Group[By], ...]]) -> tuple[Fold, ...]:
    """How soon tocilizumab was given in the worst episode, folded; none where the ARD has no such analysis.

    Args:
        results: Where the numbers stand.
        groups: Rows by what they are, such as highest grade.
    """
    if not results.levels("tocilizumab", PARAMETER, by="any"):
        return ()
    return (Fold(title=SOON, blocks=tuple(_soon(results, by, rows) for by, rows in groups.items())),)


def _soon(results: Results, by: str, rows: tuple[Group[By], ...]) -> Table:
    def of(level: str, row: By) -> Cells:
        return results.at("tocilizumab", PARAMETER, level, row.stratum, row.grade)

    counts = {"n_subjects": "With CRS", "n_events": "Given", "n_competing": "Ended without", "n_censored": "Censored"}
    incidence = partial(estimate, name="cif", style="percent")
    columns = [
        *(of_results(label, partial(of, "all"), f"{{{name}:count}}") for name, label in counts.items()),
        *(of_results(f"By day {day}", partial(of, f"day {day}"), incidence, "% (95 % CI)") for day in LANDMARKS),
    ]
    return table(titled("tocilizumab", by=by.lower()), by, rows, columns)


def outcome_by_treatment(material: Material) -> tuple[Block, ...]:
    """Outcomes by treatment given in the episode, folded; none where the ARD has no such split.

    Args:
        material: Where the numbers stand.
    """
    found = places(material.ard, "outcome")
    rows = tuple(_groups(found))
    if not rows:
        return ()
    columns = tuple(_columns(found))
    caution = Sentence(said=(NOT_CAUSAL,), is_caution=True)
    whole = table(titled("treated-outcome"), "Treatment", rows, columns)
    return (Fold(title=numbered("treated-outcome")[1], blocks=(caution, whole)),)


def _groups(found: Mapping[Place, Cells]) -> Iterator[Group[tuple[str, str]]]:
    splits = dict.fromkeys(
        (place.by_variable, place.by_level or "") for place in found if (place.by_variable or "").endswith(SUFFIX)
    )
    for by in dict.fromkeys(variable for variable, _ in splits if variable):
        levels = [level for variable, level in splits if variable == by]
        name = by.removesuffix(SUFFIX)
        yield Group(label=NAMES[name], rows=tuple((level.capitalize(), (by, level)) for level in levels))


def _columns(found: Mapping[Place, Cells]) -> Iterator[Column[tuple[str, str]]]:
    def of(outcome: str, row: tuple[str, str]) -> Cells:
        by, level = row
        return found[Place(stratum=OVERALL, variable="outcome", level=outcome, by_variable=by, by_level=level)]

    yield of_results("With CRS", partial(of, "resolved"), "{N:count}")
    for outcome, label in OUTCOMES.items():
        yield of_results(label, partial(of, outcome), subjects, "n (%)")


def methods_of_treatment(results: Results, material: Material) -> tuple[Cells, ...]:
    """Results that name the estimators of these tables.

    Args:
        results: Where the numbers stand.
        material: Likewise.
    """
    split = [cells for at, cells in places(material.ard, "outcome").items() if (at.by_variable or "").endswith(SUFFIX)]
    return (results.levels("tocilizumab", PARAMETER, by="any").get("day 7", {}), *split[:1])
