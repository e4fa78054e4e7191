"""The datasets and variables of define.xml: what each is, where it is from, and what is to be known of it."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipelines.datasets.codelists import Codelist
from pipelines.datasets.content import Content, Variable
from pipelines.datasets.markup import described, element
from pipelines.datasets.measures import measured

# The transport file is where define.xml says that the dataset is; the others are named in its comment.
ARCHIVE, OTHERS = "xpt", ("json", "parquet")


def dataset(content: Content) -> ET.Element:
    """The ItemGroupDef of a dataset, with its variables in order."""
    about = {
        "OID": f"IG.{content.name}",
        "Name": content.name,
        "SASDatasetName": content.name,
        "Repeating": "No" if len(content.keys) == 2 else "Yes",
        "IsReferenceData": "No",
        "Purpose": "Analysis",
        "def:StandardOID": f"STD.{content.standard}",
        "def:Structure": content.structure,
        "def:ArchiveLocationID": _leaf_id(content, ARCHIVE),
        "def:CommentOID": f"COM.{content.name}",
        "def:HasNoData": None if content.rows.height else "Yes",
    }
    subclass = [element("def:SubClass", {"Name": content.subclass})] if content.subclass else []
    return element(
        "ItemGroupDef",
        about,
        described(content.label),
        *(_reference(content, variable, number) for number, variable in enumerate(content.variables, 1)),
        element("def:Class", {"Name": content.dataset_class}, *subclass),
        _leaf(content, ARCHIVE),
    )


def _reference(content: Content, variable: Variable, number: int) -> ET.Element:
    name = f"{content.name}.{variable.name}"
    about = {
        "ItemOID": f"IT.{name}",
        "OrderNumber": number,
        "Mandatory": "No" if variable.key is None else "Yes",
        "KeySequence": variable.key,
        "MethodOID": f"MT.{name}" if variable.origin == "Derived" else None,
    }
    return element("ItemRef", about)


def item(path: Path, content: Content, variable: Variable, codelists: Mapping[str, Codelist]) -> ET.Element:
    """The ItemDef of a variable.

    Args:
        path: For errors.
        content: The dataset.
        variable: One of its variables.
        codelists: Those that have values, by name.
    """
    name, size = f"{content.name}.{variable.name}", measured(path, content.rows[variable.name])
    about = {
        "OID": f"IT.{name}",
        "Name": variable.name,
        "SASFieldName": variable.name,
        "DataType": size.type,
        "Length": size.length,
        "SignificantDigits": size.decimals,
        "def:DisplayFormat": variable.format,
        "def:CommentOID": f"COM.{name}" if _remark(content, variable) else None,
    }
    coded = (
        [element("CodeListRef", {"CodeListOID": f"CL.{variable.codelist}"})] if variable.codelist in codelists else []
    )
    return element("ItemDef", about, described(variable.label), *coded, _origin(variable))


def _origin(variable: Variable) -> ET.Element:
    if variable.predecessor:
        return element("def:Origin", {"Type": "Predecessor"}, described(variable.predecessor))
    return element("def:Origin", {"Type": variable.origin, "Source": "Sponsor"})


def method(content: Content, variable: Variable) -> ET.Element:
    """The MethodDef of a derived variable: what the comment of its column says."""
    name = f"{content.name}.{variable.name}"
    about = {"OID": f"MT.{name}", "Name": name, "Type": "Computation"}
    return element("MethodDef", about, described(variable.about))


def comments(content: Content) -> Iterator[ET.Element]:
    """The comments on a dataset, which names its other files, and on those of its variables that need one."""
    files = (element("def:DocumentRef", {"leafID": _leaf_id(content, ending)}) for ending in OTHERS)
    yield comment(f"COM.{content.name}", content.about, *files)
    for variable in content.variables:
        if remark := _remark(content, variable):
            yield comment(f"COM.{content.name}.{variable.name}", remark)


def comment(oid: str, text: str, *files: ET.Element) -> ET.Element:
    """A CommentDef."""
    return element("def:CommentDef", {"OID": oid}, described(text), *files)


def _remark(content: Content, variable: Variable) -> str:
    if variable.carries_on:
        return f"What follows the text of {variable.carries_on}, of which one variable cannot hold more than 200 bytes."
    said = [f"{variable.about}."] if variable.origin == "Assigned" else []
    if variable.column.upper() != variable.name:
        said.append(f"Column {variable.column} in Parquet and crs.duckdb.")
    if variable.left_out:
        said.append(f"Dates outside the years 1582 to 9999, which SAS does not know, are empty ({variable.left_out}).")
    if rest := [v.name for v in content.variables if v.carries_on == variable.name]:
        said.append(f"Text of more than 200 bytes goes on in {rest[0]}.")
    return " ".join(said)


def leaves(content: Content) -> Iterator[ET.Element]:
    """Where the dataset is to be found beside its transport file."""
    return (_leaf(content, ending) for ending in OTHERS)


def _leaf(content: Content, ending: str) -> ET.Element:
    file = f"{content.name.lower()}.{ending}"
    return element(
        "def:leaf", {"ID": _leaf_id(content, ending), "xlink:href": file}, element("def:title", {}, text=file)
    )


def _leaf_id(content: Content, ending: str) -> str:
    return f"LF.{content.name}.{ending.upper()}"
