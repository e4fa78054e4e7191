import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipelines.simulate import Trial, simulate
from tests.unit.simulate.plain_grader import clean, grade_transfer

EPISODE = ["usubjid", "episode"]


@pytest.fixture(scope="module")
def graded(trials):
    return {name: grade_transfer(trial.transfer, trial.truth("truth_dirty"), every=3) for name, trial in trials.items()}


def of_graded(frame: pl.DataFrame, trial) -> pl.DataFrame:
    chosen = trial.read("DM")["USUBJID"].gather_every(3)
    return frame.filter(pl.col("usubjid").is_in(chosen.implode()))


def of_crs(trial) -> pl.DataFrame:
    ae = clean(trial.transfer, "AE", trial.truth("truth_dirty"))
    term = pl.coalesce("AEDECOD", "AETERM").str.to_uppercase()
    return ae.filter(term == "CYTOKINE RELEASE SYNDROME").with_columns(
        grade=pl.col("AETOXGR").str.extract(r"(\d)").cast(pl.Int64),
        episode=pl.col("AEGRPID").str.strip_prefix("CRS-").cast(pl.Int64),
        usubjid="USUBJID",
    )


def test_the_raw_signs_mean_the_true_grade_at_every_moment(trial, graded):
    expected = of_graded(trial.truth("truth_segments").drop("studyid"), trial)
    assert_frame_equal(graded[trial.therapy].select(expected.columns), expected, check_row_order=False)


def test_the_raw_signs_mean_the_true_episodes(trial, graded):
    columns = [*EPISODE, "onset_dtm", "worst_seen", "dose_number", "waived_from"]
    expected = of_graded(trial.truth().filter(pl.col("episode") > 0), trial).select(columns)
    found = (
        graded[trial.therapy]
        .group_by(EPISODE)
        .agg(
            onset_dtm=pl.col("start_dtm").min(),
            worst_seen=pl.col("grade").max(),
            dose_number=pl.col("dose_number").first(),
            waived_from=pl.col("waived_from").first(),
        )
    )
    assert_frame_equal(found, expected, check_row_order=False)


def test_at_an_earlier_cut_the_raw_signs_mean_the_truth_of_that_cut(tmp_path):
    trial = Trial(therapy="car-t", subjects=600, seed=4, cut="2025-06-30")
    simulate(trial, tmp_path)
    folder = tmp_path / trial.studyid
    found = grade_transfer(folder / "transfers" / trial.cut, pl.read_parquet(folder / "truth_dirty.parquet"), every=1)
    expected = pl.read_parquet(folder / "truth_segments.parquet").drop("studyid")
    assert_frame_equal(found.select(expected.columns), expected, check_row_order=False)


def test_episodes_end_with_their_last_segment_unless_ongoing(trial):
    ends = trial.truth("truth_segments").group_by(EPISODE).agg(end_dtm=pl.col("end_dtm").max())
    expected = trial.truth().filter((pl.col("episode") > 0) & ~pl.col("ongoing")).select(*EPISODE, "end_dtm")
    assert_frame_equal(ends.join(expected, on=EPISODE, how="semi"), expected, check_row_order=False)


def test_adverse_events_carry_the_reported_grade(trial):
    found = of_crs(trial).group_by(EPISODE).agg(reported_grade=pl.col("grade").max())
    expected = trial.truth().filter(pl.col("reported_grade") > 0).select(*EPISODE, "reported_grade")
    assert_frame_equal(found, expected, check_row_order=False)


def test_adverse_events_begin_at_the_true_onset_as_far_as_they_say(trial):
    first = of_crs(trial).group_by(EPISODE).agg(pl.col("AESTDTC").min())
    both = first.join(trial.truth(), on=EPISODE, validate="1:1")
    onset = both["onset_dtm"].dt.to_string("%Y-%m-%dT%H:%M")
    assert all(true.startswith(said) for true, said in zip(onset, both["AESTDTC"], strict=True))


def test_the_reported_grade_is_the_true_one_but_for_a_few(trial):
    told = trial.truth().filter((pl.col("episode") > 0) & ~pl.col("fatal"))
    agree = (told["reported_grade"] == told["worst_seen"]).mean()
    assert 0.90 < agree < 0.99
    assert (told["reported_grade"] - told["worst_seen"]).abs().max() == 1


def test_fatal_crs_agrees_everywhere(trials):
    trial = trials["car-t"]
    truth = trial.truth().filter("fatal").select("usubjid", "death_dtm", "end_dtm", "max_grade")
    fatal = of_crs(trial).filter(pl.col("AEOUT") == "FATAL").select("usubjid", "grade", "AESDTH", "AEENDTC")
    dm = trial.read("DM").select(usubjid="USUBJID", DTHFL="DTHFL", DTHDTC="DTHDTC")
    ds = trial.read("DS").filter(pl.col("DSDECOD") == "DEATH").select(usubjid="USUBJID", DSSTDTC="DSSTDTC")
    joined = truth.join(fatal, on="usubjid").join(dm, on="usubjid").join(ds, on="usubjid")
    assert len(joined) == len(truth) == len(fatal) > 0
    death = joined["death_dtm"].dt.to_string("%Y-%m-%dT%H:%M")
    expected = truth.with_columns(
        end_dtm="death_dtm", max_grade=pl.lit(5, pl.Int64), grade=pl.lit(5, pl.Int64), AESDTH=pl.lit("Y"),
        AEENDTC=death, DTHFL=pl.lit("Y"), DTHDTC=death, DSSTDTC=death.str.slice(0, 10),
    )  # fmt: skip
    assert_frame_equal(joined, expected)


def test_daily_grades_are_the_highest_reported_that_day(trials):
    trial = trials["antibody"]
    found = trial.read("FA").group_by(usubjid="USUBJID").agg(reported_grade=pl.col("FASTRESN").max().cast(pl.Int64))
    truth = trial.truth().filter("treated").group_by("usubjid").agg(pl.col("reported_grade").max())
    assert_frame_equal(found, truth, check_row_order=False)


def test_tocilizumab_of_the_truth_is_in_cm(trial):
    given = trial.read("CM").filter((pl.col("CMDECOD") == "TOCILIZUMAB") & (pl.col("CMCAT") == "TREATMENT OF CRS"))
    found = given.unique().select(usubjid="USUBJID", time="CMSTDTC")
    truth = trial.truth().drop_nulls("toci_dtm")
    expected = truth.select("usubjid", time=pl.col("toci_dtm").dt.to_string("%Y-%m-%dT%H:%M"))
    assert_frame_equal(found, expected, check_row_order=False)


def test_tumour_burden_of_the_truth_is_the_accepted_reading(trials):
    tr = trials["car-t"].read("TR").filter(pl.col("TRACPTFL") == "Y")
    found = tr.select(usubjid="USUBJID", tumour_burden="TRSTRESN")
    screened = trials["car-t"].read("DM").filter(pl.col("ARM") != "Screen Failure").select(usubjid="USUBJID")
    expected = trials["car-t"].truth().unique("usubjid").join(screened, on="usubjid", how="semi")
    expected = expected.select("usubjid", "tumour_burden").drop_nulls()
    assert_frame_equal(found, expected, check_row_order=False)


@pytest.mark.parametrize(("therapy", "test"), [("bispecific", "BLASTLE"), ("antibody", "LDH")])
def test_tumour_burden_of_the_truth_is_the_laboratorys_baseline(trials, therapy, test):
    baseline = (pl.col("LBTESTCD") == test) & (pl.col("LBLOBXFL") == "Y")
    lb = trials[therapy].read("LB").unique().filter(baseline)
    found = lb.select(usubjid="USUBJID", tumour_burden="LBSTRESN")
    truth = trials[therapy].truth().filter("treated").unique("usubjid")
    assert_frame_equal(found, truth.select("usubjid", "tumour_burden").drop_nulls(), check_row_order=False)


def test_every_dirty_row_is_listed_and_in_its_file(trial):
    dirty = trial.truth("truth_dirty")
    for (domain,), listed in dirty.group_by("domain"):
        rows = trial.read(domain).select(usubjid="USUBJID", seq=f"{domain}SEQ")
        changed = listed.filter(pl.col("kind") != "exact duplicate").select("usubjid", "seq")
        assert_frame_equal(rows.filter(pl.col("seq") >= 90_000), changed, check_row_order=False)
        assert len(trial.read(domain)) - len(trial.read(domain).unique()) == (listed["kind"] == "exact duplicate").sum()


def test_every_kind_of_dirt_falls_on_a_fixed_share_of_subjects(trials):
    kinds = trials["car-t"].truth("truth_dirty").group_by("domain", "kind").len()
    named = "end before start, exact duplicate, impossible value, subject not in DM, unknown unit, unparsable date"
    assert ", ".join(sorted(set(kinds["kind"]))) == named
    # One subject in fifty for each row of the list, less those who have no row to copy.
    assert kinds["len"].min() > 20
    assert kinds.filter(pl.col("kind") != "impossible value")["len"].max() <= 40
