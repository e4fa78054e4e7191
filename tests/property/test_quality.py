"""Judging distinct values finds the rows that judging every row finds."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.models import Rule
from pipelines.quality import hold
from tests.harness import database

NUMBERS = st.none() | st.integers(0, 5)
TEXTS = st.none() | st.sampled_from(["", " ", "A", "b", " a "])
ROWS = st.lists(st.tuples(NUMBERS, NUMBERS, TEXTS), max_size=20)
SCHEMA = {"a": pl.Int64, "b": pl.Int64, "text": pl.String}

# Each rule, and whether a row (a, b, text) of the rows breaks it.
NAIVE = [
    ({"expectation": "column_values_to_be_between", "column": "a", "min_value": 2, "max_value": 4},
     lambda row, rows: row[0] is not None and not 2 <= row[0] <= 4),
    ({"expectation": "column_values_to_not_be_null", "column": "a"},
     lambda row, rows: row[0] is None),
    ({"expectation": "column_values_to_be_in_set", "column": "text", "value_set": ["A", "b"]},
     lambda row, rows: row[2] not in (None, "A", "b")),
    ({"expectation": "column_values_to_be_in_set", "column": "text", "value_set": ["A"], "as": "code"},
     lambda row, rows: (row[2] or "").strip().upper() not in ("", "A")),
    ({"expectation": "column_pair_values_a_to_be_greater_than_b", "column_A": "a", "column_B": "b"},
     lambda row, rows: None not in row[:2] and row[0] <= row[1]),
    ({"expectation": "compound_columns_to_be_unique", "column_list": ["a", "text"]},
     lambda row, rows: sum((other[0], other[2]) == (row[0], row[2]) for other in rows) > 1),
]  # fmt: skip


# Great Expectations takes tens of milliseconds a rule, which is no sign of anything here.
@settings(max_examples=60)
@given(rows=ROWS)
def test_the_rows_found_are_those_that_break_the_rule(rows):
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    db = database(staged__days=frame)
    for rule, breaks in NAIVE:
        given_rule = Rule(table="staged.days", expectation=rule["expectation"], arguments=_arguments(rule))
        [outcome] = hold(db, "staged.days", [given_rule])
        expected = [row for row in rows if breaks(row, rows)]
        assert outcome.failing == len(expected)
        assert sorted(map(str, (tuple(e.values()) for e in outcome.examples))) == sorted(map(str, expected))


def _arguments(rule):
    return {name: value for name, value in rule.items() if name != "expectation"}
