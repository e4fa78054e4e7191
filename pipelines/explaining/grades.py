"""The grade on each scale, and the raw rows and rules that set it."""

from itertools import groupby

from pipelines.explaining.clock import Clock, begun, clock_of, ended
from pipelines.explaining.columns import aligned
from pipelines.explaining.facts import Episode, Evidence, Highest, SubjectFacts
from pipelines.explaining.happenings import record, span

GRADE_COLUMNS = (
    "scale",
    "source",
    "episode",
    "grade",
    "min-max",
    "reported highest",
    "onset",
    "end",
    "outcome",
    "remark",
)


def grade_in_words(grade: int | None) -> str:
    """A grade, or none."""
    return "none" if grade is None else str(grade)


def grades_table(facts: SubjectFacts) -> list[str]:
    """The grade of each episode on each scale, the investigator's first and beside the derived ones."""
    if not facts.highest:
        return ["No grades: only treated subjects are graded."]
    reported = ", ".join(grade_in_words(one.grade) for one in facts.highest if one.source == "reported")
    rows = [row for one in in_order(facts) for row in _rows(one, facts, reported)]
    return ["The grade on each scale, the investigator's beside it:", *aligned([GRADE_COLUMNS, *rows])]


def in_order(facts: SubjectFacts) -> list[Highest]:
    """The highest grades, reported before derived, scales in the order of study.yaml."""
    return sorted(facts.highest, key=lambda one: (one.source != "reported", _place_of(facts.scales, one.scale)))


def _place_of(scales: tuple[str, ...], scale: str) -> int:
    return scales.index(scale) if scale in scales else len(scales)


def _rows(highest: Highest, facts: SubjectFacts, reported: str) -> list[tuple[str, ...]]:
    reported = "" if highest.source == "reported" else reported
    episodes = [one for one in facts.episodes if (one.source, one.scale) == (highest.source, highest.scale)]
    if episodes:
        return [_of_episode(one, reported, clock_of(facts)) for one in episodes]
    grade, remark = ("0", "no CRS") if highest.is_assessable else ("none", "no temperature after the first dose")
    return [(highest.scale, highest.source, "", grade, "", reported, "", "", "", remark)]


def _of_episode(episode: Episode, reported: str, clock: Clock) -> tuple[str, ...]:
    return (
        episode.scale,
        episode.source,
        str(episode.episode),
        grade_in_words(episode.grade),
        "" if episode.grade_max is None else span(episode.grade_min, episode.grade_max),
        reported,
        f"{begun(episode.astdtm, episode.astprec)} ({clock.since(episode.astdtm, episode.astprec)})",
        f"{ended(episode.aendtm, episode.aenprec)}{', ongoing' if episode.ongoing else ''}",
        episode.outcome,
        episode.why_no_grade or "",
    )


def adjudicated_lines(facts: SubjectFacts) -> list[str]:
    """The grades that people gave, with who, when and why; they replace none."""
    told = [
        f"  {one.source} episode {one.episode}: grade {one.adjudicated_grade} on {one.scale}, "
        f"{one.adjudicator}, {one.adjudicated_at}: {one.reason}"
        for one in facts.adjudications
    ]
    return ["Adjudicated by people, beside these:", *told, ""] if told else []


def evidence_lines(facts: SubjectFacts) -> list[str]:
    """The rules that set the grade of each episode, each with its raw rows."""
    lines = []
    for (source, episode), found in groupby(facts.evidence, key=lambda one: (one.source, one.episode)):
        lines.append(f"What set the {source} grade of episode {episode}:")
        by_rule: dict[str, list[Evidence]] = {}
        for one in sorted(found, key=lambda one: (_place_of(facts.scales, one.scale), one.rule_id)):
            by_rule.setdefault(one.rule_id, []).append(one)
        # What holds on several scales, such as the onset, comes first.
        for rule, rows in sorted(by_rule.items(), key=lambda item: len(_scales_of(item[1])) == 1):
            lines += _of_rule(rule, rows)
    return lines


def _scales_of(rows: list[Evidence]) -> list[str]:
    return sorted({f"{one.scale}, {'no grade' if one.grade is None else f'grade {one.grade}'}" for one in rows})


def _of_rule(rule: str, rows: list[Evidence]) -> list[str]:
    scales = _scales_of(rows)
    on = scales[0] if len(scales) == 1 else f"{len(scales)} scales"
    places = sorted({(begun(one.start_dtm), _place(one)) for one in rows})
    return [f"  {rule} ({on}): {rows[0].meaning or 'no meaning given'}", *(f"    {when}  {at}" for when, at in places)]


def _place(one: Evidence) -> str:
    return f"{one.variable} = {(one.value or '').strip() or 'empty'} [{record(one.domain, one.seq, one.file, one.row)}]"
