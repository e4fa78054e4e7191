"""B1: the subjects that a board looks at one by one: severe CRS, deaths, and grades that do not agree."""

from reports.cases import Case, Person, cases
from reports.charts.swimmer import swimmer_figure
from reports.material import Material
from reports.moments import evidence, moments
from reports.narratives import narrative
from reports.profiles import profile
from reports.results import Results
from reports.section import Block, Drawn, Narrative, Narratives, section
from reports.titles import titled
from reports.words import count, plural

CHOICE = (
    "Cases: CRS of grade 3 or higher by the primary source and scale, or CRS without a grade that may be; deaths of "
    "treated subjects; and grades reported and derived on the same scale that differ by more than the records allow "
    "(differences that the records explain, and those between scales, are in L4). Worst first."
)
TOLD = (
    "Days are elapsed days from the first dose. Signs at worst and highest values are those between onset and end of "
    "the episode; what is not recorded is said, and treatment at other times is in L3. Dates and values are those of "
    "the released tables, temperatures in °C."
)
DRAWN = (
    "Profiles: filled points counted as signs of CRS; the dashed line is the temperature from which it is fever; "
    "laboratory values are on a logarithmic scale; a profile ends three days after the last episode, at day 90 at the "
    "latest, and later events are in the text."
)


def draw(results: Results, material: Material) -> Drawn:
    """The swimmer plot and the cases."""
    told = cases(material)
    plot = swimmer_figure(material)
    blocks: tuple[Block, ...] = (
        *([plot] if plot else []),
        Narratives(
            name="narratives",
            caption=titled("cases-one-by-one"),
            narratives=tuple(map(_narrative, told)),
            profiles=tuple(map(profile, told)),
        ),
    )
    return Drawn(blocks=blocks, notes=(CHOICE, *_cut(told), TOLD, DRAWN))


def _cut(told: tuple[Case, ...]) -> tuple[str, ...]:
    of_all = told[0].person.of_all if told else 0
    if of_all == len(told):
        return (f"{count(of_all)} {plural(of_all, 'case')}, all of them here.",)
    return (f"The {count(len(told))} worst of {count(of_all)} cases; the others are in L1 to L4.",)


def _narrative(case: Case) -> Narrative:
    return Narrative(
        subject=case.person.usubjid,
        grade=_level(case.person),
        heading=_heading(case),
        said=narrative(case),
        moments=moments(case),
        evidence=evidence(case),
    )


def _level(person: Person) -> str:
    if not person.episodes:
        return "none"
    return "missing" if person.grade is None else str(person.grade)


def _heading(case: Case) -> str:
    person, level = case.person, _level(case.person)
    crs = {"none": "no CRS", "missing": "CRS of unknown grade"}.get(level, f"CRS of grade {level}")
    differing = [f"reported and derived grade differ on {one.scale}" for one in case.differing]
    outcomes = [one.outcome for one in case.episodes if one.grade == person.grade][:1]
    died = ["died"] if person.is_dead and "fatal" not in outcomes else []
    strata = [text for text in (person.therapy, person.dose_level) if text]
    return "; ".join([", ".join([crs, *outcomes]), *died, *differing, *([", ".join(strata)] if strata else [])])


SECTION = section("section.cases", draw)
