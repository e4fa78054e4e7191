"""Pages: the rows that fit on each, under their headings and above their footnotes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reports.paper.columns import Column, Panel, Plan, columns, plan
from reports.paper.letters import ruler, visible
from reports.paper.rows import CONTINUED, Line, Lines, filled, lines
from reports.paper.setting import CAPS_EM, SIZES_PT, Setting
from reports.paper.sheets import Sheet

NOTES_LATER = "Footnotes: on the last page of this table."
# With less room for rows than this, footnotes go on a page of their own.
_FEWEST_LINES = 12


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A printed column: its width, the gap behind it, how far in its cells begin, and its heading; points."""

    width: float
    gap: float
    indent: float
    is_text: bool
    heading: Lines


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of a table, everything broken into lines.

    Args:
        size: Of letters, in points.
        study: The study's name and title.
        title: Number and caption, and the part of the table.
        population: Who was counted.
        slots: Columns, the stub first; none on a page of footnotes.
        rows: What stands in them.
        notes: Footnotes.
        is_first: Whether the table begins here.
    """

    size: float
    study: Lines
    title: Lines
    population: Lines
    slots: tuple[Slot, ...]
    rows: tuple[Line, ...]
    notes: Lines
    is_first: bool


def pages(sheet: Sheet, setting: Setting) -> Iterator[Page]:
    """The pages of a table or listing: for each stretch of rows, one page for each panel of columns.

    Args:
        sheet: What is to be printed.
        setting: Paper and typeface.
    """
    found = columns(sheet.table, setting.face)
    planned = plan(found, setting.width_pt, SIZES_PT, CAPS_EM)
    frame = _Frame(sheet=sheet, setting=setting, plan=planned)
    panels = [_slots(found, panel, frame) for panel in planned.panels]
    notes, room = frame.notes(), frame.room() - max(len(slot.heading) for slots in panels for slot in slots)
    fits = room - len(notes) >= _FEWEST_LINES
    shown = notes if fits else frame.wrapped(NOTES_LATER)
    printed = lines(sheet.table, found, planned, setting.face)
    stretches = filled(printed, max(room - len(shown), 2), is_listing=sheet.is_listing)
    for place, rows in enumerate(stretches):
        for part, slots in enumerate(panels):
            here = [row.of(planned.panels[part].places) for row in rows]
            yield frame.page(part, place == part == 0, slots, here, shown)
    if not fits:
        yield from frame.of_notes(notes)


@dataclass(frozen=True, kw_only=True)
class _Frame:
    """What stands around the rows of a table."""

    sheet: Sheet
    setting: Setting
    plan: Plan

    def wrapped(self, text: str) -> Lines:
        """The text in lines as wide as the page; an em is left, for widths are rounded."""
        return ruler(self.setting.face).wrapped(visible(text), self.setting.width_pt / self.plan.size - 1)

    def title(self, part: int, is_first: bool) -> Lines:
        """The number and caption; which columns, where they are on several pages."""
        many = len(self.plan.panels)
        said = f"{self.sheet.number}. {self.sheet.caption}"
        said += f" [columns, part {part + 1} of {many}]" if many > 1 else ""
        return self.wrapped(said if is_first else f"{said} {CONTINUED}")

    def notes(self) -> Lines:
        """The footnotes."""
        return tuple(line for note in self.sheet.notes for line in self.wrapped(note))

    def population(self) -> Lines:
        """Who was counted, if anyone."""
        return self.wrapped(self.sheet.population) if self.sheet.population else ()

    def room(self) -> int:
        """How many lines are left for headings, rows and footnotes."""
        taken = (self.wrapped(self.setting.study), self.title(0, False), self.population())
        return self.setting.lines(self.plan.size) - sum(map(len, taken))

    def page(
        self, part: int, is_first: bool, slots: Sequence[Slot], rows: Sequence[Line], notes: Sequence[str]
    ) -> Page:
        """The page of these rows."""
        return Page(
            size=self.plan.size,
            study=self.wrapped(self.setting.study),
            title=self.title(part, is_first),
            population=self.population(),
            slots=tuple(slots),
            rows=tuple(rows),
            notes=tuple(notes),
            is_first=is_first,
        )

    def of_notes(self, notes: Lines) -> Iterator[Page]:
        """Pages of footnotes alone."""
        room = max(self.room(), 1)
        for start in range(0, len(notes), room):
            yield self.page(0, False, (), (), notes[start : start + room])


def _slots(found: Sequence[Column], panel: Panel, frame: _Frame) -> list[Slot]:
    return [_slot(found[place], frame.plan.widths[place], panel.gap, frame) for place in panel.places]


def _slot(column: Column, width: float, gap: float, frame: _Frame) -> Slot:
    """The column in points; numbers stand as one block in its middle."""
    measured, size = ruler(frame.setting.face), frame.plan.size
    block = max((measured.width(line) for cell in {*column.cells} for line in cell.split("\n")), default=0.0)
    indent = 0.0 if column.is_text else max(0.0, (width - block) / 2)
    return Slot(
        width=width * size,
        gap=gap * size,
        indent=indent * size,
        is_text=column.is_text,
        heading=measured.wrapped(column.heading, width),
    )
