"""Pages as PDF: tagged, with its fonts in it, the same bytes when made again."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

import typst

from reports.material import Material
from reports.page import CLOSED
from reports.paper.frame import Page, Slot
from reports.paper.letters import FACES, FONTS, TIED, Face, ruler
from reports.paper.pages import pages
from reports.paper.rows import Line, Lines
from reports.paper.setting import FOOT_PT, FOOTER_PT, NOTES_PT, PITCH, SIDE_PT, SLACK_PT, TOP_PT, Setting, setting
from reports.paper.sheets import sheets
from reports.section import Section

# What comes with typst and has more scripts than ours; whatever else there is on the machine comes after it.
_OTHER = "DejaVu Sans Mono"
_PRELUDE = """
#set par(leading: 0pt, spacing: 0pt)
#set block(spacing: 0pt)
#set table(stroke: none, inset: 0pt)
#show heading: set text(weight: "regular")
#show heading: it => block(above: 0pt, below: 0pt, it.body)
#let middle(body) = align(center, body)
#let over(gap, said) = table.cell(inset: (left: 0pt, right: gap), align: center + bottom, said)
#let left-over(said) = table.cell(inset: 0pt, align: bottom, said)
#let rule = table.hline(stroke: 0.5pt)
"""


def tables_pdf(material: Material, sections: Sequence[Section] = CLOSED) -> bytes:
    """Every table and listing of a report as PDF, each page with its titles, headings and footnotes.

    Args:
        material: What they are drawn from.
        sections: What is to be printed.

    Raises:
        MissingResult: If the ARD lacks a number that they print.
    """
    chosen = setting(material)
    printed = (page for sheet in sheets(material, sections) for page in pages(sheet, chosen))
    return _compiled("".join(_document(chosen, printed)), chosen)


def _compiled(source: str, chosen: Setting) -> bytes:
    # Only text that our typeface lacks may make the pages depend on what fonts the machine has.
    is_ours = all(ruler(face).draws(source.replace("\n", "")) for face in FACES.values())
    made = typst.compile(
        source.encode(),
        font_paths=typst.Fonts(font_paths=[str(FONTS)], include_system_fonts=not is_ours),
        timestamp=chosen.made_at,
        # The standard forbids text that no font has, which must not stop a run.
        pdf_standards="ua-1" if is_ours else [],
    )
    if not isinstance(made, bytes):
        raise TypeError(f"typst: made {type(made).__name__} of a document, not bytes; pin the version that does.")
    return made


def text(said: str) -> str:
    r"""The text as a string of typst, in which nothing is markup.

    >>> print(text('#x "y" \\ $z$'))
    "#x \"y\" \\ $z$"
    """
    return '"' + said.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _lines(lines: Lines) -> str:
    return text("\n".join(lines))


def _document(chosen: Setting, printed: Iterable[Page]) -> Iterator[str]:
    width, height = chosen.paper
    yield f"#set document(title: {text(chosen.study)})\n"
    yield f'#set text(font: {_fonts(chosen.face)}, hyphenate: false, ligatures: false, lang: "en")\n'
    yield f"#set text(top-edge: {PITCH - 0.25}em, bottom-edge: -0.25em)\n"
    yield f"#set page(width: {width}pt, height: {height}pt, margin: (x: {SIDE_PT}pt, top: {TOP_PT}pt, "
    yield f"bottom: {FOOT_PT}pt), footer: context {{ set text(size: {FOOTER_PT}pt)\n"
    yield f'grid(columns: (1fr, auto), {text(chosen.footer)}, "Page " + counter(page).display("1") + " of " + '
    yield f"str(counter(page).final().first())) }})\n{_PRELUDE}"
    for number, page in enumerate(printed):
        yield from _page(page, is_new=number > 0)


def _fonts(face: Face) -> str:
    return f'({text(face.free)}, "{_OTHER}")'


def _page(page: Page, *, is_new: bool) -> Iterator[str]:
    yield "#pagebreak()\n" if is_new else ""
    title = f"heading(level: 1, {_lines(page.title)})" if page.is_first else _lines(page.title)
    yield f"#[#set text(font: {_fonts(page.face)}, size: {page.size}pt)\n#show heading: set text(size: {page.size}pt)\n"
    yield f"#block({_lines(page.study)})\n#v(1.2em)\n#middle({title})\n"
    if page.population:
        yield f"#middle({_lines(page.population)})\n"
    yield "#v(0.6em)\n"
    if page.slots:
        yield from _plain(page) if page.is_long else _table(page)
    yield f"#v(0.6em)\n#block(text(size: {NOTES_PT}pt, {_lines(page.notes)}))\n]\n" if any(page.notes) else "]\n"


def _table(page: Page) -> Iterator[str]:
    widths = ", ".join(f"{slot.width + slot.gap:.3f}pt" for slot in page.slots)
    indents = ", ".join(f"(left: {slot.indent:.3f}pt)" for slot in page.slots)
    heads = ", ".join(map(_head, page.slots))
    yield f"#table(columns: ({widths},), inset: ({indents},), table.header(rule, {heads}, rule),\n"
    for row in page.rows:
        yield _row(row, len(page.slots))
    yield "rule)\n"


def _head(slot: Slot) -> str:
    said = _lines(slot.heading)
    return f"left-over({said})" if slot.is_text else f"over({slot.gap - SLACK_PT:.3f}pt, {said})"


def _row(row: Line, columns: int) -> str:
    if row.is_heading:
        return f"table.cell(colspan: {columns}, inset: 0pt, {_lines(row.cells[0])}),\n"
    return "".join(f"{_lines(lines)}," for lines in row.cells) + "\n"


def _plain(page: Page) -> Iterator[str]:
    """The table as lines of text, each value where its column begins."""
    deepest = max(len(slot.heading) for slot in page.slots)
    heads = (*(("",) * (deepest - len(slot.heading)) + slot.heading for slot in page.slots),)
    rule = f"#line(length: {sum(slot.width + slot.gap for slot in page.slots):.3f}pt, stroke: 0.5pt)\n"
    yield f"{rule}#block({_lines(_set(Line(cells=heads), page))})\n{rule}"
    yield f"#block({_lines(tuple(line for row in page.rows for line in _set(row, page)))})\n{rule}"


def _set(row: Line, page: Page) -> Lines:
    if row.is_heading:
        return row.cells[0]
    return tuple(_one(cells, page) for cells in zip_longest(*row.cells, fillvalue=""))


def _one(cells: Sequence[str], page: Page) -> str:
    """One line of a row."""
    width, said, start = ruler(page.face).width, "", 0.0
    for slot, cell in zip(page.slots, cells, strict=True):
        missing = (start + slot.indent) / page.size - width(said)
        said += TIED * round(missing / width(TIED)) + cell if cell else ""
        start += slot.width + slot.gap
    return said
