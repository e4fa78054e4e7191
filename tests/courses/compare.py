"""The plain reading and the models' answer in one form, hour by hour."""

from collections.abc import Sequence

import polars as pl
from polars.testing import assert_frame_equal

from tests.courses.contract import SCALES
from tests.courses.course import Course
from tests.courses.plain import grade
from tests.courses.raw import hour, usubjid

KEY = ("usubjid", "scale", "episode")
TIMES = ("onset", "end", "max_grade_at", "waived_from")
EPISODES = {
    **dict.fromkeys(("usubjid", "scale"), pl.String),
    "episode": pl.Int64,
    **dict.fromkeys(("onset", "end"), pl.Float64),
    **dict.fromkeys(("grade", "grade_min", "grade_max"), pl.Int64),
    **dict.fromkeys(("max_grade_at", "waived_from"), pl.Float64),
    "dose_number": pl.Int64,
    "ongoing": pl.Boolean,
}
SEGMENTS = {name: EPISODES[name] for name in KEY} | {"start": pl.Float64, "end": pl.Float64, "grade": pl.Int64}


def read_plainly(courses: Sequence[Course]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Episodes and segments of the courses on every scale, as the plain reading has them."""
    found = [
        (usubjid(number), scale, place, episode)
        for number, course in enumerate(courses)
        for scale in sorted(SCALES)
        for place, episode in enumerate(grade(course, scale), start=1)
    ]
    columns = [name for name in EPISODES if name not in KEY]
    episodes = [(*key, *(getattr(episode, name) for name in columns)) for *key, episode in found]
    segments = [(*key, *segment) for *key, episode in found for segment in episode.segments]
    return (
        pl.DataFrame(episodes, schema=EPISODES, orient="row"),
        pl.DataFrame(segments, schema=SEGMENTS, orient="row"),
    )


def in_hours(graded: pl.DataFrame) -> pl.DataFrame:
    """The models' episodes in the form of the plain reading."""
    named = graded.rename(
        {"onset_s": "onset", "end_s": "end", "max_grade_s": "max_grade_at", "waived_s": "waived_from"}
        | {"is_ongoing": "ongoing"}
    )
    return named.with_columns(_hours(name) for name in TIMES).select(*EPISODES).cast(EPISODES)


def one_grade_each(segments: pl.DataFrame) -> pl.DataFrame:
    """The models' segments in the form of the plain reading: neighbours of one grade are one."""
    changed = pl.col("grade").ne_missing(pl.col("grade").shift(1)) | pl.col("start_s").ne_missing(
        pl.col("end_s").shift(1)
    )
    return (
        segments.with_columns(run=changed.cum_sum().over(KEY, order_by="start_s"))
        .group_by(*KEY, "run", maintain_order=True)
        .agg(pl.col("start_s").first().alias("start"), pl.col("end_s").last().alias("end"), pl.col("grade").first())
        .with_columns(_hours("start"), _hours("end"))
        .select(*SEGMENTS)
        .cast(SEGMENTS)
    )


def assert_same(courses: Sequence[Course], found: pl.DataFrame, expected: pl.DataFrame) -> None:
    """The frames are equal; where they are not, the shortest course that differs is told."""
    odd = pl.concat(
        one.join(other, on=one.columns, how="anti", nulls_equal=True).with_columns(by=pl.lit(by))
        for one, other, by in ((expected, found, "plain reading"), (found, expected, "models"))
    )
    if odd.is_empty():
        assert_frame_equal(found, expected)
        return
    names = {usubjid(number): course for number, course in enumerate(courses)}
    shortest = min(odd["usubjid"], key=lambda name: len(repr(names[name])))
    told = odd.filter(pl.col("usubjid") == shortest).sort("scale", "by").to_dicts()
    raise AssertionError("\n".join(map(str, (f"of {odd['usubjid'].n_unique()} subjects:", names[shortest], *told))))


def _hours(name: str) -> pl.Expr:
    return pl.col(name).map_elements(hour, return_dtype=pl.Float64)
