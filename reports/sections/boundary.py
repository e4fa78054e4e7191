"""The answer of the first screen to whether a stopping boundary is crossed."""

from reports.board import Cohort, rules
from reports.material import Material
from reports.phrases import Phrase, joined, say
from reports.section import Answer
from reports.strata import ALL, name_of

QUESTION = "Is a stopping boundary crossed?"
NO_RULE: Phrase = ("no stopping rule is set for this study",)


def is_crossed(material: Material) -> Answer:
    """Yes with each cohort that is at its boundary, no with where all subjects stand, or that no rule is set.

    Args:
        material: Where the numbers stand.
    """
    cohorts = [cohort for rule in rules(material) for cohort in rule.cohorts]
    if not cohorts:
        return Answer(question=QUESTION, headline=("no rule is set",), lines=(NO_RULE,))
    crossed = [cohort for cohort in cohorts if cohort.is_crossed]
    once = [cohort for cohort in cohorts if cohort.was_crossed and not cohort.is_crossed]
    headline = "yes" if crossed else "not now, but it was" if once else "no"
    named = crossed or [cohort for cohort in cohorts if not cohort.stratum]
    lines = [*map(_standing, named), *(_before(cohort) for cohort in once)]
    return Answer(question=QUESTION, headline=(headline,), lines=(*lines, _waiting(cohorts)))


def _whose(cohort: Cohort) -> str:
    return name_of(cohort.stratum) if cohort.stratum else f"{ALL} of {cohort.study}"


def _standing(cohort: Cohort) -> Phrase:
    event, now = cohort.told["event"], cohort.told["now"]
    if not event["N"].stat:
        return (f"{_whose(cohort)}: nobody evaluated yet",)
    counted = say("{n:count} of {N:count} evaluated had the event", event)
    limit: Phrase = (
        ("no number of events stops yet",) if now["boundary"].stat is None else say("boundary {boundary:count}", now)
    )
    return (f"{_whose(cohort)}: ", *joined([counted, limit], ", "))


def _before(cohort: Cohort) -> Phrase:
    return (f"{_whose(cohort)}: was crossed ", *say("after {crossed_at:count} subjects", cohort.told["first crossing"]))


def _waiting(cohorts: list[Cohort]) -> Phrase:
    whole = [cohort.told["in the window"] for cohort in cohorts if not cohort.stratum]
    return ("still in the window: ", *joined([say("{n:count}", cells) for cells in whole], " and "))
