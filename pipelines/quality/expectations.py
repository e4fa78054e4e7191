"""The one door to Great Expectations: which rows of a small batch break a rule."""

import functools
import os
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pandas as pd

from pipelines.models import Rule
from pipelines.quality.reading import RuleError

# What these say of a value depends on the other rows, which a batch of distinct values does not have.
_OF_WHOLE_COLUMNS = (
    "column_value_z_scores_to_be_less_than",
    "column_values_to_be_decreasing",
    "column_values_to_be_increasing",
    "column_values_to_not_be_outliers",
)


def expectation_of(rule: Rule, arguments: Mapping[str, Any]) -> Any:
    """The expectation of Great Expectations that the rule names.

    Args:
        rule: The rule.
        arguments: What the expectation is told, in its own words.

    Raises:
        RuleError: If there is no such expectation of single rows, or it does not take these arguments.
    """
    name = "Expect" + "".join(part.capitalize() for part in rule.expectation.split("_"))
    kind = getattr(_library().expectations, name, None)
    if kind is None:
        raise RuleError(f"{rule.name}: Great Expectations has no {name}.")
    if not issubclass(kind, _of_rows()) or rule.expectation in _OF_WHOLE_COLUMNS or "mostly" in arguments:
        raise RuleError(
            f"{rule.table}: {rule.name}: write a rule of every single row, without mostly; {name} is not one."
        )
    try:
        return kind(**arguments)
    except (TypeError, ValueError) as error:
        raise RuleError(f"{rule.table}: {rule.name}: {name} does not take its arguments: {error}") from error


def unexpected(batch: pd.DataFrame, expectation: Any, rule: Rule) -> list[int]:
    """The positions in the batch of the rows that break the rule.

    Args:
        batch: The distinct values the rule is about; few, however long the table.
        expectation: What :func:`expectation_of` gives.
        rule: The rule, to name it when it cannot run.

    Raises:
        RuleError: If Great Expectations cannot try it.
    """
    result = _definition().get_batch({"dataframe": batch}).validate(expectation, result_format="COMPLETE")
    # A rule that breaks (text compared with a number, say) comes back as success=False with an empty result.
    if "unexpected_index_list" not in result.result:
        raise RuleError(f"{rule.table}: {rule.name}: Great Expectations cannot try it: {_reason(result)}")
    return list(result.result["unexpected_index_list"])


@functools.cache
def _library() -> Any:
    """Great Expectations, imported when it is first needed: it takes seconds, and calls home unless told not to."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with warnings.catch_warnings(), _hidden("pyspark"):
        # It imports a module that Python 3.11 calls deprecated.
        warnings.simplefilter("ignore", DeprecationWarning)
        import great_expectations
        import great_expectations.expectations
    return great_expectations


@contextmanager
def _hidden(package: str) -> Iterator[None]:
    """The package is as if it were not there: Great Expectations would load Spark, which ends the process at times."""
    before = sys.modules.get(package)
    sys.modules[package] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[package]
        if before:
            sys.modules[package] = before


def _of_rows() -> tuple[type, ...]:
    kinds = _library().expectations.expectation
    return kinds.ColumnMapExpectation, kinds.ColumnPairMapExpectation, kinds.MulticolumnMapExpectation


@functools.cache
def _definition() -> Any:
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = _library().get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_pandas("batches")
    return source.add_dataframe_asset("batch").add_batch_definition_whole_dataframe("batch")


def _reason(result: Any) -> str:
    infos = [info for info in result.exception_info.values() if isinstance(info, Mapping)]
    messages = sorted({str(info.get("exception_message")).strip() for info in infos})
    return "; ".join(messages) or "it gave no reason"
