"""A subject's CRS, told to people: who, what happened, the grades, what set them, and what is asked."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from pipelines.explaining.clock import begun, clock_of
from pipelines.explaining.facts import Highest, SubjectFacts
from pipelines.explaining.grades import adjudicated_lines, evidence_lines, grade_in_words, grades_table, in_order
from pipelines.explaining.happenings import happenings, told_grades


@dataclass(frozen=True, kw_only=True)
class ToldSubject:
    """The facts of a subject, as data and as a story."""

    facts: SubjectFacts

    def as_dict(self) -> dict[str, Any]:
        """The facts, for machines."""
        return asdict(self.facts)

    def lines(self, verbose: bool = False) -> list[str]:
        """The story, for people; verbose tells each reading on a line of its own."""
        facts = self.facts
        return [
            *_header(facts),
            "",
            "What happened, with the time from the first dose:",
            *happenings(facts, verbose),
            "",
            *grades_table(facts),
            "",
            *adjudicated_lines(facts),
            *(evidence_lines(facts) or ["No row sets a grade."]),
            "",
            *_queries(facts),
        ]


def _header(facts: SubjectFacts) -> Iterator[str]:
    who = facts.who
    age = "age not known" if who.age is None else f"{who.age:g} years"
    known = (age, f"sex {who.sex or 'not known'}", who.indication)
    yield f"Subject {who.usubjid} of {who.studyid}: {', '.join(part for part in known if part)}"
    if who.trtsdtm is None:
        yield "Not treated: no study dose, so that nothing counts as CRS."
        return
    clock = clock_of(facts)
    number = "1 study dose" if who.doses == 1 else f"{who.doses} study doses"
    first = "amount not known" if who.dose is None else f"{who.dose:.10g} {who.dose_unit or ''}".strip()
    since = begun(who.trtsdtm, "D" if clock.is_whole else None)
    yield f"{who.therapy}, dose level {who.dose_level}: {number}, the first {first} on {since}"
    if who.tumour_burden is not None:
        yield f"Tumour burden {who.tumour_burden:.10g} {who.tumour_burden_unit or ''} ({who.tumour_burden_level})"
    yield _verdict(facts)


def _verdict(facts: SubjectFacts) -> str:
    if facts.episodes:
        told = [
            one for one in in_order(facts) if one.source == "reported" or (one.source, one.scale) == told_grades(facts)
        ]
        return f"Highest grade of CRS: {'; '.join(map(_said, told))}."
    uncounted = sum(not sign.counted for sign in facts.signs)
    rows = f"{uncounted} rows could have been signs of it and did not count" if uncounted else "no row could be a sign"
    return f"No CRS reported, {_no_derived(facts)}: {rows}."


def _no_derived(facts: SubjectFacts) -> str:
    derived = [one for one in facts.highest if one.source == "derived"]
    if not derived:
        return "and no derived grades in the study"
    if not all(one.is_assessable for one in derived):
        return "and none could be derived without a temperature after the first dose"
    return "and none derived"


def _said(highest: Highest) -> str:
    grade = grade_in_words(highest.grade) if highest.is_assessable else "not assessable"
    return f"{highest.source} {grade} on {highest.scale}"


def _queries(facts: SubjectFacts) -> list[str]:
    if not facts.queries:
        return ["No open queries."]
    told = [f"  {query.rule} [{_about(query.domain, query.seq)}]: {query.message}" for query in facts.queries]
    return ["Open queries:", *told]


def _about(domain: str | None, seq: int | None) -> str:
    return " ".join(str(part) for part in (domain, seq) if part is not None)
