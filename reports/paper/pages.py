"""The pages of a table: the rows that fit on each, under their headings and above their footnotes."""

from collections.abc import Iterator, Sequence

from reports.paper.columns import Column, Panel, columns, plan
from reports.paper.frame import Frame, Page, Slot
from reports.paper.letters import FACES, ruler
from reports.paper.rows import filled, lines
from reports.paper.setting import CAPS_EM, LONG_ROWS, SIZES_PT, Setting
from reports.paper.sheets import Sheet


def pages(sheet: Sheet, setting: Setting) -> Iterator[Page]:
    """The pages of a table or listing: for each stretch of rows, one page for each panel of columns.

    Args:
        sheet: What is to be printed.
        setting: Paper and typeface.
    """
    is_long = sum(len(body.rows) for body in sheet.table.bodies) > LONG_ROWS
    # Long ones are plain lines in PDF, which only letters of one width allow.
    face = FACES["courier"] if is_long else setting.face
    found = columns(sheet.table, face)
    planned = plan(found, setting.width_pt, SIZES_PT, CAPS_EM)
    yield from _pages(found, Frame(sheet=sheet, setting=setting, plan=planned, face=face, is_long=is_long))


def _pages(found: Sequence[Column], frame: Frame) -> Iterator[Page]:
    panels = [(panel, _slots(found, panel, frame)) for panel in frame.plan.panels]
    bundles = lines(frame.sheet.table, found, frame.plan, frame.face)
    room = frame.room() - max(len(slot.heading) for _, slots in panels for slot in slots)
    notes, later = frame.shared(room, sum(bundle.height for bundle in bundles))
    stretches = filled(bundles, max(room - frame.taken_by(notes), 2), is_listing=frame.sheet.is_listing)
    for place, rows in enumerate(stretches):
        for part, (panel, slots) in enumerate(panels):
            yield frame.page(part, place == part == 0, slots, [row.of(panel.places) for row in rows], notes)
    yield from frame.of_notes(later)


def _slots(found: Sequence[Column], panel: Panel, frame: Frame) -> list[Slot]:
    return [_slot(found[place], frame.plan.widths[place], panel.gap, frame) for place in panel.places]


def _slot(column: Column, width: float, gap: float, frame: Frame) -> Slot:
    """The column in points; numbers stand as one block in its middle."""
    measured, size = ruler(frame.face), frame.plan.size
    block = max((measured.width(line) for cell in {*column.cells} for line in cell.split("\n")), default=0.0)
    indent = 0.0 if column.is_text else max(0.0, (width - block) / 2)
    return Slot(
        width=width * size,
        gap=gap * size,
        indent=indent * size,
        is_text=column.is_text,
        heading=measured.wrapped(column.heading, width),
    )
