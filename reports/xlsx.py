"""The analysis results and the listings as a workbook, every text a text."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC
from io import BytesIO

import polars as pl
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.material import Material
from reports.paper.letters import visible
from reports.sections.listings import KINDS, Kind

# What a sheet and a cell can hold.
MOST_ROWS = 1_048_575
MOST_CHARACTERS = 32_767
_WIDEST = 60
# Text that begins so would become a formula when someone edits the cell.
_LIKE_FORMULAS = ("=", "+", "-", "@")
_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def ard_xlsx(material: Material) -> bytes:
    """A workbook: one sheet of the ARD and one of each listing, with their headings fixed, and filters.

    Args:
        material: What it is made from.
    """
    file = BytesIO()
    with Workbook(file, _OPTIONS) as book:
        book.set_properties(_properties(material))
        sheets = _Sheets(book)
        sheets.add("ARD", material.ard, {name: name for name in material.ard.columns}, {})
        for name, kind in KINDS.items():
            _add_listing(sheets, kind, material.listings[name])
    return file.getvalue()


def _properties(material: Material) -> dict[str, object]:
    told = (material.study, f"data cut {material.cut}", f"crsight {material.version}", f"run {material.run_id}")
    return {
        "title": visible(f"{material.study}: {material.title}"),
        "comments": visible(" · ".join(told)),
        # Without it the workbook would say when it was written, and differ each time.
        "created": material.made_at.astimezone(UTC).replace(tzinfo=None),
    }


def _add_listing(sheets: "_Sheets", kind: Kind, frame: pl.DataFrame) -> None:
    shown = frame.select(*kind.columns)
    words = [
        pl.Series(name, [write(value) for value in shown[name]], dtype=pl.String)
        for name, (_, write) in kind.columns.items()
        if not shown[name].dtype.is_numeric()
    ]
    formats = {
        name: _decimals(shown[name], write) for name, (_, write) in kind.columns.items() if shown[name].dtype.is_float()
    }
    labels = {name: label for name, (label, _) in kind.columns.items()}
    sheets.add(kind.caption.replace(". ", " "), shown.with_columns(words), labels, formats)


def _decimals(values: pl.Series, write: Callable[[object], str | None]) -> str:
    """The number format that shows as many decimals as the listing prints."""
    printed = next((write(value) for value in values if value is not None), None) or ""
    decimals = len(printed.partition(".")[2])
    return "0." + "0" * decimals if decimals else "0"


class _Sheets:
    """The sheets of a workbook."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self._quoted = book.add_format({"quote_prefix": True})

    def add(self, name: str, frame: pl.DataFrame, labels: Mapping[str, str], formats: Mapping[str, str]) -> None:
        """Add a table; one that is longer than a sheet goes on in further ones.

        Args:
            name: Of the sheet, of which the first 31 characters are taken.
            frame: Text, whole numbers and decimals.
            labels: Headings of its columns.
            formats: Number formats of some columns.
        """
        told = {column: self._book.add_format({"num_format": shown}) for column, shown in formats.items()}
        parts = [*frame.iter_slices(MOST_ROWS)] or [frame]
        for number, part in enumerate(parts, start=1):
            sheet = self._book.add_worksheet(name[:31] if number == 1 else f"{name[:25]} ({number})")
            self._fill(sheet, part, labels, told)

    def _fill(
        self, sheet: Worksheet, frame: pl.DataFrame, labels: Mapping[str, str], formats: Mapping[str, Format]
    ) -> None:
        for place, width in enumerate(_widths(frame, labels)):
            sheet.set_column(place, place, width)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, frame.height, frame.width - 1)
        for place, column in enumerate(frame.columns):
            sheet.write_string(0, place, labels[column], self._heading)
        told = [formats.get(column) for column in frame.columns]
        for number, row in enumerate(frame.iter_rows(), start=1):
            for place, value in enumerate(row):
                self._write(sheet, number, place, value, told[place])

    def _write(self, sheet: Worksheet, row: int, place: int, value: object, shown: Format | None) -> None:
        if isinstance(value, str):
            sheet.write_string(row, place, cell_text(value), self._quoted if value.startswith(_LIKE_FORMULAS) else None)
        elif isinstance(value, int | float):
            sheet.write_number(row, place, value, shown)


def cell_text(text: str) -> str:
    """The text as a cell can hold it: control characters shown, and its end replaced by a note where it is too long."""
    shown = visible(text)
    # Workbooks count as UTF-16 does.
    units = shown.encode("utf-16-le")
    if len(units) <= 2 * MOST_CHARACTERS:
        return shown
    note = f" [cut: {len(shown):,} characters; crs.duckdb has all of them]"
    return units[: 2 * (MOST_CHARACTERS - len(note))].decode("utf-16-le", "ignore") + note


def _widths(frame: pl.DataFrame, labels: Mapping[str, str]) -> Iterator[int]:
    """Widths of the columns in characters: of the longest text, within reason."""
    for column in frame.get_columns():
        longest = column.cast(pl.String).str.len_chars().max()
        yield min(max(longest if isinstance(longest, int) else 0, len(labels[column.name])), _WIDEST) + 2
