"""RTF, PDF and workbooks as a reader meets them."""

import re
import subprocess
import zipfile
from collections import Counter
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

from reports.material import Material
from reports.page import CLOSED
from reports.paper.frame import Page
from reports.paper.pages import pages
from reports.paper.setting import setting
from reports.paper.sheets import sheets
from reports.section import Section

_TOKEN = re.compile(r"\\u(-?\d+)\?|\\([\\{}])|\\(~)|\\(line) ")
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def planned(material: Material, sections: Sequence[Section] = CLOSED) -> list[Page]:
    """The pages of the tables and listings of these sections."""
    chosen = setting(material)
    return [page for sheet in sheets(material, sections) for page in pages(sheet, chosen)]


def said(rtf: str) -> str:
    """The text of a part of RTF that has no control words but those of characters."""
    units = _TOKEN.sub(_decoded, rtf)
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le")


def _decoded(found: re.Match) -> str:
    unit, special, space, line = found.groups()
    if unit:
        return chr(int(unit) % 0x10000)
    return special or ("\N{NO-BREAK SPACE}" if space else "\n" if line else "")


def rtf_rows(rtf: str) -> list[tuple[str, ...]]:
    """The rows of all tables, headings too."""
    rows = re.findall(r"\\trowd(.*?)\\row\n", rtf, re.DOTALL)
    return [tuple(said(cell) for cell in re.findall(r"\\intbl[^ ]* (.*?)\\cell(?!x)", row, re.DOTALL)) for row in rows]


def rtf_titles(rtf: str) -> list[str]:
    """The title of each page."""
    return [said(title) for title in re.findall(r"\\keepn ((?:Table|Listing) .*?)\\par\n", rtf, re.DOTALL)]


def squeezed(text: str) -> str:
    """The text without white space, which is put in to align numbers, and where lines end."""
    return re.sub(r"\s", "", text)


def in_office(rtf: str, folder: Path) -> bytes:
    """The RTF as PDF, as LibreOffice lays it out."""
    (folder / "tables.rtf").write_text(rtf, encoding="ascii")
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), "tables.rtf"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return (folder / "tables.pdf").read_bytes()


def pdf_texts(pdf: bytes, *options: str) -> list[str]:
    """The text of each page."""
    made = subprocess.run(["pdftotext", *options, "-", "-"], input=pdf, check=True, capture_output=True)
    return made.stdout.decode().split("\f")[:-1]


def pdf_words(pdf: bytes) -> list[Counter[str]]:
    """The words of each page."""
    return [Counter(text.split()) for text in pdf_texts(pdf, "-layout")]


def words(page: Page) -> Counter[str]:
    """The words of a page as planned, without its footer."""
    lines = [*page.study, *page.title, *page.population, *page.notes]
    headings = [line for slot in page.slots for line in slot.heading]
    cells = [line for row in page.rows for cell in row.cells for line in cell]
    return Counter(word for line in (*lines, *headings, *cells) for word in line.split())


def workbook(content: bytes) -> dict[str, list[list[str | float | None]]]:
    """The rows of each sheet: text as text, numbers as numbers; a formula is an error."""
    with zipfile.ZipFile(BytesIO(content)) as file:
        book = ElementTree.fromstring(file.read("xl/workbook.xml"))
        names = [sheet.attrib["name"] for sheet in book.iter(f"{_SHEET}sheet")]
        shared = ElementTree.fromstring(file.read("xl/sharedStrings.xml"))
        texts = ["".join(text.text or "" for text in item.iter(f"{_SHEET}t")) for item in shared]
        return {name: _rows(file.read(f"xl/worksheets/sheet{i}.xml"), texts) for i, name in enumerate(names, start=1)}


def _rows(xml: bytes, texts: list[str]) -> list[list[str | float | None]]:
    sheet = ElementTree.fromstring(xml)
    assert not [*sheet.iter(f"{_SHEET}f")]
    rows = [{_column(cell): _value(cell, texts) for cell in row} for row in sheet.iter(f"{_SHEET}row")]
    width = 1 + max(place for row in rows for place in row)
    return [[row.get(place) for place in range(width)] for row in rows]


def _column(cell: ElementTree.Element) -> int:
    place = 0
    for letter in re.sub(r"\d", "", cell.attrib["r"]):
        place = 26 * place + ord(letter) - ord("A") + 1
    return place - 1


def _value(cell: ElementTree.Element, texts: list[str]) -> str | float | None:
    value = cell.findtext(f"{_SHEET}v")
    if value is None:
        return None
    return texts[int(value)] if cell.attrib.get("t") == "s" else float(value)
