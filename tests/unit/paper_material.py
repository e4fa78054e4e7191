"""Material that is hard on pages: hostile text, many rows, and other settings."""

import polars as pl

from reports.material import Material
from tests.unit.report_ard import ard
from tests.unit.report_material import listings, material, tables
from tests.unit.report_people import people

HOSTILE = (
    "<script>alert(1)</script>",
    "=HYPERLINK(\"x\",'y')",
    "C:\\par {\\b bold} 50 % \\'e9",
    "a_b^c $x$ #let y = 1 *z* `raw` @ref",
    "שלום עולם",
    "日本語の文",
    "NUL\x00 tab\t bell\x07 line\u2028end \ufffe",
    "𝛼 😀",
)


def hostile() -> Material:
    """Twelve subjects of a study in which all text is hostile."""
    return material(
        people(12),
        title=" ".join(HOSTILE),
        ard=_renamed(),
        tables=_with_levels(),
        listings={**listings(), "deaths": _deaths(), "discordances": listings()["discordances"].clear()},
    )


def _deaths() -> pl.DataFrame:
    row = listings()["deaths"]
    return pl.concat([row.with_columns(usubjid=pl.lit(text), cause=pl.lit(text)) for text in HOSTILE])


def _renamed() -> pl.DataFrame:
    level = pl.col("group1_level")
    return ard(people(12)).with_columns(level.replace({"CAR-T (CD19)": HOSTILE[2], "DL1": HOSTILE[3]}))


def _with_levels() -> dict[str, pl.DataFrame]:
    rows = [("therapy", HOSTILE[2], 9), ("dose", HOSTILE[3], 9)]
    levels = pl.DataFrame(rows, schema=tables()["levels"].schema, orient="row")
    return {**tables(), "levels": pl.concat([tables()["levels"], levels])}


def of_settings(**values: str) -> Material:
    """The made-up study with other settings of its tables."""
    more = pl.DataFrame(
        [("DEMO-1", f"tables.{key}", value) for key, value in values.items()],
        schema=["studyid", "key", "value"],
        orient="row",
    )
    return material(tables={**tables(), "settings": pl.concat([tables()["settings"], more])})


def with_episodes(n: int) -> Material:
    """The made-up study with so many episodes, two to a subject."""
    episodes = listings()["episodes"]
    rows = pl.concat([episodes] * (n // episodes.height)).with_columns(
        usubjid=pl.Series([f"DEMO-1-{i // 2:05d}" for i in range(n)])
    )
    return material(listings={**listings(), "episodes": rows})
