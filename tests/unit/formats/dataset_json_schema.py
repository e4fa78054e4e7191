"""What a Dataset-JSON 1.1 file must have and may have, as JSON schemas.

Source: CDISC Dataset-JSON v1.1, Specification: top-level, column and row attributes.
"""

from typing import Any

_TEXT = {"type": "string"}
_COUNT = {"type": "integer", "minimum": 1}
_MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?$"}


def _object(required: dict[str, Any], optional: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": required | optional,
        "required": list(required),
        "additionalProperties": False,
    }


_COLUMN = _object(
    {
        "itemOID": _TEXT,
        "name": _TEXT,
        "label": _TEXT,
        "dataType": {
            "enum": ["string", "integer", "decimal", "float", "double", "boolean", "datetime", "date", "time", "URI"]
        },
    },
    {
        "targetDataType": {"enum": ["integer", "decimal"]},
        "length": _COUNT,
        "displayFormat": _TEXT,
        "keySequence": _COUNT,
    },
)
_REQUIRED = {
    "datasetJSONCreationDateTime": _MOMENT,
    "datasetJSONVersion": {"type": "string", "pattern": r"^1\.1(\.\d+)?$"},
    "itemGroupOID": _TEXT,
    "records": {"type": "integer", "minimum": 0},
    "name": _TEXT,
    "label": _TEXT,
    "columns": {"type": "array", "items": _COLUMN},
}
_OPTIONAL = {
    "fileOID": _TEXT,
    "dbLastModifiedDateTime": _MOMENT,
    "originator": _TEXT,
    "sourceSystem": _object({"name": _TEXT, "version": _TEXT}, {}),
    "studyOID": _TEXT,
    "metaDataVersionOID": _TEXT,
    "metaDataRef": _TEXT,
}
_ROWS = {"type": "array", "items": {"type": "array", "items": {"type": ["string", "number", "boolean", "null"]}}}

FIRST_LINE = _object(_REQUIRED, _OPTIONAL)
WHOLE_FILE = _object({**_REQUIRED, "rows": _ROWS}, _OPTIONAL)
