"""CRS as the investigator reported it: adverse events in the study's form, and daily grades."""

import numpy as np
import polars as pl

from pipelines.simulate.block import Block
from pipelines.simulate.course import Grades
from pipelines.simulate.draws import Ints
from pipelines.simulate.episodes import runs_of
from pipelines.simulate.events import DAY, MINUTE, numbered, records
from pipelines.simulate.people import MINUTES_A_DAY, NEVER

CRS = "Cytokine release syndrome"
_TERMS = np.array([CRS, "CYTOKINE RELEASE SYNDROME", "CRS", "Cytokine release syndrome (CRS)"])
_TERM_SHARES = (0.5, 0.2, 0.15, 0.15)
_UNCODED = 0.01
# Shares of episodes with one record that are dated only by day, and that are over without an end date.
_DATED_BY_DAY, _END_UNRECORDED = 0.04, 0.01
# Daily grades are collected for some days after the monitoring that the protocol asks for.
_DAYS_AFTER_MONITORING = 5


def crs_events(block: Block) -> pl.DataFrame:
    """Records of CRS in AE: one a change of grade, or one an episode with its highest grade."""
    return _grade_changes(block) if block.preset.report_form == "grade changes" else _highest_grades(block)


def daily_grades(block: Block) -> pl.DataFrame:
    """FA: the highest reported grade of CRS on each day, 0 included, where the study collects that."""
    collected = block.preset.report_form == "daily grades"
    grades = _grades_by_day(block)
    subject, day = np.nonzero((grades >= 0) & collected)
    # Noon: any time on the day, since only the day is recorded.
    start = day * MINUTES_A_DAY + MINUTES_A_DAY // 2 - block.people.anchor[subject] % MINUTES_A_DAY
    grade = grades[subject, day]
    texts = {"FAORRES": grade.astype(str), "FASTRESC": grade.astype(str), "FASTRESN": grade.astype(float)}
    about = {"FATESTCD": "TOXGR", "FATEST": "Toxicity Grade", "FAOBJ": CRS}
    return numbered("FA", [records(subject, start, start_kept=DAY, **about, **texts)], block)


def _grade_changes(block: Block) -> pl.DataFrame:
    episodes, course = block.episodes, block.course
    runs = runs_of(_reported_grades(block))
    place = np.zeros((len(course.stops), block.preset.most_episodes + 1), np.int64)
    place[episodes.subject, episodes.number] = np.arange(len(episodes.subject))
    at = place[runs.subject, course.episode[runs.subject, runs.start]]
    after = course.times[runs.subject, runs.stop]
    fatal = episodes.is_fatal[at] & (after == episodes.end[at]) & (after <= course.stops[runs.subject])
    start = course.times[runs.subject, runs.start]
    said = {"grade": np.where(fatal, 5, runs.value), "is_fatal": fatal, "end_unrecorded": np.zeros(len(at), bool)}
    return _crs(block, at, start, after, **said)


def _highest_grades(block: Block) -> pl.DataFrame:
    seen = block.seen
    told = np.flatnonzero(seen.reported > 0)
    at, fatal, ongoing = seen.at[told], seen.is_fatal[told], seen.is_ongoing[told]
    unrecorded = (_asked(block, "crs end unrecorded", at) < _END_UNRECORDED) & ~ongoing & ~fatal
    stop = np.where(ongoing | unrecorded, NEVER, seen.end[told])
    kept = np.where(_asked(block, "crs dated by day", at) < _DATED_BY_DAY, DAY, MINUTE)
    said = {"grade": seen.reported[told], "is_fatal": fatal, "end_unrecorded": unrecorded}
    return _crs(block, at, block.episodes.onset[at], stop, start_kept=kept, stop_kept=kept, **said)


def _crs(block: Block, at: Ints, start: Ints, stop: Ints, **said: np.ndarray) -> pl.DataFrame:
    """Records of the episodes at ``at``; an uncoded one is named in full, or nobody could tell what it is."""
    number = block.episodes.number[at]
    uncoded = _asked(block, "crs uncoded", at) < _UNCODED
    term = np.searchsorted(np.cumsum(_TERM_SHARES)[:-1], _asked(block, "crs term", at), side="right")
    coded = {"AEDECOD": CRS, "AEBODSYS": "Immune system disorders", "AEREL": "RELATED"}
    named = {"AETERM": _TERMS[np.where(uncoded, 0, term)], "AEGRPID": np.char.add("CRS-", number.astype(str))}
    frame = records(block.episodes.subject[at], start, stop, episode=number, **coded, **named, **said)
    return frame.with_columns(pl.when(~pl.Series(uncoded)).then(pl.col("AEDECOD", "AEBODSYS")))


def _reported_grades(block: Block) -> Grades:
    """Each slot's grade as the investigator saw it: the worst of an episode may be told a grade off."""
    episodes, grade = block.episodes, block.course.grade
    told, worst = (np.zeros((len(grade), block.preset.most_episodes + 1), np.int8) for _ in range(2))
    told[episodes.subject, episodes.number] = episodes.told
    worst[episodes.subject, episodes.number] = episodes.worst
    number = block.course.episode.astype(np.int64)
    told, worst = np.take_along_axis(told, number, axis=1), np.take_along_axis(worst, number, axis=1)
    return np.where(grade == worst, told, np.minimum(grade, told))


def _grades_by_day(block: Block) -> Ints:
    """Highest reported grade by day since that of the first dose; -1 where nothing was collected."""
    course = block.course
    reported = np.where(course.times[:, :-1] < course.stops[:, None], _reported_grades(block), 0)
    days = block.preset.horizon_days + 2
    minute = block.people.anchor % MINUTES_A_DAY
    last = (course.stops + minute - 1) // MINUTES_A_DAY
    last = np.minimum(last, block.preset.monitor_days + _DAYS_AFTER_MONITORING)
    collected = (np.arange(days) <= last[:, None]) & block.people.treated[:, None]
    grades = np.where(collected, 0, -1)
    subject, slot = np.nonzero(reported)
    until = np.minimum(course.times[subject, slot + 1], course.stops[subject]) - 1
    for moment in (course.times[subject, slot], until):
        np.maximum.at(grades, (subject, (moment + minute[subject]) // MINUTES_A_DAY), reported[subject, slot])
    return grades


def _asked(block: Block, name: str, at: Ints) -> np.ndarray:
    drawn = block.draws.uniform(name, block.preset.most_episodes)
    return drawn[block.episodes.subject[at], block.episodes.number[at] - 1]
