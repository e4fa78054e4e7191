"""Narratives: the course of one subject in plain sentences, as ICH E3 asks for, every figure from a released table."""

from collections.abc import Iterable, Iterator

from reports.cases import Case, Episode, Extreme, Given, Other, Person
from reports.sentences import TESTS, TREATMENTS, as_given, listed, measured, moment, named, ordinal, sentence, unit
from reports.words import amount, days

_PEOPLE = {"M": ("man", "boy"), "F": ("woman", "girl")}
_OF_AGE = 18
# What the reader looks for first; where there is none, that is said.
_LOOKED_FOR = ("tocilizumab", "corticosteroids", "vasopressors", "respiratory_support")
_STARTED = ("respiratory_support", "vasopressors", "icu")
_MOST_TIMES = 3


def narrative(case: Case) -> tuple[str, ...]:
    """What happened, as paragraphs: who and when; CRS; what was given; what else there was and the end.

    Args:
        case: One subject.
    """
    paragraphs = (who(case.person), tuple(crs(case)), tuple(treatment(case)), tuple(afterwards(case)))
    return tuple(" ".join(map(sentence, said)) for said in paragraphs if said)


def who(person: Person) -> tuple[str, ...]:
    """The subject, the disease, the treatment, and what of these is not recorded."""
    disease = f" with {_in_sentence(person.indication)}" if person.indication else ""
    dose = f" on {person.dosed}" if person.dosed else " on an unknown date"
    level = f"; dose level {person.dose_level}" if person.dose_level else ""
    said = [f"{_subject(person)}{disease} received {_therapy(person)}{dose}{level}"]
    if person.tumour_burden is not None:
        level = f" ({person.tumour_burden_level})" if person.tumour_burden_level else ""
        size = f"{as_given(person.tumour_burden)} {unit(person.tumour_burden_unit)}".rstrip()
        said.append(f"tumour burden was {size}{level}")
    absent = {
        "age": person.age,
        "sex": person.sex if person.sex in _PEOPLE else None,
        "disease": person.indication,
        "therapy": person.therapy,
        "dose level": person.dose_level,
        "tumour burden": person.tumour_burden,
    }
    lacking = [name for name, value in absent.items() if value is None]
    return (*said, *([f"not recorded: {listed(lacking)}"] if lacking else []))


def _in_sentence(text: str) -> str:
    """Without its capital, unless it is more than the first letter's."""
    return text[0].lower() + text[1:] if text[1:2].islower() else text


def _subject(person: Person) -> str:
    grown, young = _PEOPLE.get(person.sex or "", ("subject", "subject"))
    if person.age is None:
        return f"a {grown}"
    years = as_given(person.age)
    article = "an" if years.startswith("8") or years in ("11", "18") else "a"
    return f"{article} {years}-year-old {grown if person.age >= _OF_AGE else young}"


def _therapy(person: Person) -> str:
    size = "" if person.dose is None else f" ({_amount(person.dose, person.dose_unit)})"
    first = f"the first of {person.doses} doses of " if (person.doses or 0) > 1 else ""
    return f"{first}{person.therapy or 'study treatment'}{size}"


def _amount(dose: float, code: str | None) -> str:
    return f"{amount(dose)} {unit(code)}".rstrip()


def crs(case: Case) -> Iterator[str]:
    """Each episode: when it began, the signs at worst, its grade, and how it ended; then the two sources."""
    person = case.person
    is_reported = person.source == "reported"
    by = "as the investigator recorded it" if is_reported else "by the signs"
    if not case.episodes:
        yield "the investigator reported no CRS" if is_reported else "by the signs there was no CRS"
    if len(case.episodes) > 1:
        yield f"{by}, there were {len(case.episodes)} episodes of CRS"
    for episode in case.episodes:
        alone = len(case.episodes) == 1
        name = f"{by}, CRS" if alone else f"the {ordinal(episode.episode)} episode"
        of_doses = (person.doses or 0) > 1 and episode.dose_number is not None
        dose = f", after dose {episode.dose_number}" if of_doses else ""
        yield f"{name} began on {moment(episode.began, episode.day)}{dose}"
        yield from _signs([found for found in case.extremes if found.episode == episode.episode])
        yield _graded(episode, person)
        yield _ended(episode)
    yield from _both_sources(case)


def _signs(found: list[Extreme]) -> Iterator[str]:
    by_test = {one.test: one for one in found}
    vital = [_value(by_test[test]) for test, (_, own) in TESTS.items() if own and test in by_test]
    tested = [_value(by_test[test]) for test, (_, own) in TESTS.items() if not own and test in by_test]
    if vital:
        yield f"at worst: {', '.join(vital)}"
    if tested:
        yield f"highest values: {', '.join(tested)}"
    lacking = [name for test, (name, _) in TESTS.items() if test not in by_test]
    if lacking:
        yield f"not recorded in the episode: {listed(lacking)}"


def _value(found: Extreme) -> str:
    return f"{value_of(found)} on {moment(found.at, found.day)}"


def value_of(found: Extreme) -> str:
    """The test with its value; interleukin-6 rises once its receptor is blocked, which is said."""
    after = " (after tocilizumab)" if found.test == "IL6" and found.is_after_tocilizumab else ""
    return f"{measured(found.test, found.value, found.unit, found.censored)}{after}"


def _graded(episode: Episode, person: Person) -> str:
    by = "the investigator's grade" if person.source == "reported" else "the derived grade"
    if episode.grade is None:
        why = f" ({episode.why_no_grade})" if episode.why_no_grade else ""
        low, high = episode.grade_min, episode.grade_max
        allowed = "" if low is None or high is None else f"; the records allow grades {low} to {high}"
        return f"it has no grade{why}{allowed}"
    # Grade 5 is reached at death, which is told at the end.
    reached = f", first reached on {moment(episode.worst, episode.worst_day)}"
    return f"{by} was {episode.grade} ({person.scale}){reached if episode.worst and episode.grade < 5 else ''}"


def _ended(episode: Episode) -> str:
    lasted = "" if episode.duration_days is None else f", after {days(episode.duration_days)} days"
    return {
        "resolved": f"it resolved on {episode.ended}{lasted}",
        "resolved with sequelae": f"it resolved with sequelae on {episode.ended}{lasted}",
        "ongoing": f"it had not ended when last known, on {episode.ended}{lasted}",
        "fatal": f"it was fatal, on {episode.ended}{lasted}",
    }.get(episode.outcome, f"how it ended is not recorded; it was last known on {episode.ended}{lasted}")


def _both_sources(case: Case) -> Iterator[str]:
    person = case.person
    for difference in case.differing:
        reported, derived = (_grade(one) for one in (difference.reported_grade, difference.derived_grade))
        yield f"{difference.finding}: reported {reported}, derived {derived} ({difference.scale})"
    second = next((one for one in case.grades if one.scale == person.scale and one.source != person.source), None)
    if second is None or case.differing:
        return
    by = "derived from the signs" if second.source == "derived" else "reported by the investigator"
    of = f"the highest grade is {second.grade}" if second.grade else f"there is {_grade(second.grade)}"
    yield f"{by}, {of} on the same scale"


def _grade(grade: int | None) -> str:
    return "no grade" if grade is None else "no CRS" if grade == 0 else str(grade)


def treatment(case: Case) -> Iterator[str]:
    """What was given before and during CRS, and what was not."""
    for occasion in ("before the first dose", "before onset"):
        yield from _given([one for one in case.given if one.occasion == occasion], f" {occasion},")
    during = [one for one in case.given if one.occasion == "during CRS"]
    yield from _given(during, "")
    if not case.episodes:
        return
    lacking = [TREATMENTS[kind] for kind in _LOOKED_FOR if kind not in {one.treatment for one in during}]
    if lacking:
        yield f"not recorded during CRS: {listed(lacking)}"


def _given(records: Iterable[Given], when: str) -> Iterator[str]:
    kinds = [*TREATMENTS]
    said: dict[tuple[str, str], list[Given]] = {}
    for one in sorted(records, key=lambda one: kinds.index(one.treatment)):
        said.setdefault((one.treatment, what_of(one)), []).append(one)
    for (kind, what), times in said.items():
        told = [moment(one.began, one.day) for one in times]
        on = listed(told) if len(told) <= _MOST_TIMES else f"{', '.join(told[:_MOST_TIMES])} and later again"
        yield f"{what} was {'started' if kind in _STARTED else 'given'}{when} on {on}"


def what_of(one: Given) -> str:
    """The drug or device with its dose or flow."""
    dose = f" {as_given(one.dose)} {one.dose_unit or ''}".rstrip() if one.dose is not None and not one.finding else ""
    return named(one.name, one.finding, one.treatment) + dose


def afterwards(case: Case) -> Iterator[str]:
    """Other events, and whether the subject died."""
    events = [one for one in case.other if one.grade != 0]
    yield from map(_event, events)
    if not any(one.event == "ICANS" for one in events):
        yield "no ICANS is recorded"
    person = case.person
    if person.is_dead:
        yield f"the subject died on {moment(person.died, person.death_day)}"
        yield f"cause of death in DD: {person.cause}" if person.cause else "no cause of death is recorded in DD"
        if person.fatal_events:
            yield f"adverse events recorded as fatal: {person.fatal_events}"
    elif person.last_alive:
        yield f"the subject was last known alive on {person.last_alive}"


def _event(one: Other) -> str:
    of = "without a grade" if one.grade is None else f"of grade {one.grade}"
    by = "was reported" if one.source == "reported" else "follows from the assessments"
    return f"{one.event} {of} {by}, first on {moment(one.began, one.day)}"
