"""Every document of a release: the file it is, and how its bytes are made."""

from collections.abc import Callable
from dataclasses import dataclass

from reports.dictionary import dictionary
from reports.material import Material
from reports.opened.page import open_report
from reports.page import closed_report
from reports.pdf import tables_pdf
from reports.rtf import tables_rtf
from reports.xlsx import ard_xlsx


@dataclass(frozen=True, kw_only=True)
class Document:
    """A document: its name, its file, what it is, how it is made, and whether it is for those who must stay blinded."""

    name: str
    file: str
    about: str
    make: Callable[[Material], bytes]
    is_open: bool = False


DOCUMENTS = (
    Document(
        name="open",
        file="report-open.html",
        about="The open report: all arms together, small counts hidden, for those who must stay blinded.",
        make=lambda material: open_report(material).encode(),
        is_open=True,
    ),
    Document(
        name="closed",
        file="report-closed.html",
        about="The closed report: every number by therapy, dose and tumour burden, for those who may know.",
        make=lambda material: closed_report(material).encode(),
    ),
    Document(
        name="rtf",
        file="tables.rtf",
        about="The tables and listings of the closed report as RTF, titles and footnotes on every page.",
        make=lambda material: tables_rtf(material).encode("ascii"),
    ),
    Document(
        name="pdf",
        file="tables.pdf",
        about="The tables and listings of the closed report as PDF, tagged, its fonts in it.",
        make=tables_pdf,
    ),
    Document(
        name="xlsx",
        file="ard.xlsx",
        about="The analysis results and the listings as a workbook.",
        make=ard_xlsx,
    ),
    Document(
        name="dictionary",
        file="dictionary.html",
        about="The data dictionary: what each table and column of crs.duckdb is.",
        make=lambda material: dictionary(material).encode(),
    ),
)
