"""What is wrong with a study.yaml, one sentence a problem: the path, what was found, what was expected."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard, get_args

import yaml
from pydantic import BaseModel, ValidationError

from pipelines.studies.names import hint, nearest

_PLAIN = {
    "Input should be": "expected",
    "a valid tuple": "a list",
    "a valid dictionary": "a mapping",
    "a valid boolean": "true or false",
    "valid ": "",
}


def problems_of(error: ValidationError, model: type[BaseModel]) -> list[str]:
    """A sentence for each thing that the model refuses.

    Args:
        error: What pydantic found.
        model: The settings that were being read.

    Returns:
        ``path: what is wrong``, in the order of the model's keys.
    """
    # A default that hangs on a value that is refused is no problem of its own.
    told = [e for e in error.errors() if e["type"] != "default_factory_not_called"]
    return [f"{_path(e['loc'])}: {_sentence(e, model)}" for e in told]


def repeated_keys(node: yaml.Node | None, path: str = "") -> Iterator[str]:
    """A sentence for each key that a mapping gives more than once, which YAML would pass over."""
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from repeated_keys(item, path)
    if isinstance(node, yaml.MappingNode):
        first: dict[str, int] = {}
        for key, value in node.value:
            here, line = f"{path}{key.value}", key.start_mark.line + 1
            if key.value in first:
                yield f"{here}: given in line {first[key.value]} and again in line {line}; keep one"
            first.setdefault(key.value, line)
            yield from repeated_keys(value, f"{here}.")


def _path(location: tuple[int | str, ...]) -> str:
    parts = [f" item {part + 1}" if isinstance(part, int) else f".{part}" for part in location if part != "[key]"]
    return "".join(parts).removeprefix(".")


def _sentence(error: Mapping[str, Any], model: type[BaseModel]) -> str:
    found, expected = error["input"], _plain(error["msg"])
    match error["type"]:
        case "extra_forbidden":
            return f"unknown key; {hint(error['loc'][-1], _keys_at(model, error['loc'][:-1]))}"
        case "missing":
            return "is missing; give it"
        case "value_error":
            return str(error["ctx"]["error"])
        case "literal_error":
            close = nearest(found, re.findall("'([^']+)'", expected))
            return f"found {found!r}, {expected}" + (f"; did you mean {close}?" if close else "")
        case "string_too_short":
            return f"found {found!r}, expected some text"
        case "string_type" if isinstance(found, bool | int | float):
            return f"found {found!r}, expected text; put it in quotes"
        case _:
            return f"found {found!r}, {expected}"


def _plain(message: str) -> str:
    for words, plain in _PLAIN.items():
        message = message.replace(words, plain)
    return re.sub(r" or instance of \w+", "", message)


def _keys_at(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    for part in location:
        annotation = model.model_fields[str(part)].annotation
        model = next(kind for kind in (annotation, *get_args(annotation)) if _is_model(kind))
    return list(model.model_fields)


def _is_model(kind: Any) -> TypeGuard[type[BaseModel]]:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
