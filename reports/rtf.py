"""Pages as RTF, for word processors and for filing."""

from collections.abc import Iterable, Iterator, Sequence

from reports.material import Material
from reports.page import CLOSED
from reports.paper.frame import Page, Slot
from reports.paper.letters import FACES, Face
from reports.paper.pages import pages
from reports.paper.rows import Line, Lines
from reports.paper.setting import FOOT_PT, FOOTER_PT, NOTES_PT, PITCH, SIDE_PT, SLACK_PT, TOP_PT, Setting, setting
from reports.paper.sheets import sheets
from reports.section import Section

_SPECIAL = {"\\": "\\\\", "{": "\\{", "}": "\\}", "\n": "\\line ", "\N{NO-BREAK SPACE}": "\\~"}
_NEW_PAGE = "\\pagebb"
_OUTLINED = "\\s1\\outlinelevel0"
_RULE = "\\brdrs\\brdrw10"
_TOP, _BOTTOM = f"\\clbrdrt{_RULE}", f"\\clbrdrb{_RULE}"


def tables_rtf(material: Material, sections: Sequence[Section] = CLOSED) -> str:
    """Every table and listing of a report as RTF, each page with its titles, headings and footnotes.

    Args:
        material: What they are drawn from.
        sections: What is to be printed.

    Raises:
        MissingResult: If the ARD lacks a number that they print.
    """
    chosen = setting(material)
    printed = (page for sheet in sheets(material, sections) for page in pages(sheet, chosen))
    return "".join(_document(chosen, printed))


def escaped(text: str) -> str:
    r"""The text as RTF that shows it, whatever is in it.

    >>> print(escaped("a\\b {1_2^3} ≥ 𝛼"))
    a\\b \{1_2^3\} \u8805? \u-10187?\u-8452?
    """
    if text.isascii() and not any(special in text for special in _SPECIAL):
        return text
    return "".join(_SPECIAL.get(c) or (c if c.isascii() else _unicode(c)) for c in text)


def _unicode(character: str) -> str:
    """UTF-16 code units as the signed numbers that RTF wants."""
    units = character.encode("utf-16-le")
    pairs = (int.from_bytes(units[i : i + 2], "little", signed=True) for i in range(0, len(units), 2))
    return "".join(f"\\u{pair}?" for pair in pairs)


def _twips(points: float) -> int:
    return round(points * 20)


def _document(chosen: Setting, printed: Iterable[Page]) -> Iterator[str]:
    width, height = map(_twips, chosen.paper)
    at = chosen.made_at
    fonts = (f"{{\\f{i}\\{face.family} {face.name};}}" for i, face in enumerate(FACES.values()))
    yield "{\\rtf1\\ansi\\ansicpg1252\\deff0\\uc1"
    yield f"{{\\fonttbl{''.join(fonts)}}}"
    yield "{\\stylesheet{\\s0 Normal;}{\\s1\\outlinelevel0\\sb0\\sa0 heading 1;}}"
    yield f"{{\\info{{\\title {escaped(chosen.study)}}}"
    yield f"{{\\creatim\\yr{at.year}\\mo{at.month}\\dy{at.day}\\hr{at.hour}\\min{at.minute}}}}}\n"
    yield f"\\paperw{width}\\paperh{height}\\landscape\\lndscpsxn"
    yield f"\\margl{_twips(SIDE_PT)}\\margr{_twips(SIDE_PT)}\\margt{_twips(TOP_PT)}\\margb{_twips(FOOT_PT)}"
    yield f"\\footery{_twips(FOOT_PT / 2)}\\widowctrl0\n{_footer(chosen)}\n"
    for number, page in enumerate(printed):
        yield from _page(page, is_new=number > 0)
    yield "}\n"


def _footer(chosen: Setting) -> str:
    number, count = (f"{{\\field{{\\*\\fldinst {{{name}}}}}{{\\fldrslt 1}}}}" for name in ("PAGE", "NUMPAGES"))
    right = f"\\tqr\\tx{_twips(chosen.width_pt)}"
    said = f"{escaped(chosen.footer)}\\tab Page {number} of {count}"
    return f"{{\\footer\\pard\\plain{_font(chosen.face)}\\fs{_half(FOOTER_PT)}{right} {said}\\par}}"


def _font(face: Face) -> str:
    return f"\\f{[*FACES.values()].index(face)}"


def _half(points: float) -> int:
    """Sizes of letters are in half points."""
    return round(points * 2)


def _page(page: Page, *, is_new: bool) -> Iterator[str]:
    pitch = _twips(page.size * PITCH)
    plain, small = _plain(page, page.size), _plain(page, NOTES_PT)
    yield f"{plain}{_NEW_PAGE if is_new else ''} {_said(page.study)}\\par\n"
    yield f"{plain}{_OUTLINED if page.is_first else ''}\\qc\\sb{pitch}\\keepn {_said(page.title)}\\par\n"
    if page.population:
        yield f"{plain}\\qc\\keepn {_said(page.population)}\\par\n"
    yield f"{plain}\\sl-{pitch // 2}\\keepn\\par\n"
    if page.slots:
        yield from _table(page, plain)
    yield f"{small}\\sb{pitch // 2} {_said(page.notes)}\\par\n"


def _plain(page: Page, size: float) -> str:
    """What begins a paragraph of this size."""
    return f"\\pard\\plain{_font(page.face)}\\fs{_half(size)}\\sl-{_twips(size * PITCH)}\\slmult0"


def _said(lines: Lines) -> str:
    return "\\line ".join(map(escaped, lines))


def _table(page: Page, plain: str) -> Iterator[str]:
    text, last = plain + "\\intbl", len(page.rows) - 1
    edges = _edges(page.slots)
    head = "".join(f"\\clvertalb{_TOP}{_BOTTOM}\\cellx{edge}" for edge in edges)
    names = (f"{text}{_over(slot)} {_said(slot.heading)}\\cell" for slot in page.slots)
    yield f"\\trowd\\trgaph0\\trhdr\\trkeep{head}{''.join(names)}\\row\n"
    for number, row in enumerate(page.rows):
        rule = _BOTTOM if number == last else ""
        yield _row(row, page.slots, edges, rule, text)


def _over(slot: Slot) -> str:
    """How a heading stands: over text on the left, over numbers in the middle."""
    return "" if slot.is_text else f"\\qc\\ri{_twips(slot.gap - SLACK_PT)}"


def _edges(slots: Sequence[Slot]) -> list[int]:
    return [_twips(sum(slot.width + slot.gap for slot in slots[: i + 1])) for i in range(len(slots))]


def _row(row: Line, slots: Sequence[Slot], edges: Sequence[int], rule: str, text: str) -> str:
    if row.is_heading:
        return f"\\trowd\\trgaph0\\trkeep{rule}\\cellx{edges[-1]}{text} {_said(row.cells[0])}\\cell\\row\n"
    ends = "".join(f"{rule}\\cellx{edge}" for edge in edges)
    cells = "".join(
        f"{text}\\li{_twips(slot.indent)} {_said(lines)}\\cell" for slot, lines in zip(slots, row.cells, strict=True)
    )
    return f"\\trowd\\trgaph0\\trkeep{ends}{cells}\\row\n"
