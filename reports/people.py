"""The subjects behind the numbers of a report, small enough to be carried in a page."""

from base64 import b64encode
from collections.abc import Collection, Iterable, Iterator, Mapping

from reports.material import Material
from reports.phrases import Number, Phrase
from reports.section import Answers, Block, Drawn, Fold, Sentence
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
    """Whose the printed numbers are, as short as can be: sets of subjects, and the numbers that have each set.

    A set is a list of steps from one subject to the next, or bits in base 64, a bit a subject, whichever is shorter.
    The numbers of a set are the beginnings of their ids, so many characters each, one after another.
    """
    printed = {number.cell_id for one in drawn for block in one.blocks for number in numbers(block)}
    found = material.behind(printed)
    kept = {cell: tuple(places) for cell, places in found.items() if places is not None and len(places) <= MOST}
    width = _telling(printed)
    cells: dict[tuple[int, ...], list[str]] = {}
    for cell, places in sorted(kept.items()):
        cells.setdefault(places, []).append(cell[:width])
    return {
        "sets": [_packed(places) for places in cells],
        "width": width,
        "cells": ["".join(ids) for ids in cells.values()],
        "left_out": sorted(found.keys() - kept.keys()),
    }


def _telling(ids: Collection[str]) -> int:
    """How many characters tell all ids apart."""
    longest = max(map(len, ids), default=0)
    return next((n for n in range(1, longest) if len({one[:n] for one in ids}) == len(ids)), longest)


def _packed(places: tuple[int, ...]) -> list[int] | str:
    steps = [place - before for before, place in zip((-1, *places), places, strict=False)]
    bits = sum(1 << place for place in places)
    coded = b64encode(bits.to_bytes(places[-1] // 8 + 1, "little")).decode() if places else ""
    return coded if coded and len(coded) < sum(len(str(step)) + 1 for step in steps) else steps


def numbers(block: Block) -> Iterator[Number]:
    """The results printed in a block, those folded in it too."""
    return (part for phrase in _phrases(block) for part in phrase if isinstance(part, Number))


def _phrases(block: Block) -> Iterator[Phrase]:
    if isinstance(block, Table):
        yield from (cell for body in block.bodies for row in body.rows for cell in row.cells)
    elif isinstance(block, Answers):
        yield block.lead
        for answer in block.answers:
            yield from (answer.headline, *answer.lines, *(part.said for part in answer.parts))
    elif isinstance(block, Sentence):
        yield block.said
    elif isinstance(block, Fold):
        yield from (phrase for inner in block.blocks for phrase in _phrases(inner))
