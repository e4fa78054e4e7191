"""L1 to L5: episodes, deaths, interventions, discordances and adjudicated grades, subject by subject."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from reports.material import Material
from reports.results import Results
from reports.section import Drawn, section
from reports.tables import Heading, Listing
from reports.titles import titled
from reports.words import count, days


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A listing: its caption, what it says of itself, which table of the release has all its rows, and its columns.

    A column has its heading and how its values are written.
    """

    caption: str
    note: str
    kept_in: str
    columns: Mapping[str, tuple[str, Callable[[object], str | None]]]


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _days(value: object) -> str | None:
    return days(value) if isinstance(value, float) else _text(value)


def _whole(value: object) -> str | None:
    return f"{value:.0f}" if isinstance(value, float) else _text(value)


def _flag(value: object) -> str | None:
    return "Y" if value is True else None


WHO = {"usubjid": ("Subject", _text)}
STRATA = {
    "therapy": ("Therapy", _text),
    "dose_level": ("Dose level", _text),
    "tumour_burden_level": ("Tumour burden", _text),
}
KINDS = {
    "episodes": Kind(
        caption=titled("episodes"),
        note="L1: one row an episode; the grade with the lowest and highest compatible with the records; days from the "
        "first dose; the end of an ongoing episode is the last moment known.",
        kept_in="adcrs",
        columns={
            **WHO,
            **STRATA,
            "episode": ("Episode", _text),
            "onset": ("Onset", _text),
            "onset_days": ("Day", _days),
            "ended": ("End", _text),
            "duration_days": ("Days", _days),
            "grade": ("Grade", _text),
            "grade_min": ("Lowest", _text),
            "grade_max": ("Highest", _text),
            "outcome": ("Outcome", _text),
            "ongoing": ("Ongoing", _flag),
            "tocilizumab": ("Tocilizumab", _text),
            "corticosteroid": ("Corticosteroid", _text),
            "vasopressor": ("Vasopressor", _flag),
            "respiratory_support": ("Respiratory support", _text),
            "icu": ("ICU", _flag),
        },
    ),
    "deaths": Kind(
        caption=titled("deaths"),
        note="L2: cause as recorded in DD, the primary one first.",
        kept_in="adsl",
        columns={
            **WHO,
            **STRATA,
            "died": ("Died", _text),
            "death_day": ("Day", _whole),
            "cause": ("Cause", _text),
            "grade": ("Highest grade of CRS", _text),
            "outcome": ("Outcome of CRS", _text),
        },
    ),
    "treatments": Kind(
        caption=titled("interventions"),
        note="L3: every record of a drug, device or stay that CRS may need, whether given for CRS or not.",
        kept_in="treatment_records",
        columns={
            **WHO,
            "grade": ("Highest grade", _text),
            "treatment": ("Intervention", lambda value: str(value).replace("_", " ")),
            "name": ("As recorded", _text),
            "started": ("Start", _text),
            "start_day": ("Day", _whole),
            "ended": ("End", _text),
            "occasion": ("Occasion", _text),
            "episode": ("Episode", _text),
        },
    ),
    "discordances": Kind(
        caption=titled("discordances"),
        note="L4: a finding to look into, not an error; crsight explain and the subject shows the evidence of both.",
        kept_in="discordances",
        columns={
            **WHO,
            "reported_scale": ("Reported on", _text),
            "scale": ("Derived on", _text),
            "reported_grade": ("Reported grade", _text),
            "derived_grade": ("Derived grade", _text),
            "derived_min": ("Lowest", _text),
            "derived_max": ("Highest", _text),
            "adjudicated_grade": ("Adjudicated grade", _text),
            "finding": ("Finding", _text),
            "reported_onset_days": ("Reported onset, day", _days),
            "derived_onset_days": ("Derived onset, day", _days),
            "is_explained_by_uncertainty": ("Within what the records allow", _flag),
        },
    ),
    "adjudications": Kind(
        caption=titled("adjudications"),
        note="L5: grades that people gave episodes, beside the reported one and the derived one on the same scale, of "
        "the episode or what overlaps it; 0 is no CRS. No number of this report is made from them.",
        kept_in="adjudications",
        columns={
            **WHO,
            "source": ("Episode from", _text),
            "episode": ("Episode", _text),
            "scale": ("Scale", _text),
            "adjudicated_grade": ("Adjudicated grade", _text),
            "reported_grade": ("Reported grade", _text),
            "reported_scale": ("Reported on", _text),
            "derived_grade": ("Derived grade", _text),
            "reason": ("Reason", _text),
            "adjudicator": ("Adjudicator", _text),
            "adjudicated_at": ("Decided", _text),
        },
    ),
}


def draw(results: Results, material: Material) -> Drawn:
    """The listings, and what each says of itself."""
    blocks = tuple(listing(name, kind, material.listings[name]) for name, kind in KINDS.items())
    notes = (note for name, kind in KINDS.items() for note in (kind.note, *left_out(material, name, kind)))
    return Drawn(blocks=blocks, notes=tuple(notes))


def left_out(material: Material, name: str, kind: Kind) -> tuple[str, ...]:
    """What is said of a listing that has more rows than are here; nothing of others."""
    shown, of_all = material.listings[name].height, rows_of(material, name)
    if shown >= of_all:
        return ()
    return (f"The first {count(shown)} of {count(of_all)} rows; all of them are in {kind.kept_in} of crs.duckdb.",)


def rows_of(material: Material, name: str) -> int:
    """How many rows the listing has, those left out too."""
    listed = material.tables["listed"]
    return int(listed.filter(pl.col("listing") == name)["rows"].sum())


def listing(name: str, kind: Kind, rows: pl.DataFrame) -> Listing:
    """The rows as a listing of this kind.

    Args:
        name: Unique in a report.
        kind: Its caption and columns.
        rows: The records, with these columns.
    """
    written = [write for _, write in kind.columns.values()]
    return Listing(
        name=name,
        caption=kind.caption,
        headings=tuple(Heading(label=label, is_text=True) for label, _ in kind.columns.values()),
        rows=tuple(
            tuple(write(value) for write, value in zip(written, row, strict=True))
            for row in rows.select(*kind.columns).iter_rows()
        ),
    )


SECTION = section("section.listings", draw)
