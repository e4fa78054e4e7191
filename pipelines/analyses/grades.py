"""The grades by which results are split, each with whom it holds."""

import polars as pl

# Name, condition on the subject's highest grade (r.grade; 0 is no CRS, NULL is CRS without a grade).
LEVELS = {
    "any": "r.episodes > 0",
    "1": "r.grade = 1",
    "2": "r.grade = 2",
    "3": "r.grade = 3",
    "4": "r.grade = 4",
    "5": "r.grade = 5",
    ">=2": "r.grade >= 2",
    ">=3": "r.grade >= 3",
    ">=4": "r.grade >= 4",
}
SPLITS = ("any", "1", "2", "3", "4", "5", ">=3")


def chosen(level: str) -> pl.Expr:
    """Whether a row's ``grade`` belongs to the level; every row must be of a subject with a result.

    Args:
        level: A name in ``LEVELS``.
    """
    grade = pl.col("grade")
    if level == "any":
        return grade.is_null() | (grade > 0)
    if level.startswith(">="):
        return (grade >= int(level[2:])).fill_null(False)
    return (grade == int(level)).fill_null(False)
