"""The kinds of value that study.yaml holds, each refusing what it is not."""

import sys
from collections.abc import Mapping, Sized
from datetime import date
from itertools import combinations, pairwise
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from pipelines.studies.names import (
    hint,
    iso_date,
    known_devices,
    known_drugs,
    known_items,
    known_scales,
    known_units,
)

Items = TypeVar("Items", bound=Sized)
# A board that looks at thousands of subjects is not a trial's, and every course to the last look is enumerated.
MOST_SUBJECTS = 1000
# No window, pressure or flow of a trial is so large, and what is counted in seconds still fits.
LARGEST = 1e6


class Settings(BaseModel):
    """A part of study.yaml, frozen; a key it does not have is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, validate_default=True)


def _unit(text: str) -> str:
    if text.upper() not in known_units():
        raise ValueError(f"found {text!r}, which is no known unit; {hint(text, known_units())}")
    return text


def _scale(text: str) -> str:
    scales = known_scales()
    if text.upper() not in scales:
        raise ValueError(f"found {text!r}, which is no known scale; {hint(text, scales.values())}")
    return scales[text.upper()]


def _item(text: str) -> str:
    if text not in known_items():
        raise ValueError(f"found {text!r}, which is no item of ICANS; {hint(text, known_items())}")
    return text


def _drug(text: str) -> str:
    return _one_of(text, known_drugs(), "drug")


def _device(text: str) -> str:
    return _one_of(text, known_devices(), "device")


def _one_of(text: str, known: tuple[str, ...], what: str) -> str:
    by_fold = {name.casefold(): name for name in known}
    if text.casefold() not in by_fold:
        raise ValueError(f"found {text!r}, which is no known {what}; {hint(text, known)}")
    return by_fold[text.casefold()]


def all_scales() -> tuple[str, ...]:
    """Every scale that is known, in the order of sql/reference/scales.csv."""
    return tuple(dict.fromkeys(known_scales().values()))


def some(items: Items) -> Items:
    """The items, if there are any; pydantic's own minimum also counts items that it refused.

    Raises:
        ValueError: If there are none.
    """
    if not items:
        raise ValueError("found none, expected at least one")
    return items


def none_twice(items: tuple[str, ...]) -> tuple[str, ...]:
    """The items, if each is given once.

    Raises:
        ValueError: If one is given again.
    """
    again = sorted({item for item in items if items.count(item) > 1})
    if again:
        raise ValueError(f"{', '.join(again)} given more than once; keep one")
    return items


def each_told_once(tellers: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    """The names and what tells each, if nothing tells two of them.

    Raises:
        ValueError: If something does.
    """
    pairs = combinations(tellers.items(), 2)
    shared = [f"{v} is in {a} and in {b}" for (a, one), (b, other) in pairs for v in one if v in other]
    if shared:
        raise ValueError(f"{', '.join(shared)}; keep it in one")
    return tellers


def _is_number(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    # A whole number may be too large to be a float.
    return isinstance(value, float) or (isinstance(value, int) and abs(value) <= sys.float_info.max)


def _cut(value: Any) -> float | str:
    if value in ("median", "tertiles"):
        return value
    if not _is_number(value) or not 0 < value < float("inf"):
        raise ValueError(f"found {value!r}, expected a number above 0, median or tertiles")
    return float(value)


def _level(value: Any) -> tuple[float, float]:
    numbers = list(value) if isinstance(value, list | tuple) and all(map(_is_number, value)) else []
    if len(numbers) != 2 or not 0 <= numbers[0] < numbers[1]:
        raise ValueError(f"found {value!r}, expected [at_least, below] with 0 <= at_least < below")
    return float(numbers[0]), float(numbers[1])


def _ascending(levels: Mapping[str, tuple[float, float]]) -> Mapping[str, tuple[float, float]]:
    wrong = [
        f"{name} {list(level)} begins below the end of {before} {list(earlier)}"
        for (before, earlier), (name, level) in pairwise(levels.items())
        if level[0] < earlier[1]
    ]
    if wrong:
        raise ValueError(f"{', '.join(wrong)}; write levels upwards, without overlap")
    return levels


def _rising(looks: tuple[int, ...]) -> tuple[int, ...]:
    if not looks or any(below >= above for below, above in pairwise((0, *looks))):
        raise ValueError(f"found {list(looks)}, expected numbers of subjects that rise from 1 up")
    return looks


def variable_of(*domains: str) -> BeforeValidator:
    """A validator that takes ``DOMAIN.NAME`` of these domains, in upper case."""

    def check(value: Any) -> str:
        domain, _, name = str(value).strip().upper().partition(".")
        if domain not in domains or not name.replace("_", "").isalnum():
            examples = " or ".join(f"{known}.<name>" for known in domains)
            raise ValueError(f"found {value!r}, expected {examples}")
        return f"{domain}.{name}"

    return BeforeValidator(check)


Text = Annotated[str, Field(min_length=1)]
Code = Annotated[Text, AfterValidator(str.upper)]
Codes = Annotated[tuple[Code, ...], AfterValidator(some), AfterValidator(none_twice)]
Item = Annotated[Code, AfterValidator(_item)]
Drug = Annotated[Text, AfterValidator(_drug)]
Device = Annotated[Text, AfterValidator(_device)]
Flag = Annotated[bool, Field(strict=True)]
Positive = Annotated[float, Field(strict=True, gt=0, le=LARGEST, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(strict=True, ge=0, le=LARGEST, allow_inf_nan=False)]
Looks = Annotated[tuple[Annotated[int, Field(strict=True, le=MOST_SUBJECTS)], ...], AfterValidator(_rising)]
Probability = Annotated[float, Field(strict=True, gt=0, lt=1)]
Day = Annotated[date, BeforeValidator(iso_date)]
Unit = Annotated[Text, AfterValidator(_unit)]
Scale = Annotated[Text, AfterValidator(_scale)]
Scales = Annotated[tuple[Scale, ...], AfterValidator(some), AfterValidator(none_twice)]
Cut = Annotated[float | str, BeforeValidator(_cut)]
Level = Annotated[tuple[float, float], BeforeValidator(_level)]
Levels = Annotated[Mapping[Text, Level], AfterValidator(_ascending)]
