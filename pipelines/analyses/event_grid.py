"""Adverse events in columns: who was counted, which terms there are, and how many had each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from pipelines.analyses.cells import Place
from pipelines.analyses.levels import MISSING
from pipelines.analyses.whose import quoted

ANY = "Any event"
# Kinds that are counted as such; worst grades are counted apart.
KINDS = {
    "any": "any",
    "serious": "serious (AESER)",
    "grade >=3": "toxicity grade 3 or more",
    "related": "related to study treatment (AEREL, reference.causality_terms)",
    "causality unknown": "with a causality that is missing or not known to reference.causality_terms",
    "fatal": "fatal (grade 5, AESDTH or AEOUT)",
}
WORST = tuple(f"worst grade {grade}" for grade in ("1", "2", "3", "4", "5", "missing"))


@dataclass(frozen=True, kw_only=True)
class Column:
    """A stratum, or an arm of all treated subjects, and how many subjects it has."""

    stratum: str
    study: str = ""
    arm: str = ""
    subjects: int = 0

    def place(self, term: "Term", kind: str, variable: str, method: str, against: str | None = None) -> Place:
        """Where a number of the term stands; against names the column it is compared with."""
        by_arm = ("arm" if against is None else f"arm against {against}", self.arm)
        by_stratum = (None, None) if against is None else ("against", against)
        by_variable, by_level = by_arm if self.arm else by_stratum
        had = f"e.soc = {quoted(term.soc)} and e.pt = {quoted(term.pt)} and e.kind = {quoted(kind)}"
        return Place(
            stratum=self.stratum,
            by_variable=by_variable,
            by_level=by_level,
            variable=variable,
            variable_level=term.name,
            method=method,
            subjects_sql=self._whose("join event_subjects as e using (studyid, usubjid, part) ", had),
            among_sql=self._whose("", "true"),
        )

    def _whose(self, also: str, condition: str) -> str:
        arm = "join subject_arms as a using (studyid, usubjid) " if self.arm else ""
        is_arm = f"a.arm = {quoted(self.arm)} and " if self.arm else ""
        return (
            f"select distinct m.studyid, m.usubjid from members as m {arm}{also}"
            f"where m.stratum = {quoted(self.stratum)} and {is_arm}{condition} order by all"
        )


@dataclass(frozen=True, kw_only=True)
class Term:
    """All events, a system organ class, or a preferred term in it; empty text for all."""

    soc: str
    pt: str

    @property
    def name(self) -> str:
        """The term as a level of the ARD."""
        return " / ".join(part for part in (self.soc, self.pt) if part) or ANY


Counts = Mapping[tuple[str, str, str, str, str], tuple[int, int]]


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Every term in every column, found or not."""

    columns: tuple[Column, ...]
    terms: tuple[Term, ...]
    counts: Counts

    def of(self, column: Column, term: Term, kind: str) -> tuple[int, int]:
        """Subjects and records."""
        return self.counts.get((column.stratum, column.arm, term.soc, term.pt, kind), (0, 0))

    def kinds_of(self, term: Term) -> list[str]:
        """The kinds of which the term has an event anywhere; any in any case."""
        overall = Column(stratum="overall")
        return [kind for kind in KINDS if kind == "any" or self.of(overall, term, kind)[0]]

    def compared(self) -> Iterator[tuple[Column, Column]]:
        """Each arm with the first of its study by name, and each therapy with the first of study.yaml; not Missing."""
        known = [one for one in self.columns if not (one.arm or one.stratum).endswith(MISSING)]
        arms = [one for one in known if one.arm]
        groups = [[one for one in arms if one.study == study] for study in dict.fromkeys(one.study for one in arms)]
        for group in (*groups, [one for one in known if one.stratum.startswith("therapy: ")]):
            yield from ((one, group[0]) for one in group[1:])


def grid(strata: pl.DataFrame, sizes: pl.DataFrame, counted: pl.DataFrame) -> Grid:
    """The grid of these counts.

    Args:
        strata: ``analysis.strata``, which gives the order of the columns; arms follow by name.
        sizes: ``analysis.column_sizes``.
        counted: ``analysis.event_counts``.
    """
    single = strata.filter(pl.col("group2").is_null()).sort("position")["stratum"].to_list()
    place = {stratum: place for place, stratum in enumerate(single)}
    found = [Column(**row) for row in sizes.select(*_SIZED).iter_rows(named=True)]
    terms = counted.select("soc", "pt").unique().sort("soc", "pt").rows()
    if ("", "") not in terms:
        terms = [("", ""), *terms]
    return Grid(
        columns=tuple(sorted(found, key=lambda one: (one.arm != "", place[one.stratum], one.study, one.arm))),
        terms=tuple(Term(soc=soc, pt=pt) for soc, pt in terms),
        counts={tuple(row[:5]): (row[5], row[6]) for row in counted.select(*_COUNTED).iter_rows()},
    )


_SIZED = ("stratum", "study", "arm", "subjects")
_COUNTED = ("stratum", "arm", "soc", "pt", "kind", "n", "records")
