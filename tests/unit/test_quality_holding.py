"""A table held against its rules: which rows break them, how many, and rules that cannot run."""

import json

import polars as pl
import pytest

from pipelines.models import Rule
from pipelines.quality import Outcome, RuleError, hold, record
from tests.harness import database

DAYS = """
    row | usubjid | day | grade | start_s | end_s | outcome
    a   | P1      |   1 |     2 |      10 |    20 | RESOLVED
    b   | P1      |   1 |     9 |      20 |    10 | " resolved"
    c   | P2      |   2 |       |      10 |       | ONGOING
    d   | P3      |   3 |     4 |      10 |    10 |
"""
BETWEEN = {"expectation": "column_values_to_be_between", "column": "grade"}
IN_SET = {"expectation": "column_values_to_be_in_set", "column": "outcome"}
AFTER = {"expectation": "column_pair_values_a_to_be_greater_than_b", "column_A": "end_s", "column_B": "start_s"}
UNIQUE = {"expectation": "compound_columns_to_be_unique"}
GRADES = {"table": "reference.toxicity_grades", "column": "grade"}


def of_days(expectation, when=None, severity="critical", **arguments):
    return Rule(table="staged.days", expectation=expectation, arguments=arguments, when=when or {}, severity=severity)


def held(rule, days=DAYS):
    [outcome] = hold(database(staged__days=days), "staged.days", [rule])
    return outcome


@pytest.mark.parametrize(
    ("rule", "breaking"),
    [
        ({**BETWEEN, "min_value": 1, "max_value": 5}, "b"),
        ({**BETWEEN, "min_value": 1, "max_value": 9}, ""),
        ({**BETWEEN, "max_value": 1, "when": {"usubjid": "p1 "}}, "ab"),
        ({**BETWEEN, "max_value": 1, "when": {"day": [1, 3]}}, "abd"),
        ({**BETWEEN, "max_value": 1, "when": {"outcome": None}}, "d"),
        ({**BETWEEN, "max_value": 1, "when": {"outcome": "*"}}, "ab"),
        ({**BETWEEN, "max_value": 1, "when": {"outcome": ["Resolved", None], "start_s": 10}}, "ad"),
        ({**BETWEEN, "max_value": 0, "column": "outcome", "as": "number"}, ""),
        ({"expectation": "column_values_to_not_be_null", "column": "grade"}, "c"),
        ({"expectation": "column_values_to_not_be_null", "column": "day"}, ""),
        ({**IN_SET, "value_set": ["RESOLVED", "ONGOING"]}, "b"),
        ({**IN_SET, "value_set": ["RESOLVED"], "as": "code"}, "c"),
        ({**BETWEEN, "expectation": "column_values_to_be_in_set", "value_set": GRADES}, "b"),
        (
            {
                **BETWEEN,
                "expectation": "column_values_to_be_in_set",
                "value_set": {**GRADES, "where": {"grade": [3, 4]}},
            },
            "ab",
        ),
        ({"expectation": "column_values_to_match_regex", "column": "outcome", "regex": "^[A-Z]+$"}, "b"),
        ({**AFTER, "or_equal": True}, "b"),
        (AFTER, "bd"),
        ({**UNIQUE, "column_list": ["usubjid", "day"]}, "ab"),
        ({**UNIQUE, "column_list": ["usubjid"]}, "ab"),
        ({**UNIQUE, "column_list": ["usubjid", "start_s"]}, ""),
        ({"expectation": "column_values_to_be_unique", "column": "day"}, "ab"),
        ({"expectation": "select_column_values_to_be_unique_within_record", "column_list": ["start_s", "end_s"]}, "d"),
        (
            {"expectation": "compound_columns_to_be_in_table", "column_list": ["grade"], "table": GRADES["table"]},
            "bc",
        ),
    ],
    ids=str,
)
def test_a_rule_is_broken_by_these_rows_and_no_others(rule, breaking):
    outcome = held(of_days(**rule))
    assert "".join(sorted(row["row"] for row in outcome.examples)) == breaking
    assert (outcome.failing, outcome.passed) == (len(breaking), not breaking)


def test_the_count_is_exact_and_the_examples_are_the_first_twenty():
    days = pl.DataFrame({"row": range(60), "grade": [9, 1, 8] * 20})
    outcome = held(of_days(**BETWEEN, max_value=5), days)
    assert outcome.failing == 40
    assert [example["row"] for example in outcome.examples] == [row for row in range(60) if row % 3 != 1][:20]


def test_an_empty_table_breaks_no_rule():
    days = pl.DataFrame(schema={"grade": pl.Int64})
    assert held(of_days(**BETWEEN, max_value=5), days) == Outcome(rule=of_days(**BETWEEN, max_value=5), failing=0)


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        (
            {"expectation": "column_values_to_be_betwen", "column": "grade"},
            "grade__column_values_to_be_betwen: Great Expectations has no ExpectColumnValuesToBeBetwen.",
        ),
        ({**BETWEEN, "column": "grad", "max_value": 5}, "the table has no column grad; it has day, end_s, grade"),
        ({**BETWEEN, "max_value": 5, "when": {"dya": 1}}, "the table has no column dya"),
        ({**BETWEEN, "maximum": 5}, "ExpectColumnValuesToBeBetween does not take its arguments"),
        ({**BETWEEN, "column": "outcome", "max_value": 5}, "Great Expectations cannot try it: .*of the same type"),
        ({**BETWEEN, "max_value": 5, "as": "colour"}, "as is colour; write code or number"),
        ({**BETWEEN, "max_value": 5, "mostly": 0.9}, "a rule of every single row, without mostly"),
        ({"expectation": "column_mean_to_be_between", "column": "grade", "max_value": 5}, "every single row"),
        ({"expectation": "column_values_to_be_increasing", "column": "day"}, "every single row"),
        ({"expectation": "column_values_to_not_be_null"}, "name a column"),
        (
            {"expectation": "column_values_to_be_dates", "column": "outcome"},
            "the rule cannot run: .*_outcome_precision",
        ),
        (
            {"expectation": "compound_columns_to_be_in_table", "column_list": ["day"], "table": "staged.nights"},
            "the rule cannot run: .*nights",
        ),
        ({"expectation": "compound_columns_to_be_in_table", "column_list": ["day"]}, "the rule cannot run: 'table'"),
    ],
    ids=str,
)
def test_a_rule_that_cannot_run_is_an_error_and_not_a_finding(rule, says):
    with pytest.raises(RuleError, match=says):
        held(of_days(**rule))


def test_a_misspelt_rule_is_an_error_though_the_table_is_empty():
    with pytest.raises(RuleError, match="ExpectColumnValuesToBeBetwen"):
        held(of_days("column_values_to_be_betwen", column="grade"), pl.DataFrame(schema={"grade": pl.Int64}))


def test_findings_replace_earlier_ones_of_the_same_table_only():
    db = database()
    nights = Rule(table="staged.nights", expectation="column_values_to_not_be_null", arguments={"column": "moon"})
    between = of_days(**BETWEEN, max_value=5, severity="warning")
    record(db, [Outcome(rule=nights, failing=0), Outcome(rule=between, failing=7)])
    record(db, [Outcome(rule=between, failing=1, examples=({"row": "b", "grade": 9},))])
    found = db.execute("select * exclude (examples), examples::json from quality.findings order by all").fetchall()
    assert [(*rest, json.loads(examples)) for *rest, examples in found] == [
        ("staged.days", "grade__column_values_to_be_between", "warning", False, 1, [{"row": "b", "grade": 9}]),
        ("staged.nights", "moon__column_values_to_not_be_null", "critical", True, 0, []),
    ]
