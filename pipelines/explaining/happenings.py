"""What happened to a subject, one line a happening, in time order."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pipelines.explaining.clock import begun, clock_of, ended
from pipelines.explaining.doses import Dose
from pipelines.explaining.facts import Episode, Segment, Sign, SubjectFacts, Waiver
from pipelines.explaining.readings import Told, told_together


@dataclass(frozen=True, kw_only=True)
class Happening:
    """Something that happened at a moment."""

    when: datetime | None
    kind: str
    text: str
    precision: str | None = None


def happenings(facts: SubjectFacts, verbose: bool) -> list[str]:
    """What happened, a line each: when, how long from the first dose, what kind, what, and whether it counted.

    Args:
        facts: The subject.
        verbose: Whether each reading has a line of its own.
    """
    clock = clock_of(facts)
    return [
        f"{begun(one.when, one.precision):<16}  {clock.since(one.when, one.precision):>8}  {one.kind:<13}  {one.text}"
        for one in sorted(_all(facts, verbose), key=lambda one: (one.when is None, one.when or datetime.min))
    ]


def _all(facts: SubjectFacts, verbose: bool) -> Iterator[Happening]:
    """Of what happened at one moment, doses first, then signs, and what follows from them."""
    yield from (_dose(dose, facts.who.trtsdtm) for dose in facts.doses)
    told = [Told(signs=(sign,)) for sign in facts.signs] if verbose else told_together(facts.signs)
    yield from (_sign(one) for one in told)
    yield from (_waiver(waiver) for waiver in facts.waivers)
    yield from _grades(facts)
    yield from _end(facts)


def _dose(dose: Dose, zero: datetime | None) -> Happening:
    parts = [" ".join(part for part in (dose.treatment, dose.amount) if part)]
    if zero is not None and dose.start_dtm == zero and not (dose.kept_out or dose.not_given):
        parts.append("first study dose, time zero")
    if dose.not_given:
        parts.append("recorded as not given")
    if dose.kept_out:
        parts.append(f"does not count: the row was kept out by rule {dose.kept_out}")
    text = f"{'; '.join(parts)} [{record('EX', dose.seq, dose.file, dose.row)}]"
    return Happening(when=dose.start_dtm, kind="dose", text=text, precision=dose.precision)


def _sign(told: Told) -> Happening:
    first, last = told.first, told.signs[-1]
    until = f", to {ended(last.end_dtm)}" if last.end_dtm and last.end_dtm != first.start_dtm else ""
    until += " (end not recorded)" if last.end_imputed else ""
    parts = [told.finding() + until, *_level(first), _counts(first)]
    source = f" [{record(first.domain, first.seq, first.file, first.row)}]" if len(told.signs) == 1 else ""
    return Happening(when=first.start_dtm, kind=first.sign, text="; ".join(parts) + source)


def _level(sign: Sign) -> list[str]:
    # The finding of a reported sign is its grade.
    if sign.source == "reported" or sign.level_max is None:
        return []
    return [f"level {span(sign.level_min, sign.level_max)}"]


def _counts(sign: Sign) -> str:
    if sign.counted:
        return f"counts in episode {sign.episode}"
    return f"does not count: {sign.why_not}"


def _waiver(waiver: Waiver) -> Happening:
    said = "waives fever from here on" if waiver.waived else f"does not waive fever: {waiver.why_not}"
    source = record(waiver.domain, waiver.seq, waiver.file, waiver.row)
    return Happening(when=waiver.start_dtm, kind="drug", text=f"{waiver.drug} ({waiver.drug_class}); {said} [{source}]")


def told_grades(facts: SubjectFacts) -> tuple[str, str] | None:
    """The source and scale whose grade the story follows: derived, on the investigator's scale if it was derived."""
    derived = [one.scale for one in facts.highest if one.source == "derived"]
    reported = [one.scale for one in facts.highest if one.source == "reported"]
    for scale in (*reported, *facts.scales, *derived):
        if scale in derived:
            return "derived", scale
    return ("reported", reported[0]) if reported else None


def _grades(facts: SubjectFacts) -> Iterator[Happening]:
    told = told_grades(facts)
    for episode in facts.episodes:
        if (episode.source, episode.scale) == told:
            yield from _course(episode, [one for one in facts.segments if _is_of(one, episode)])


def _is_of(segment: Segment, episode: Episode) -> bool:
    return (segment.source, segment.scale, segment.episode) == (episode.source, episode.scale, episode.episode)


def _course(episode: Episode, segments: list[Segment]) -> Iterator[Happening]:
    name = f"{episode.scale}, {episode.source}, episode {episode.episode}"
    before: str | None = None
    for segment in segments:
        grade = "no grade" if segment.grade is None else str(segment.grade)
        if grade != before:
            change = f"{before} -> {grade}" if before else f"begins, {grade}"
            yield Happening(when=segment.start_dtm, kind="grade", text=f"{name}: {change}{_levels(segment)}")
        before = grade
    if episode.grade == 5:
        yield Happening(when=episode.aendtm, kind="grade", text=f"{name}: {before} -> 5, reported fatal")
    elif not episode.ongoing:
        yield Happening(when=episode.aendtm, kind="grade", text=f"{name}: ends, {episode.outcome}")


def _levels(segment: Segment) -> str:
    levels = {"fever": segment.fever, "hypotension": segment.hypotension, "hypoxia": segment.hypoxia}
    known = [f"{sign} {level}" for sign, level in levels.items() if level is not None]
    return f" ({', '.join(known)})" if known else ""


def _end(facts: SubjectFacts) -> Iterator[Happening]:
    who = facts.who
    if who.dthfl == "Y" or who.dthdtm is not None:
        yield Happening(when=who.dthdtm, kind="death", text="death", precision=who.dthprec)
    cut = f"data cut {begun(who.cutdtm, 'D')}" if who.cutdtm else "no data cut"
    yield Happening(when=who.lstalvdtm, kind="last contact", text=f"follow-up ends; {cut}")


def record(domain: str | None, seq: int | None, file: str, row: int) -> str:
    """Where a raw row is, such as VS 37, vs.xpt row 5118."""
    return f"{domain}{'' if seq is None else f' {seq}'}, {file} row {row}"


def span(lowest: int | None, highest: int | None) -> str:
    """Two numbers as one when they are the same."""
    return str(highest) if lowest in (highest, None) else f"{lowest}-{highest}"
