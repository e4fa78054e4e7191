"""T10: what changed since the previous cut: how many of each kind, then each of them."""

from collections.abc import Mapping

from reports.material import Material
from reports.phrases import Phrase
from reports.results import Results
from reports.section import Answer, Drawn, section
from reports.sections.listings import Kind, left_out, listing
from reports.tables import Column, Group, Heading, table
from reports.titles import titled
from reports.words import count, plural

FIRST = "This is the first cut."
WHAT = {
    "subject": "Subject",
    "grade": "Highest grade",
    "episode": "CRS episode",
    "adverse event": "Adverse event",
    "setting": "Setting",
    "number": "Reported number",
    "counted": "Subject in a number",
}
COUNTED = {
    "subject": "Subjects",
    "grade": "Highest grades of CRS",
    "episode": "Episodes of CRS",
    "adverse event": "Adverse events",
    "setting": "Settings",
    "number": "Reported numbers",
}
COLUMNS = {"new": "New", "removed": "Removed", "changed": "Changed", "followed": "Only followed longer"}


def _text(value: object) -> str | None:
    return None if value is None else str(value)


LISTED = Kind(
    caption=titled("each-change"),
    note="One row a change: a record that changed in several ways has several rows. Subject in a number: the subject "
    "is now counted in it (new) or no longer (removed).",
    kept_in="changes",
    columns={
        "what": ("What", lambda value: WHAT[str(value)]),
        "kind": ("Change", lambda value: COLUMNS[str(value)]),
        "usubjid": ("Subject", _text),
        "variable": ("What of it", _text),
        "old_value": ("Was", _text),
        "new_value": ("Is", _text),
        "item": ("Which", _text),
    },
)
KNOWN_AGAIN = (
    "Records are known again by what they say, then adverse events by AESPID, by term and start, by term and AESEQ, "
    "and by start and AESEQ, episodes by onset and then by number; so records numbered anew are no change."
)
FOLLOWED = (
    "Only followed longer: nothing changed but how long the subject was followed; counted here, not listed, and in the "
    "table changes of the release."
)
EPISODES = (
    "Episodes and grades: of the source and scale that this report uses. CRS reported as an adverse event is counted "
    "among both."
)
NUMBERS = "Reported numbers: those of the first screen that print otherwise, of all the treated and by therapy."
NOTES = (KNOWN_AGAIN, FOLLOWED, EPISODES, NUMBERS)


def draw(results: Results, material: Material) -> Drawn:
    """How many records of each kind changed, and each change; or that there is nothing to compare with."""
    if material.tables["compared"].is_empty():
        return Drawn(blocks=(), notes=(f"{FIRST} There is no earlier one to compare it with.",))
    counts = _counts(material)
    rows = Group(rows=tuple((label, counts[what]) for what, label in COUNTED.items()))
    columns = [_column(label, name) for name, label in COLUMNS.items()]
    summed = table(titled("changes", cut=_cut(material)), "What", (rows,), columns)
    each = listing("changes", LISTED, material.listings["changes"])
    return Drawn(
        blocks=(summed, each),
        notes=(LISTED.note, *left_out(material, "changes", LISTED), *NOTES, *_cautions(material)),
    )


def answer(material: Material) -> Answer:
    """New, removed and changed episodes, grades, subjects and adverse events."""
    question = "What changed since the last cut?"
    if material.tables["compared"].is_empty():
        return Answer(question=question, headline=(FIRST,), lines=())
    counts = _counts(material)
    new = counts["episode"]["new"]
    told = [(f"{COUNTED[what]}: {_said(counts[what])}",) for what in ("episode", "grade", "subject", "adverse event")]
    settings = counts["setting"]["new"] + counts["setting"]["removed"] + counts["setting"]["changed"]
    if settings:
        told.append((f"{count(settings)} {plural(settings, 'setting')} changed too",))
    if _is_of_another_version(material):
        told.append(("the program changed too",))
    return Answer(
        question=question,
        headline=(f"{count(new)} new {plural(new, 'episode')} of CRS",),
        lines=((f"since the cut of {_cut(material)}",), *told),
    )


def _counts(material: Material) -> Mapping[str, Mapping[str, int]]:
    """The number of records of each kind that are new, removed, changed or only followed longer."""
    found = {(what, kind): n for what, kind, n in material.tables["changes"].select("what", "kind", "n").iter_rows()}
    return {what: {kind: found.get((what, kind), 0) for kind in COLUMNS} for what in COUNTED}


def _column(label: str, name: str) -> Column[Mapping[str, int]]:
    def shown(counts: Mapping[str, int]) -> Phrase:
        return (count(counts[name]),)

    return Column(heading=Heading(label=label), show=shown)


def _said(counts: Mapping[str, int]) -> str:
    parts = [f"{count(counts[kind])} {kind}" for kind in ("new", "removed", "changed") if counts[kind]]
    return ", ".join(parts) or "no change"


def _cut(material: Material) -> str:
    return material.tables["compared"]["cut"][0]


def _is_of_another_version(material: Material) -> bool:
    return material.tables["compared"]["code_version"][0] != material.version


def _cautions(material: Material) -> tuple[str, ...]:
    """What may make numbers differ though no record does, and what was not compared."""
    [compared] = material.tables["compared"].iter_rows(named=True)
    said = [f"Compared with release {compared['release']}, made by crsight {compared['code_version']}."]
    if _is_of_another_version(material):
        said.append("That is another version of the program: a change may be of the program, not of the data.")
    if compared["left_out"]:
        said.append(f"Not compared, for one of the two releases lacks it: {compared['left_out']}.")
    return tuple(said)


SECTION = section("section.t10", draw)
