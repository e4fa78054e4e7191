import polars as pl
import pytest

from pipelines.dates import bounds
from pipelines.simulate.tables import domains, variables
from tests.unit.simulate.plain_grader import clean

EVERY = [(domain, row) for domain in domains() for row in variables(domain)]


@pytest.mark.parametrize(("domain", "row"), EVERY, ids=lambda part: getattr(part, "variable", part))
def test_names_and_labels_fit_a_transport_file(domain, row):
    assert len(row.variable) <= 8
    assert 0 < len(row.label.encode()) <= 40


@pytest.mark.parametrize("domain", domains())
def test_a_dataset_has_its_variables_in_order(trial, domain):
    assert trial.read(domain).columns == [row.variable for row in variables(domain)]


@pytest.mark.parametrize("domain", ["AE", "CM", "EX", "PR", "VS", "LB", "TR", "DS", "FA"])
def test_sequence_numbers_are_unique_within_a_subject(trial, domain):
    rows = clean(trial.transfer, domain, trial.truth("truth_dirty"))
    assert rows.select("USUBJID", f"{domain}SEQ").is_duplicated().sum() == 0


@pytest.mark.parametrize("domain", [domain for domain in domains() if domain not in ("SUPPAE", "RELREC")])
def test_dates_of_clean_rows_are_iso_8601(trial, domain):
    rows = clean(trial.transfer, domain, trial.truth("truth_dirty"))
    for name in (name for name in rows.columns if name.endswith("DTC")):
        texts = rows[name].drop_nulls().unique()
        assert bounds(texts)["precision"].null_count() == 0, name


@pytest.mark.parametrize(
    "date", ["AESTDTC", "AEENDTC", "CMSTDTC", "CMENDTC", "EXSTDTC", "PRSTDTC", "VSDTC", "LBDTC", "FADTC"]
)
def test_study_days_count_from_the_first_dose_without_a_day_0(trial, date):
    domain, day = date[:2], date.removesuffix("DTC") + "DY"
    rows = clean(trial.transfer, domain, trial.truth("truth_dirty")).filter(pl.col(date).str.len_chars() >= 10)
    first = trial.read("DM").select("USUBJID", first=pl.col("RFSTDTC").str.slice(0, 10).str.to_date())
    dated = rows.join(first.drop_nulls(), on="USUBJID").with_columns(on=pl.col(date).str.slice(0, 10).str.to_date())
    elapsed = (dated["on"] - dated["first"]).dt.total_days()
    assert (dated[day] == elapsed + (elapsed >= 0)).all()


def test_starts_of_adverse_events_are_partial_or_missing_for_some(trials):
    lengths = trials["car-t"].read("AE")["AESTDTC"].str.len_chars().fill_null(0).unique().sort().to_list()
    assert lengths == [0, 7, 10, 16]


def test_starts_of_medications_are_years_and_months_for_some(trial):
    lengths = trial.read("CM").filter(pl.col("CMCAT") == "CONCOMITANT")["CMSTDTC"].str.len_chars()
    assert {4, 7, 10} <= set(lengths.unique())


def test_screen_failures_have_no_exposure(trial):
    failed = trial.read("DM").filter(pl.col("ARM") == "Screen Failure")
    assert 100 < len(failed) < 350
    assert trial.read("EX").join(failed, on="USUBJID", how="semi").is_empty()


def test_temperatures_are_read_in_both_units_and_mean_the_same(trial):
    temp = clean(trial.transfer, "VS", trial.truth("truth_dirty")).filter(pl.col("VSTESTCD") == "TEMP")
    assert set(temp["VSORRESU"]) == {"C", "F"} == set(temp["VSSTRESU"])
    converted = temp.filter((pl.col("VSORRESU") == "F") & (pl.col("VSSTRESU") == "C"))
    celsius = ((converted["VSORRES"].cast(pl.Float64) - 32) / 1.8).round(1)
    assert (celsius == converted["VSSTRESN"]).all()


def test_laboratory_results_are_censored_and_in_several_units(trial):
    lb = trial.read("LB")
    assert {text[0] for text in lb.filter(pl.col("LBSTRESN").is_null())["LBSTRESC"]} == {"<", ">"}
    assert set(lb.filter(pl.col("LBTESTCD") == "CRP")["LBSTRESU"]) == {"mg/L", "mg/dL", "BARLEYCORN"}
    assert lb.filter(pl.col("LBTESTCD") == "CREAT")["LBORRESU"].n_unique() == 2


def test_supplements_point_at_adverse_events_also_with_leading_blanks(trial):
    supp = trial.read("SUPPAE")
    keys = supp.select("USUBJID", AESEQ=pl.col("IDVARVAL").str.strip_chars().cast(pl.Int64))
    assert keys.join(trial.read("AE"), on=["USUBJID", "AESEQ"], how="anti").is_empty()
    assert 0.1 < supp["IDVARVAL"].str.starts_with(" ").mean() < 0.4
    assert set(supp["QNAM"]) == {"AETOXSC", "AESYMP"}


@pytest.mark.parametrize("domain", ["AE", "CM"])
def test_relations_point_at_rows(trials, domain):
    side = trials["car-t"].read("RELREC").filter(pl.col("RDOMAIN") == domain)
    keys = side.select("USUBJID", seq=pl.col("IDVARVAL").str.strip_chars().cast(pl.Int64))
    rows = trials["car-t"].read(domain).select("USUBJID", seq=f"{domain}SEQ")
    assert len(keys) > 100
    assert keys.join(rows, on=["USUBJID", "seq"], how="anti").is_empty()


def test_three_assessors_read_each_tumour_and_one_is_accepted(trials):
    read = trials["car-t"].read("TR").filter(pl.col("TRSTAT").is_null())
    each = read.group_by("USUBJID").agg(pl.len(), accepted=(pl.col("TRACPTFL") == "Y").sum())
    assert set(each.select("len", "accepted").unique().iter_rows()) == {(3, 1)}


def test_conditioning_comes_before_the_cells(trials):
    ex = trials["car-t"].read("EX")
    days = ex.group_by("EXTRT").agg(pl.col("EXSTDY").min().alias("first"), pl.col("EXSTDY").max().alias("last"))
    assert sorted(days.iter_rows()) == [
        ("CYCLOPHOSPHAMIDE", -5, -3), ("FLUDARABINE", -5, -3), ("SIMCABTAGENE AUTOLEUCEL", 1, 1),
    ]  # fmt: skip


def test_step_up_doses_rise_and_keep_their_distance(trials):
    ex = trials["bispecific"].read("EX").sort("USUBJID", "EXSEQ")
    doses = ex.group_by("USUBJID").agg("EXDOSE", days=pl.col("EXSTDY").diff().drop_nulls())
    assert set(doses["EXDOSE"].list.first()) == {1.0}
    assert doses["EXDOSE"].list.diff(null_behavior="drop").list.min().min() >= 0
    assert doses["days"].list.min().min() >= 3
