"""The one door to Great Expectations: which rows of a small batch break a rule."""

import functools
import os
import warnings
from typing import Any

import pandas as pd

from pipelines.models import Rule
from pipelines.quality.rules import RuleError


def unexpected(batch: pd.DataFrame, rule: Rule) -> list[int]:
    """The positions in the batch of the rows that break the rule.

    Args:
        batch: The distinct values the rule is about; few, however long the table.
        rule: The rule.

    Raises:
        RuleError: If Great Expectations does not know the expectation, or cannot try it.
    """
    if batch.empty:
        return []
    expectation = _expectation(rule)
    with warnings.catch_warnings():
        # Great Expectations warns of its own use of pandas.
        warnings.simplefilter("ignore")
        result = _definition().get_batch(batch_parameters={"dataframe": batch}).validate(
            expectation, result_format={"result_format": "COMPLETE"}
        )
    # A rule that breaks (a misspelt column, say) comes back as success=False with an empty result.
    if not result.success and not result.result:
        raise RuleError(f"{rule.table}: {rule.name}: {_reason(result)}")
    return list(result.result.get("unexpected_index_list") or [])


def _expectation(rule: Rule) -> Any:
    name = "Expect" + "".join(part.capitalize() for part in rule.expectation.split("_"))
    kind = getattr(_library().expectations, name, None)
    if kind is None:
        raise RuleError(f"{rule.name}: Great Expectations has no {name}.")
    try:
        return kind(**rule.arguments)
    except (TypeError, ValueError) as error:
        raise RuleError(f"{rule.table}: {rule.name}: {error}") from error


@functools.cache
def _library() -> Any:
    """Great Expectations, imported when it is first needed: it takes seconds, and calls home unless told not to."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import great_expectations  # noqa: PLC0415
        import great_expectations.expectations
    return great_expectations


@functools.cache
def _definition() -> Any:
    from great_expectations.data_context.types.base import ProgressBarsConfig  # noqa: PLC0415

    context = _library().get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_pandas("batches")
    return source.add_dataframe_asset("batch").add_batch_definition_whole_dataframe("batch")


def _reason(result: Any) -> str:
    messages = {str(info.get("exception_message")) for info in result.exception_info.values() if isinstance(info, dict)}
    return "; ".join(sorted(messages)) or "Great Expectations gave no reason"
