"""A page, and what stands on it around the rows of a table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from reports.paper.columns import Plan
from reports.paper.letters import Face, ruler, visible
from reports.paper.rows import CONTINUED, Line, Lines
from reports.paper.setting import NOTES_PT, Setting
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
        face: Typeface.
        size: Of letters, in points.
        study: The study's name and title.
        title: Number and caption, and the part of the table.
        population: Who was counted.
        slots: Columns, the stub first; none on a page of footnotes.
        rows: What stands in them.
        notes: Footnotes.
        is_first: Whether the table begins here.
        is_long: Whether the table has so many rows that PDF cannot afford a cell for each value.
    """

    face: Face
    size: float
    study: Lines
    title: Lines
    population: Lines
    slots: tuple[Slot, ...]
    rows: tuple[Line, ...]
    notes: Lines
    is_first: bool
    is_long: bool


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What stands around the rows of a table."""

    sheet: Sheet
    setting: Setting
    plan: Plan
    face: Face
    is_long: bool

    def wrapped(self, text: str, size: float | None = None) -> Lines:
        """The text in lines as wide as the page; an em is left, for widths are rounded."""
        return ruler(self.face).wrapped(visible(text), self.setting.width_pt / (size or self.plan.size) - 1)

    def title(self, part: int, is_first: bool) -> Lines:
        """The number and caption; which columns, where they are on several pages."""
        many = len(self.plan.panels)
        said = f"{self.sheet.number}. {self.sheet.caption}"
        said += f" [columns, part {part + 1} of {many}]" if many > 1 else ""
        return self.wrapped(said if is_first else f"{said} {CONTINUED}")

    def notes(self) -> Lines:
        """The footnotes."""
        return tuple(line for note in self.sheet.notes for line in self.wrapped(note, NOTES_PT))

    def taken_by(self, notes: Lines) -> int:
        """How many lines of the table footnotes take, which are set smaller."""
        return ceil(len(notes) * NOTES_PT / self.plan.size)

    def shared(self, room: int, wanted: int) -> tuple[Lines, Lines]:
        """The footnotes of every page of rows, and those that follow the table because rows would have no room.

        Args:
            room: Lines for rows and footnotes.
            wanted: Lines that all rows take.
        """
        notes = self.notes()
        if room - self.taken_by(notes) >= min(_FEWEST_LINES, wanted):
            return notes, ()
        return (NOTES_LATER,), notes

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
            face=self.face,
            size=self.plan.size,
            study=self.wrapped(self.setting.study),
            title=self.title(part, is_first),
            population=self.population(),
            slots=tuple(slots),
            rows=tuple(rows),
            notes=tuple(notes),
            is_first=is_first,
            is_long=self.is_long,
        )

    def of_notes(self, notes: Lines) -> Iterator[Page]:
        """Pages of footnotes alone."""
        room = max(int(self.room() * self.plan.size / NOTES_PT), 1)
        for start in range(0, len(notes), room):
            yield self.page(0, False, (), (), notes[start : start + room])
