"""The strata as the rows of tables and the panels of figures."""

from itertools import groupby

from reports.results import OVERALL, Results, Stratum
from reports.tables import Group

NAMES = {"study": "Study", "therapy": "Therapy", "dose": "Dose level", "tumour_burden": "Tumour burden"}
ALL = "All treated subjects"
MISSING = "Missing"


def singles(results: Results) -> tuple[Group[Stratum], ...]:
    """All subjects, then the levels of each variable alone."""
    one = [stratum for stratum in results.strata if len(stratum) == 1]
    return (
        Group(rows=((ALL, OVERALL),)),
        *(
            Group(label=NAMES[variable], rows=tuple((stratum[0][1], stratum) for stratum in strata))
            for variable, strata in groupby(one, key=lambda stratum: stratum[0][0])
        ),
    )


def crossed(results: Results) -> tuple[Group[Stratum], ...]:
    """The levels of all variables together, under the first of them; none where the study lacks a variable."""
    many = [stratum for stratum in results.strata if len(stratum) > 1]
    return tuple(
        Group(label=first, rows=tuple((" · ".join(level for _, level in stratum[1:]), stratum) for stratum in strata))
        for first, strata in groupby(many, key=lambda stratum: stratum[0][1])
    )


def levels_of(stratum: Stratum) -> str:
    """The levels of the stratum as a page names them, one a line; empty for all subjects.

    >>> levels_of((("therapy", "CAR-T"), ("dose", "DL1"))).splitlines()
    ['Therapy: CAR-T', 'Dose level: DL1']
    """
    return "\n".join(f"{NAMES[variable]}: {level}" for variable, level in stratum)


def name_of(stratum: Stratum) -> str:
    """The stratum in one line."""
    return levels_of(stratum).replace("\n", ", ") or ALL


def has_missing(results: Results) -> bool:
    """Whether any subject's level of any stratum is not recorded."""
    return any(level == MISSING for stratum in results.strata for _, level in stratum)
