"""What the audit log is told of how a run ended."""

from pipelines.audit import check
from pipelines.ran import Ran
from pipelines.recording import record_end
from pipelines.site import Site


def said(tmp_path, outcome, reason):
    site = Site(home=tmp_path / "home", studies=tmp_path / "studies")
    record_end(site, Ran(study="S1", outcome=outcome, reason=reason, release="", run_id="run-1"))
    [line] = check(site.audit.path).lines
    return line.said


def test_a_refusal_is_kept_with_its_reason_even_when_there_is_no_study(tmp_path):
    line = said(tmp_path, "refused", "S1: there is no such folder")
    assert (line["outcome"], line["reason"]) == ("refused", "S1: there is no such folder")
    assert "inputs" not in line


def test_of_a_fault_only_its_kind_is_kept_for_its_text_may_quote_data(tmp_path):
    line = said(tmp_path, "broken", "ConversionException: Conversion Error: Could not convert string 'S1-017'")
    assert line["reason"] == "ConversionException"
