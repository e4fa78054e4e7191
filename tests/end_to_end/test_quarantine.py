"""What is kept out of a simulated trial, held against the wrong rows that were put into it."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipelines.arrival import arrive
from pipelines.simulate import Trial, simulate
from pipelines.site import Site

pytestmark = pytest.mark.slow

KINDS = {
    "exact_duplicate": "exact duplicate",
    "subject_not_in_dm": "subject not in DM",
    "end_before_start": "end before start",
    "unparsable_date_cmstdtc": "unparsable date",
    "unparsable_date_lbdtc": "unparsable date",
    "protein_unit": "unknown unit",
    "temperature_c": "impossible value",
    "systolic_pressure": "impossible value",
}


@pytest.mark.parametrize("therapy", ["car-t", "bispecific", "antibody"])
def test_the_wrong_rows_are_kept_out_and_no_others(therapy, tmp_path):
    trial = Trial(therapy=therapy, subjects=120, seed=5)
    simulate(trial, tmp_path / "studies")
    site = Site(home=tmp_path / "home", studies=tmp_path / "studies")
    arrive(site, trial.studyid)
    with site.warehouse.open(trial.studyid) as db:
        seq = "(record::json ->> (domain || 'SEQ'))::double::bigint as seq"
        found = (
            db.sql(f"select domain, rule as kind, {seq} from quality.quarantine")
            .pl()
            .with_columns(pl.col("kind").replace_strict(KINDS))
        )
    wrong = pl.read_parquet(tmp_path / "studies" / trial.studyid / "truth_dirty.parquet").cast({"seq": pl.Int64})
    assert wrong.height > 20
    assert_frame_equal(found, wrong.select("domain", "kind", "seq"), check_row_order=False)
