"""The analysis results and the listings as a workbook, every text a text."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

import polars as pl
import xlsxturbo
from xlsxturbo.types import ColumnFormat, HeaderFormat, SheetOptions

from reports.material import Material
from reports.paper.letters import visible
from reports.sections.changes import LISTED
from reports.sections.listings import KINDS, Kind, rows_of

# What a sheet and a cell can hold.
MOST_ROWS = 1_048_575
MOST_CHARACTERS = 32_767
_WIDEST = 60
# Text that may need to be changed: control characters, separators other than a space, or more than a cell holds.
_ODD = r"[\p{C}\p{Z}&&[^ ]]"
_HEADING: HeaderFormat = {"bold": True, "wrap_text": True, "align_vertical": "top", "border_bottom": "thin"}
# Else text that begins with = + - @ would become a formula when someone edits the cell.
_TEXT: ColumnFormat = {"quote_prefix": True}
_PROPERTIES = "docProps/core.xml"
Sheet = tuple[pl.DataFrame, str, SheetOptions]


def ard_xlsx(material: Material) -> bytes:
    """A workbook: one sheet of the ARD and one of each listing, with their headings fixed, and filters.

    Args:
        material: What it is made from.
    """
    sheets = [
        *_sheets("ARD", material.ard, {}),
        *(sheet for one in {**KINDS, "changes": LISTED}.items() for sheet in _listing(material, *one)),
    ]
    file = BytesIO()
    xlsxturbo.dfs_to_xlsx(sheets, file)
    return _with_properties(file, _properties(material))


def _listing(material: Material, name: str, kind: Kind) -> Iterator[Sheet]:
    shown = material.listings[name].select(*kind.columns)
    words = [
        pl.Series(name, [write(value) for value in shown[name]], dtype=pl.String)
        for name, (_, write) in kind.columns.items()
        if not shown[name].dtype.is_numeric()
    ]
    formats = {
        label: _decimals(shown[name], write)
        for name, (label, write) in kind.columns.items()
        if shown[name].dtype.is_float()
    }
    labels = {name: label for name, (label, _) in kind.columns.items()}
    cut = "" if shown.height >= rows_of(material, name) else f"First {shown.height} of "
    yield from _sheets(cut + kind.caption.replace(". ", " "), shown.with_columns(words).rename(labels), formats)


def _decimals(values: pl.Series, write: Callable[[object], str | None]) -> str:
    """The number format that shows as many decimals as the listing prints."""
    printed = next((write(value) for value in values if value is not None), None) or ""
    decimals = len(printed.partition(".")[2])
    return "0." + "0" * decimals if decimals else "0"


def _sheets(name: str, frame: pl.DataFrame, formats: Mapping[str, str]) -> Iterator[Sheet]:
    """The table as a sheet, of whose name the first 31 characters are taken; a longer one goes on in further ones.

    Args:
        name: Of the sheet.
        frame: Text, whole numbers and decimals, its columns named by their headings.
        formats: Number formats of some columns.
    """
    clean = frame.with_columns(_clean(column) for column in frame.get_columns() if column.dtype == pl.String)
    told: dict[str, ColumnFormat] = {column: {"num_format": shown} for column, shown in formats.items()}
    texts = {column: _TEXT for column in clean.columns if clean[column].dtype == pl.String}
    options: SheetOptions = {
        "freeze_panes": (1, 1),
        "autofilter": True,
        "column_widths": dict(enumerate(_widths(clean))),
        "column_formats": {**texts, **told},
        "header_format": _HEADING,
    }
    for number, part in enumerate([*clean.iter_slices(MOST_ROWS)] or [clean], start=1):
        yield part, name[:31] if number == 1 else f"{name[:25]} ({number})", options


def _clean(column: pl.Series) -> pl.Series:
    """The column as cells can hold it."""
    odd = column.str.contains(_ODD) | (column.str.len_bytes() > MOST_CHARACTERS)
    if not odd.any():
        return column
    texts = [cell_text(text) if is_odd else text for text, is_odd in zip(column, odd, strict=True)]
    return pl.Series(column.name, texts, dtype=pl.String)


def cell_text(text: str) -> str:
    """The text as a cell can hold it: control characters shown, and its end replaced by a note where it is too long."""
    shown = visible(text)
    # Workbooks count as UTF-16 does.
    units = shown.encode("utf-16-le")
    if len(units) <= 2 * MOST_CHARACTERS:
        return shown
    note = f" [cut: {len(shown):,} characters; crs.duckdb has all of them]"
    return units[: 2 * (MOST_CHARACTERS - len(note))].decode("utf-16-le", "ignore") + note


def _widths(frame: pl.DataFrame) -> Iterator[int]:
    """Widths of the columns in characters: of the longest text, within reason."""
    for column in frame.get_columns():
        longest = column.cast(pl.String).str.len_chars().max()
        yield min(max(longest if isinstance(longest, int) else 0, len(column.name)), _WIDEST) + 2


def _properties(material: Material) -> str:
    told = (material.study, f"data cut {material.cut}", f"crsight {material.version}", f"run {material.run_id}")
    heading = f"{material.study}: {material.title} (closed: by therapy and dose)"
    title, comments = (escape(visible(text)) for text in (heading, " · ".join(told)))
    # Else the workbook would say when it was written, and differ each time.
    created = f"{material.made_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties '
        'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{title}</dc:title><dc:description>{comments}</dc:description>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{created}</dcterms:created></cp:coreProperties>'
    )


def _with_properties(file: BytesIO, properties: str) -> bytes:
    """The workbook with these properties in place of its writer's."""
    made = BytesIO()
    with ZipFile(file) as old, ZipFile(made, "w", ZIP_DEFLATED, compresslevel=4) as new:
        for part in old.infolist():
            new.writestr(part, properties if part.filename == _PROPERTIES else old.read(part), ZIP_DEFLATED, 4)
    return made.getvalue()
