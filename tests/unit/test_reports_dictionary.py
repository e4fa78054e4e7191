"""The data dictionary as a page."""

import re

from reports.dictionary import dictionary
from tests.unit.report_material import material


def test_each_table_has_its_columns_with_types_and_meanings_in_order():
    page = dictionary(material())
    tables = dict(re.findall(r'<section id="(\w+)".*?>(.*?)</section>', page, re.S))
    assert [*tables] == ["adcrs", "queries"]
    assert re.findall(r"<th scope=\"row\">(\w+)</th>", tables["adcrs"]) == ["usubjid", "aval"]
    assert '<td class="text">double</td><td class="text">Value &amp; more</td>' in tables["adcrs"]


def test_it_names_the_raw_tables():
    assert "raw_ae, raw_dm, raw_vs" in dictionary(material())


def test_it_has_no_script_and_what_is_said_stays_text():
    page = dictionary(material())
    assert "<script" not in page
    assert "Episodes of CRS &lt;all&gt;." in page
