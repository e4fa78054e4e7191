"""DM and DS: who the subjects are, and how they left."""

import numpy as np
import polars as pl
import pyarrow as pa

from pipelines.simulate.block import Block
from pipelines.simulate.draws import Bools, Ints
from pipelines.simulate.events import DAY, MINUTE, numbered, records
from pipelines.simulate.people import DEATH, MINUTES_A_DAY, NEVER, NOT_TREATED, SCREEN_FAILURE
from pipelines.simulate.tables import iso, table

_RACES = np.array(["WHITE", "ASIAN", "BLACK OR AFRICAN AMERICAN", "NOT REPORTED"])
_COUNTRIES = np.array(["USA", "DEU", "FRA", "GBR", "JPN", "ESP"])
_WAYS_OUT = np.array(["COMPLETED", "DEATH", "WITHDRAWAL BY SUBJECT"])
_SCREENING = 5 * MINUTES_A_DAY


def demographics(block: Block) -> pa.Table:
    """DM: one row a subject who consented before the data cut."""
    people, who = block.people, np.flatnonzero(block.enrolled)
    site = people.site[who]
    usubjids = np.array(block.usubjids)[who]
    own = {
        "STUDYID": np.full(len(who), block.study),
        "DOMAIN": np.full(len(who), "DM"),
        "USUBJID": usubjids,
        "SUBJID": _texts(np.array([name.removeprefix(f"{block.study}-") for name in usubjids])),
        "SITEID": np.array([f"{number:03d}" for number in site], "U3"),
        "AGE": people.age[who],
        "AGEU": np.full(len(who), "YEARS"),
        "SEX": np.where(people.is_male[who], "M", "F"),
        "RACE": _RACES[people.race[who]],
        "COUNTRY": _COUNTRIES[site % len(_COUNTRIES)],
    }
    return table("DM", {**own, **_arms(block, who), **_references(block, who), **_death(block, who)})


def dispositions(block: Block) -> pl.DataFrame:
    """DS: consent of all, and how those left who did before the data cut."""
    people, course = block.people, block.course
    consented = np.flatnonzero(block.enrolled)
    failed = np.flatnonzero(block.enrolled & (people.fate == SCREEN_FAILURE))
    untreated = np.flatnonzero(block.enrolled & (people.fate == NOT_TREATED))
    left = np.flatnonzero(people.treated & (course.leaves < people.cut))
    frames = [
        _disposition(consented, people.consent, "INFORMED CONSENT OBTAINED", "PROTOCOL MILESTONE"),
        _disposition(failed, people.consent + _SCREENING, "SCREEN FAILURE"),
        _disposition(untreated, np.full(len(people.cut), -MINUTES_A_DAY), "PROGRESSIVE DISEASE"),
        _disposition(left, course.leaves, _WAYS_OUT[course.leaves_by[left]]),
    ]
    return numbered("DS", frames, block)


def _arms(block: Block, who: Ints) -> dict[str, pa.Array]:
    """Planned and actual arm; a subject who was assigned and never treated has no actual one."""
    level, failed = block.people.level[who], block.people.fate[who] == SCREEN_FAILURE
    name = np.where(failed, "Screen Failure", np.array([row.arm for row in block.preset.levels])[level])
    code = np.where(failed, "SCRNFAIL", np.char.add("A", (level + 1).astype(str)))
    untreated = ~failed & ~block.people.treated[who]
    return {
        "ARMCD": _texts(code),
        "ARM": _texts(name),
        "ACTARMCD": _texts(code, untreated),
        "ACTARM": _texts(name, untreated),
        "ARMNRS": _texts(np.full(len(who), "ASSIGNED, NOT TREATED"), ~untreated),
    }


def _references(block: Block, who: Ints) -> dict[str, pa.Array]:
    people, course = block.people, block.course
    anchor, treated = people.anchor[who], people.treated[who]
    last_dose = np.where(course.doses < NEVER, course.doses, 0).max(axis=1)[who]
    ended = np.where(treated, course.stops[who], np.minimum(people.consent[who] + _SCREENING, people.cut[who])) - 1
    first, last = (iso(np.where(treated, anchor + since, NEVER)) for since in (0, last_dose))
    return {
        "RFSTDTC": first,
        "RFENDTC": last,
        "RFXSTDTC": first,
        "RFXENDTC": last,
        "RFICDTC": _by_day(anchor + people.consent[who]),
        "RFPENDTC": _by_day(anchor + ended),
    }


def _death(block: Block, who: Ints) -> dict[str, pa.Array]:
    """Death of CRS to the minute, other deaths to the day."""
    course, people = block.course, block.people
    died = people.treated & (course.leaves_by == DEATH) & (course.leaves < people.cut)
    moment = np.where(died, people.anchor + course.leaves, NEVER)[who]
    of_crs = (course.died_of_crs & died)[who]
    date = pl.Series(iso(moment)).str.slice(0, pl.Series(np.where(of_crs, MINUTE, DAY)))
    return {"DTHDTC": date.to_arrow(), "DTHFL": _texts(np.full(len(who), "Y"), ~died[who])}


def _by_day(minutes: Ints) -> pa.Array:
    return pl.Series(iso(minutes)).str.slice(0, DAY).to_arrow()


def _texts(words: np.ndarray, blank: Bools | None = None) -> pa.Array:
    return pa.array(words.astype(str), pa.string(), mask=blank)


def _disposition(who: Ints, start: Ints, term: np.ndarray | str, category: str = "DISPOSITION EVENT") -> pl.DataFrame:
    return records(who, start[who], start_kept=DAY, DSTERM=term, DSDECOD=term, DSCAT=category)
