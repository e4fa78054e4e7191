"""define.xml: what the files of a release hold, in CDISC's Define-XML 2.1.

Source: CDISC Define-XML 2.1 Specification; its example for ADaM.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from itertools import chain
from pathlib import Path

from pipelines.datasets.codelists import Codelist, Term
from pipelines.datasets.content import Content
from pipelines.datasets.define_items import comment, comments, dataset, item, leaves, method
from pipelines.datasets.markup import described, element

NAME = "define.xml"
_NAMESPACES = {
    "xmlns": "http://www.cdisc.org/ns/odm/v1.3",
    "xmlns:def": "http://www.cdisc.org/ns/def/v2.1",
    "xmlns:xlink": "http://www.w3.org/1999/xlink",
}
_ABOUT = """
    Transport files (XPT version 5) and Dataset-JSON 1.1 hold the same variables and records. Parquet files and
    crs.duckdb hold the same values; where a column there is not called as the variable is, the comment of the variable
    says so. Text in transport files is UTF-8, and lengths are bytes. Dates and datetimes are SAS numbers in transport
    files and ISO 8601 text in Dataset-JSON. Text of more than 200 bytes goes on in further variables, which put
    together give it whole. Blanks at the end of a text are not kept.
"""


@dataclass(frozen=True, kw_only=True)
class Study:
    """What the files say of the study: its identifier, its title, and the moment of the data cut."""

    name: str
    title: str
    cut: datetime

    @property
    def oid(self) -> str:
        """The study's OID."""
        return f"STDY.{self.name}"

    @property
    def metadata_oid(self) -> str:
        """The OID of what define.xml says of the study's datasets."""
        return f"MDV.{self.name}"


def write_define(path: Path, study: Study, contents: Sequence[Content], codelists: Mapping[str, Codelist]) -> None:
    """Write define.xml for the datasets beside it; the same bytes for the same data.

    Args:
        path: Where to.
        study: The study.
        contents: The datasets as they are written.
        codelists: The codelists by name.
    """
    about = {
        "FileOID": f"crsight.{study.name}.{study.cut:%Y-%m-%d}",
        "ODMVersion": "1.3.2",
        "FileType": "Snapshot",
        "CreationDateTime": study.cut.isoformat(timespec="seconds"),
        "Originator": "crsight",
        "SourceSystem": "crsight",
        "SourceSystemVersion": version("crsight"),
        "def:Context": "Submission",
    }
    metadata = _metadata(path, study, contents, codelists)
    root = element("ODM", {**_NAMESPACES, **about}, element("Study", {"OID": study.oid}, _names(study), metadata))
    ET.indent(root)
    path.write_bytes(ET.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n")


def _names(study: Study) -> ET.Element:
    texts = {"StudyName": study.name, "StudyDescription": study.title, "ProtocolName": study.name}
    return element("GlobalVariables", {}, *(element(tag, {}, text=text) for tag, text in texts.items()))


def _metadata(path: Path, study: Study, contents: Sequence[Content], codelists: Mapping[str, Codelist]) -> ET.Element:
    pairs = [(content, variable) for content in contents for variable in content.variables]
    return element(
        "MetaDataVersion",
        {
            "OID": study.metadata_oid,
            "Name": f"Study {study.name}, Data Definitions",
            "def:DefineVersion": "2.1.0",
            "def:CommentOID": "COM.MDV",
        },
        _standards(contents, codelists.values()),
        *(dataset(content) for content in contents),
        *(item(path, content, variable, codelists) for content, variable in pairs),
        *(_codelist(codelist) for codelist in codelists.values()),
        *(method(content, variable) for content, variable in pairs if variable.origin == "Derived"),
        comment("COM.MDV", _ABOUT),
        *chain.from_iterable(comments(content) for content in contents),
        *chain.from_iterable(leaves(content) for content in contents),
    )


def _standards(contents: Iterable[Content], codelists: Iterable[Codelist]) -> ET.Element:
    guides = {(content.standard, content.version) for content in contents}
    terms = {(codelist.standard, codelist.version) for codelist in codelists if codelist.standard}
    return element(
        "def:Standards",
        {},
        *(
            element("def:Standard", {"OID": f"STD.{name}", "Name": name, "Type": "IG", **_status(version)})
            for name, version in sorted(guides)
        ),
        *(
            element(
                "def:Standard",
                {"OID": f"STD.CT.{name}", "Name": "CDISC/NCI", "Type": "CT", "PublishingSet": name, **_status(version)},
            )
            for name, version in sorted(terms)
        ),
    )


def _status(version: str | None) -> dict[str, str | None]:
    return {"Version": version, "Status": "Final"}


def _codelist(codelist: Codelist) -> ET.Element:
    about = {
        "OID": f"CL.{codelist.name}",
        "Name": codelist.label,
        "DataType": codelist.type,
        "def:StandardOID": codelist.standard and f"STD.CT.{codelist.standard}",
        "def:IsNonStandard": None if codelist.standard else "Yes",
    }
    is_decoded = any(term.decode for term in codelist.terms)
    terms = (_term(term, number, is_decoded) for number, term in enumerate(codelist.terms, 1))
    return element("CodeList", about, *terms, *_code(codelist.code))


def _term(term: Term, number: int, is_decoded: bool) -> ET.Element:
    about = {
        "CodedValue": term.value,
        "OrderNumber": number,
        "def:ExtendedValue": "Yes" if term.is_extension else None,
    }
    if not is_decoded:
        return element("EnumeratedItem", about, *_code(term.code))
    return element("CodeListItem", about, described(term.decode or term.value, "Decode"), *_code(term.code))


def _code(code: str | None) -> tuple[ET.Element, ...]:
    return () if code is None else (element("Alias", {"Context": "nci:ExtCodeID", "Name": code}),)
