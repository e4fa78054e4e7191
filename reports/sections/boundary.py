"""The answer of the first screen to whether a stopping boundary is crossed."""

from functools import partial

from reports.board import Cohort, rules
from reports.material import Material
from reports.phrases import Phrase, joined, say
from reports.section import Answer
from reports.strata import name_of

QUESTION = "Is a stopping boundary crossed?"
NO_RULE: Phrase = ("board.stopping in study.yaml would set one",)


def is_crossed(material: Material) -> Answer:
    """Yes with each cohort that is at its boundary, no with where all subjects stand, or that no rule is set.

    Args:
        material: Where the numbers stand.
    """
    found = rules(material)
    cohorts = [cohort for rule in found for cohort in rule.cohorts]
    if not cohorts:
        return Answer(question=QUESTION, headline=("no rule is set",), lines=(NO_RULE,))
    crossed = [cohort for cohort in cohorts if cohort.is_crossed]
    once = [cohort for cohort in cohorts if cohort.was_crossed and not cohort.is_crossed]
    headline = "yes" if crossed else "not now, but it was" if once else "no"
    named = crossed or [cohort for cohort in cohorts if not cohort.stratum]
    whose = partial(_whose, is_pooled=len(found) > 1)
    lines = [(*whose(cohort), *_standing(cohort)) for cohort in named]
    lines += [(*whose(cohort), *_before(cohort)) for cohort in once]
    return Answer(question=QUESTION, headline=(headline,), lines=(*lines, _waiting(cohorts)))


def _whose(cohort: Cohort, *, is_pooled: bool) -> Phrase:
    return (f"{cohort.study}, " if is_pooled else "", f"{name_of(cohort.stratum)}: ")


def _standing(cohort: Cohort) -> Phrase:
    event, now = cohort.told["event"], cohort.told["now"]
    if not event["N"].stat:
        return ("nobody evaluated yet",)
    counted = say("{n:count} of {N:count} evaluated had the event", event)
    has_boundary = now["boundary"].stat is not None
    limit: Phrase = say("boundary {boundary:count}", now) if has_boundary else ("no number of events stops yet",)
    return joined([counted, limit], ", ")


def _before(cohort: Cohort) -> Phrase:
    return say("was crossed after {crossed_at:count} subjects", cohort.told["first crossing"])


def _waiting(cohorts: list[Cohort]) -> Phrase:
    whole = [cohort.told["in the window"] for cohort in cohorts if not cohort.stratum]
    return ("still in the window: ", *joined([say("{n:count}", cells) for cells in whole], " and "))
