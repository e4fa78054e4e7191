"""What is known of a simulated trial because it was made: episodes, grades over time, and the dirty rows."""

import numpy as np
import polars as pl

from pipelines.simulate.block import Block
from pipelines.simulate.draws import Ints
from pipelines.simulate.episodes import runs_of
from pipelines.simulate.people import DEATH, NEVER


def true_episodes(block: Block) -> pl.DataFrame:
    """One row per subject in DM and episode; a subject without CRS has one row, of episode 0 and grade 0.

    Returns:
        Identifiers, therapy, dose level and tumour burden; of the episode its number, onset, end (empty when
        ongoing at the data cut), grades, dose number, and the first time of each treatment.
    """
    had = _episodes(block)
    whole = _subjects(block).join(had, on="subject", how="left", maintain_order="left")
    none = dict.fromkeys(("episode", "max_grade", "worst_seen", "reported_grade"), 0)
    filled = [pl.col(name).fill_null(value) for name, value in none.items()]
    return whole.with_columns(*filled, pl.col("ongoing", "fatal").fill_null(False)).drop("subject")


def true_segments(block: Block) -> pl.DataFrame:
    """One row per stretch of time in which an episode's grade, 0 in a gap, did not change.

    The grade is that of the signs: 1 to 4 also in an episode that ends in death.
    """
    course = block.course
    # Gaps are grade 0, which no stretch has: one is added, and taken off again.
    grade, episode = course.seen()
    runs = runs_of(np.where(episode > 0, grade + 1, 0).astype(np.int8))
    end = np.minimum(course.times[runs.subject, runs.stop], course.stops[runs.subject])
    return pl.DataFrame(
        {
            "studyid": np.full(len(end), block.study),
            "usubjid": np.array(block.usubjids)[runs.subject],
            "episode": episode[runs.subject, runs.start].astype(np.int64),
            "start_dtm": _time(block, runs.subject, course.times[runs.subject, runs.start]),
            "end_dtm": _time(block, runs.subject, end),
            "grade": runs.value - 1,
        }
    )


def _subjects(block: Block) -> pl.DataFrame:
    people, preset = block.people, block.preset
    levels = np.array([row.level for row in preset.levels])
    died = people.treated & (block.course.leaves_by == DEATH) & (block.course.leaves < people.cut)
    every = np.arange(len(people.index))
    frame = pl.DataFrame(
        {
            "studyid": np.full(len(every), block.study),
            "usubjid": block.usubjids,
            "subject": every,
            "treated": people.treated,
            "therapy": np.full(len(every), preset.therapy),
            "dose_level": levels[people.level],
            "doses": (block.course.doses < NEVER).sum(axis=1),
            "tumour_burden": people.burden,
            "first_dose_dtm": _time(block, every, np.where(people.treated, 0, NEVER)),
            "death_dtm": _time(block, every, np.where(died, block.course.leaves, NEVER)),
        }
    )
    return frame.with_columns(pl.col("tumour_burden").fill_nan(None)).filter(pl.Series(block.enrolled))


def _episodes(block: Block) -> pl.DataFrame:
    episodes, seen = block.episodes, block.seen
    at, subject = seen.at, episodes.subject[seen.at]
    steroid = np.minimum(episodes.given["DEXAMETHASONE"], episodes.given["STEROIDS"])
    return pl.DataFrame(
        {
            "subject": subject,
            "episode": episodes.number[at],
            "onset_dtm": _time(block, subject, episodes.onset[at]),
            "end_dtm": _time(block, subject, np.where(seen.is_ongoing, NEVER, seen.end)),
            "ongoing": seen.is_ongoing,
            "max_grade": np.where(seen.is_fatal, 5, seen.worst),
            "worst_seen": seen.worst,
            "max_grade_dtm": _time(block, subject, seen.worst_at),
            "first_grade": episodes.first_grade[at],
            "reported_grade": seen.reported,
            "fatal": seen.is_fatal,
            "dose_number": episodes.dose_number[at],
            "waived_from": _time_seen(block, subject, episodes.waived_from[at]),
            "toci_dtm": _time_seen(block, subject, episodes.given["TOCILIZUMAB"][at]),
            "steroid_dtm": _time_seen(block, subject, steroid[at]),
        }
    )


def _time_seen(block: Block, subject: Ints, since: Ints) -> pl.Series:
    return _time(block, subject, np.where(since < block.course.stops[subject], since, NEVER))


def _time(block: Block, subject: Ints, since: Ints) -> pl.Series:
    known = since < NEVER
    minutes = np.where(known, block.people.anchor[subject] + since, 0)
    moment = pl.Series(minutes.astype("datetime64[m]").astype("datetime64[us]"))
    return pl.select(pl.when(pl.Series(known)).then(moment))[:, 0].rename("time")
