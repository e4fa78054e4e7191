"""The questions a safety board asks first, each with its answer."""

from reports.material import Material
from reports.phrases import Phrase, joined, say, span, subjects
from reports.results import Cells, Results
from reports.section import Answer, Part
from reports.sections.lasting import OUTCOMES
from reports.sections.quality import cleanness
from reports.sections.treated import TREATMENTS
from reports.words import NO_SUBJECTS, count, plural

GRADES = ("1", "2", "3", "4", "5")
NOBODY: Phrase = ("no CRS",)
NO_RULES: Phrase = ("no rule was tried",)


def how_many(results: Results) -> Answer:
    """Incidence of CRS of any grade."""
    found = results.at("incidence", "max_grade", "any")
    lines = (say("{n:count} of {N:count} treated subjects", found), _interval(found))
    return Answer(question="How many had CRS?", headline=_share(found), lines=lines)


def how_bad(results: Results) -> Answer:
    """Incidence of grade 3 or higher, and the distribution of the highest grades."""
    worst = results.at("incidence", "max_grade", ">=3")
    parts = [_part(results, "none", "none"), *(_part(results, grade, f"grade {grade}") for grade in GRADES)]
    # The ARD has a row for CRS without a grade only where there is some.
    if "missing" in results.levels("incidence", "max_grade"):
        parts.append(_part(results, "missing", "grade unknown"))
    return Answer(
        question="How bad was it?",
        headline=joined([_share(worst), ("grade ≥ 3",)], " "),
        lines=(joined([say("{n:count} of {N:count} treated subjects", worst), _interval(worst)], ", "),),
        parts=tuple(parts),
    )


def when(results: Results) -> Answer:
    """Median onset with its quartiles and range."""
    question = "When did it begin?"
    found = results.at("onset", "onset_days", "with CRS")
    if not found["n"].stat:
        return Answer(question=question, headline=NOBODY, lines=())
    middle = ("median; quartiles ", *span(found, "days", "q1", "q3"), ", range ", *span(found, "days", "min", "max"))
    week = say("by day 7: {cif:percent} % of treated subjects", results.at("onset", "TTCRS", "day 7"))
    lines = (middle, say("days after first dose, of {n:count} with CRS", found), week)
    return Answer(question=question, headline=say("day {median:days}", found), lines=lines)


def how_ended(results: Results) -> Answer:
    """Outcomes of the first episode, and how long it lasted."""
    question = "How did it end?"
    first, *others = (results.at("outcome", "outcome", outcome, by="any") for outcome in OUTCOMES)
    if not first["N"].stat:
        return Answer(question=question, headline=NOBODY, lines=())
    lasted = results.at("duration", "duration_days", "KM", by="any")
    counted = [
        say(f"{name.lower()}: {{n:count}}", cells) for name, cells in zip([*OUTCOMES.values()][1:], others, strict=True)
    ]
    duration = (*say("median duration {median:days} days, 95 % CI ", lasted), *span(lasted, "days"))
    headline = say("{n:count} of {N:count} resolved", first)
    return Answer(question=question, headline=headline, lines=(joined(counted, " · "), duration))


def how_treated(results: Results) -> Answer:
    """Tocilizumab during CRS and how soon, and the other treatments."""
    question = "How was it treated?"
    first, *others = TREATMENTS
    given = {name: results.at("interventions", name, "during CRS", by="any") for name in TREATMENTS}
    if not given[first]["N"].stat:
        return Answer(question=question, headline=NOBODY, lines=())
    soon = results.at("interventions", f"{first}_days_from_onset", "first episode")
    size = say("{n:count} of {N:count} with CRS", given[first])
    line = joined([size, say("median {median:days} days from onset", soon)], ", ") if soon["n"].stat else size
    rest = joined([(f"{TREATMENTS[name].lower()}: ", *subjects(given[name], " %")) for name in others], " · ")
    return Answer(question=question, headline=joined([_share(given[first]), (first,)], " "), lines=(line, rest))


def clean(material: Material) -> Answer:
    """Rows in, kept and kept out, queries and rules.

    Args:
        material: What the report is drawn from.
    """
    found = cleanness(material)
    return Answer(
        question="How clean were the data?",
        headline=(f"{count(found.rows_quarantined)} {plural(found.rows_quarantined, 'row')} kept out",),
        lines=(
            (f"{count(found.rows_in)} {plural(found.rows_in, 'row')} in, {count(found.rows_kept)} kept",),
            (f"{count(found.queries)} {plural(found.queries, 'query', 'queries')} open",),
            (f"{count(found.broken)} of {count(found.rules)} {plural(found.rules, 'rule')} did not hold",)
            if found.rules
            else NO_RULES,
        ),
    )


def _part(results: Results, level: str, name: str) -> Part:
    cells = results.at("incidence", "max_grade", level)
    return Part(grade=level, size=cells["n"].stat or 0, said=say(f"{name}: {{n:count}}", cells))


def _share(cells: Cells) -> Phrase:
    return say("{p:percent} %", cells) if cells["N"].stat else (NO_SUBJECTS,)


def _interval(cells: Cells) -> Phrase:
    return ("95 % CI ", *span(cells, "percent"), *((" %",) if cells["N"].stat else ()))


OF_RESULTS = (how_many, how_bad, when, how_ended, how_treated)
