"""The subjects behind the numbers of a report, small enough to be carried in a page."""

from collections.abc import Iterable, Iterator, Mapping

from reports.material import Material
from reports.phrases import Number, Phrase
from reports.section import Answers, Block, Drawn, Fold
from reports.tables import Table
from reports.words import days

COLUMNS = ("Subject", "Therapy", "Dose level", "Tumour burden", "Highest grade", "Onset, day", "Outcome")
# A page that carried more subjects of each number would be too large to open in a meeting.
MOST = 1000


def people(material: Material) -> Mapping[str, object]:
    """The subjects as columns and rows of text, in the order in which numbers name them."""
    return {"columns": COLUMNS, "rows": [_row(row) for row in material.listings["people"].iter_rows(named=True)]}


def _row(row: Mapping[str, object]) -> list[object]:
    onset = row["onset_days"]
    told = ("usubjid", "therapy", "dose_level", "tumour_burden_level", "grade")
    return [*(row[name] for name in told), days(onset) if isinstance(onset, float) else None, row["outcome"]]


def behind(material: Material, drawn: Iterable[Drawn]) -> Mapping[str, object]:
    """Whose the printed numbers are: sets of subjects as steps from one to the next, and each number's set."""
    printed = {number.cell_id for one in drawn for block in one.blocks for number in _numbers(block)}
    found = material.behind(printed)
    kept = {cell: tuple(places) for cell, places in found.items() if len(places) <= MOST}
    sets = {places: place for place, places in enumerate(dict.fromkeys(kept.values()))}
    return {
        "sets": [_steps(places) for places in sets],
        "cells": {cell: sets[places] for cell, places in sorted(kept.items())},
        "left_out": sorted(found.keys() - kept.keys()),
    }


def _steps(places: tuple[int, ...]) -> list[int]:
    return [place - before for before, place in zip((-1, *places), places, strict=False)]


def _numbers(block: Block) -> Iterator[Number]:
    return (part for phrase in _phrases(block) for part in phrase if isinstance(part, Number))


def _phrases(block: Block) -> Iterator[Phrase]:
    if isinstance(block, Table):
        yield from (cell for body in block.bodies for row in body.rows for cell in row.cells)
    elif isinstance(block, Answers):
        yield block.lead
        for answer in block.answers:
            yield from (answer.headline, *answer.lines, *(part.said for part in answer.parts))
    elif isinstance(block, Fold):
        yield from (phrase for inner in block.blocks for phrase in _phrases(inner))
