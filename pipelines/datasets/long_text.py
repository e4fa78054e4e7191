"""Text of more than 200 bytes, too long for one variable of a transport file, carried on in variables beside it."""

from collections.abc import Set
from dataclasses import replace
from pathlib import Path

import polars as pl

from pipelines.datasets.content import Content
from pipelines.datasets.measures import most_bytes
from pipelines.formats import FormatError

MOST_BYTES = 200


def carried_on(content: Content, path: Path) -> Content:
    """The content with no text of more than 200 bytes: AETERM goes on in AETERM1, AETERM2 and so on.

    Args:
        content: A dataset.
        path: The transport file, for errors.

    Raises:
        FormatError: If more than nine variables would be needed, or a text has 200 blanks in a row.
    """
    variables, columns, taken = [], [], set(content.rows.columns)
    for variable in content.variables:
        parts = _parts(path, content.rows[variable.name])
        names = _names(path, variable.name, len(parts) - 1, taken)
        taken |= set(names)
        columns += [part.alias(name) for part, name in zip(parts, (variable.name, *names), strict=True)]
        # A codelist lists whole values, of which the first part is none.
        variables.append(replace(variable, codelist=None) if names else variable)
        variables += [
            replace(
                variable, name=name, label=f"{variable.name}, part {number}", key=None, codelist=None, carries_on=of
            )
            for number, (name, of) in enumerate(zip(names, (variable.name, *names), strict=False), 2)
        ]
    return replace(content, variables=tuple(variables), rows=pl.DataFrame(columns))


def pieces(text: str) -> list[str]:
    """The text in pieces of at most 200 bytes that give it back when put together; split before a blank if it has one.

    Raises:
        ValueError: If a piece would be all blanks, which a transport file loses.
    """
    found = []
    while len(text.encode()) > MOST_BYTES:
        found.append(_first(text))
        text = text[len(found[-1]) :]
    return [*found, text]


def _first(text: str) -> str:
    most = text.encode()[:MOST_BYTES].decode(errors="ignore")
    # A transport file loses blanks at the end of a value, never those at its beginning.
    end = len(most) if text[len(most)] == " " else max(most.rfind(" "), 0)
    head = most[:end].rstrip(" ") or most.rstrip(" ")
    if not head:
        raise ValueError(f"{MOST_BYTES} blanks in a row")
    return head


def _parts(path: Path, column: pl.Series) -> list[pl.Series]:
    if column.dtype != pl.String or most_bytes(column) <= MOST_BYTES:
        return [column]
    split = []
    for row, text in enumerate(column, 1):
        try:
            split.append(pieces((text or "").rstrip(" ")))
        except ValueError as error:
            problem = f"has {error}, which a transport file cannot hold; remove them."
            raise FormatError(path, f"row {row}, column {column.name}", problem) from error
    most = max(len(parts) for parts in split)
    padded = [parts + [""] * (most - len(parts)) for parts in split]
    return [pl.Series([parts[i] or None for parts in padded], dtype=pl.String) for i in range(most)]


def _names(path: Path, name: str, more: int, taken: Set[str]) -> list[str]:
    # As SDTM names the rest of a long text: a digit behind the name, or in place of its eighth character.
    free = [f"{name[:7]}{digit}" for digit in range(1, 10) if f"{name[:7]}{digit}" not in taken]
    if more > len(free):
        problem = f"a text needs {more} variables more than this one, {len(free)} have a name left; shorten it."
        raise FormatError(path, f"column {name}", problem)
    return free[:more]
