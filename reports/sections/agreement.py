"""T8: reported and derived grades side by side, and how far they agree."""

from collections.abc import Iterator, Mapping
from functools import partial

from reports import notes
from reports.material import Material
from reports.phrases import Phrase, estimate, say, subjects
from reports.places import Place, places
from reports.results import OVERALL, Cells, MissingResult, Results, Stratum
from reports.section import Block, Drawn, Fold, Sentence, section
from reports.strata import singles
from reports.tables import Column, Group, Heading, Table, of_results, table
from reports.titles import titled

GRADES = {"0": "No CRS", **{str(g): f"Grade {g}" for g in range(1, 6)}, "missing": "Not known"}
AGREEMENTS = {"same grade": "Same grade", "within one grade": "Within one grade", "CRS or none": "CRS or none"}
NO_PAIRS = (
    "Reported and derived grades cannot be compared: the study has no reported grades or none that could be derived."
)
NO_FINDINGS = "Nothing differs between reported and derived CRS."
EXPLAINED = "within what the records allow"
READING = (
    "[explained]: of them, those for whom one grade is compatible with the records of both gradings.",
    "In a cross table the numbers on the diagonal agree.",
    (
        "A difference is a finding to look into, not an error: listing L4 has each subject, and crsight explain with "
        "the subject the records behind both grades."
    ),
)


class _Found:
    """The results of each pair of gradings."""

    def __init__(self, material: Material) -> None:
        self.all: Mapping[Place, Cells] = places(material.ard, "agreement")
        self.pairs = tuple(dict.fromkeys(place.variable for place in self.all))

    def at(self, pair: str, level: str, stratum: Stratum = OVERALL, first: str | None = None) -> Cells:
        """The statistics at one place; ``first`` is the first grade of a cross table."""
        by = "first_grade" if first else None
        place = Place(stratum=stratum, variable=pair, level=level, by_variable=by, by_level=first)
        if place not in self.all:
            raise MissingResult(f"ARD: no row for {place}, which T8 prints; let the analysis make it.")
        return self.all[place]


def draw(results: Results, material: Material) -> Drawn:
    """The agreement of every pair, cross tables, and the findings counted; or a sentence."""
    found = _Found(material)
    if not found.pairs:
        return Drawn(blocks=(Sentence(said=(NO_PAIRS,)),), notes=(notes.population(results),))
    first, *others = found.pairs
    blocks: tuple[Block, ...] = (_agreements(found), _cross_table(found, first), *_findings(material))
    if others:
        crossed = tuple(_cross_table(found, pair) for pair in others)
        blocks = (*blocks, Fold(title="Cross tables of the other pairs", blocks=crossed))
    by_stratum = Fold(title="Agreement by stratum", blocks=(_by_stratum(found, results, first),))
    return Drawn(blocks=(*blocks, by_stratum), notes=_notes(results, material, found))


def _agreements(found: _Found) -> Table:
    rows = Group(rows=tuple((pair, pair) for pair in found.pairs))
    columns = _columns(lambda level, pair: found.at(pair, level))
    return table(titled("agreement"), "Gradings", (rows,), columns)


def _by_stratum(found: _Found, results: Results, pair: str) -> Table:
    known = {place.stratum for place in found.all}
    rows = (
        Group(label=group.label, rows=tuple((stub, stratum) for stub, stratum in group.rows if stratum in known))
        for group in singles(results)
    )
    columns = _columns(lambda level, stratum: found.at(pair, level, stratum))
    return table(titled("agreement-by-stratum", pair=pair), "Stratum", [group for group in rows if group.rows], columns)


def _columns(of) -> Iterator[Column]:
    yield of_results("Compared", partial(of, "compared"), "{n:count} / {N:count}", "n / N")
    yield of_results("Left out", partial(of, "left out"), "{n:count}", "n")
    for level, label in AGREEMENTS.items():
        yield of_results(label, partial(of, level), _share, "n, % (95 % CI)")
    kappa = partial(estimate, name="kappa", style="hundredths")
    yield of_results("Weighted kappa", partial(of, "weighted kappa"), kappa, "(95 % CI)")


def _share(cells: Cells) -> Phrase:
    if not cells["N"].stat:
        return subjects(cells)
    return say("{n:count}, {p:percent}\n({ci_low:percent}–{ci_high:percent})", cells)


def _cross_table(found: _Found, pair: str) -> Table:
    rows = Group(rows=tuple((label, first) for first, label in GRADES.items()))
    columns = [
        Column(heading=Heading(label=label), show=partial(_counted, found, pair, second))
        for second, label in GRADES.items()
    ]
    first, _, other = pair.partition(" and ")
    caption = titled("grades-crossed", first=first, other=other)
    return table(caption, "Rows", (rows,), columns)


def _counted(found: _Found, pair: str, second: str, first: str) -> Phrase:
    return say("{n:count}", found.at(pair, second, first=first))


def _findings(material: Material) -> tuple[Block, ...]:
    """How many subjects have each finding; a sentence where nobody has any, nothing where nothing is reported."""
    found = places(material.ard, "reconciliation")
    if not found:
        return ()
    if not any(cells["n"].stat for cells in found.values()):
        return (Sentence(said=(NO_FINDINGS,)),)
    pairs = tuple(dict.fromkeys(place.variable for place in found))
    names = dict.fromkeys(place.level for place in found)
    rows = Group(rows=tuple((name, name) for name in names))
    columns = [
        Column(
            heading=Heading(label=pair.partition(" and ")[2], holds="n [explained]"), show=partial(_said, found, pair)
        )
        for pair in pairs
    ]
    return (table(titled("differences"), "Finding", (rows,), columns),)


def _said(found: Mapping[Place, Cells], pair: str, name: str) -> Phrase:
    of = Place(stratum=OVERALL, variable=pair, level=name)
    explained = Place(stratum=OVERALL, variable=pair, level=name, by_variable=EXPLAINED, by_level="yes")
    if not found[of]["n"].stat:
        return say("{n:count}", found[of])
    return (*say("{n:count} [", found[of]), *say("{n:count}]", found[explained]))


def _notes(results: Results, material: Material, found: _Found) -> tuple[str, ...]:
    methods = dict.fromkeys(f"{cell.method}." for cells in found.all.values() for cell in cells.values())
    return (
        notes.population(results),
        (
            "Denominator: treated subjects of studies with both gradings; for agreement those with a grade, or no CRS, "
            "by both."
        ),
        *methods,
        *READING,
        notes.in_force(material, notes.GRADING),
        notes.NOT_ESTIMABLE,
    )


SECTION = section("section.t8", draw)
