from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipelines.formats import open_dataset
from pipelines.simulate import FORMATS, PRESETS, SimulationError, Trial, simulate
from pipelines.simulate import trial as trial_module
from pipelines.simulate.tables import domains
from pipelines.studies import load_study
from tests.unit.simulate.conftest import SUBJECTS


def hashes(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in files}


def made(out: Path, therapy: str = "car-t", subjects: int = 60, seed: int = 1, **said) -> Path:
    trial = Trial(therapy=therapy, subjects=subjects, seed=seed, **said)
    simulate(trial, out)
    return out / trial.studyid


@pytest.mark.parametrize("therapy", PRESETS)
def test_the_same_seed_gives_the_same_bytes(tmp_path, therapy):
    assert hashes(made(tmp_path / "once", therapy)) == hashes(made(tmp_path / "again", therapy))


def test_the_same_seed_gives_the_same_bytes_in_every_format(tmp_path):
    assert hashes(made(tmp_path / "once", formats=FORMATS)) == hashes(made(tmp_path / "again", formats=FORMATS))


def test_another_seed_gives_other_subjects(tmp_path):
    one, other = (pl.read_parquet(made(tmp_path / str(seed), seed=seed) / "truth.parquet") for seed in (1, 2))
    assert one["tumour_burden"].to_list() != other["tumour_burden"].to_list()


def test_two_therapies_with_one_seed_have_different_subjects(tmp_path):
    one, other = (pl.read_parquet(made(tmp_path, therapy) / "truth.parquet") for therapy in ("car-t", "bispecific"))
    assert one["first_dose_dtm"].to_list() != other["first_dose_dtm"].to_list()


@pytest.mark.parametrize("name", ["truth.parquet", "truth_segments.parquet", "transfers/2026-06-30/vs.parquet"])
def test_subjects_do_not_depend_on_the_blocks_they_are_made_in(tmp_path, monkeypatch, name):
    whole = pl.read_parquet(made(tmp_path / "whole", "bispecific") / name)
    monkeypatch.setattr(trial_module, "_SUBJECTS_A_BLOCK", 7)
    blocks = pl.read_parquet(made(tmp_path / "blocks", "bispecific") / name)
    assert_frame_equal(blocks, whole, check_row_order=False)


def test_a_smaller_trial_is_the_beginning_of_a_larger_one(tmp_path):
    small, large = (pl.read_parquet(made(tmp_path / str(n), subjects=n) / "truth.parquet") for n in (40, 80))
    assert_frame_equal(small, large.filter(pl.col("usubjid").is_in(small["usubjid"].implode())))


@pytest.mark.parametrize("domain", ["vs", "lb", "ex"])
def test_a_later_cut_keeps_every_row_of_an_earlier_one(tmp_path, domain):
    early, late = (made(tmp_path, subjects=400, cut=cut) / "transfers" / cut for cut in ("2025-12-31", "2026-06-30"))
    rows = [pl.read_parquet(cut / f"{domain}.parquet").drop(f"{domain.upper()}SEQ") for cut in (early, late)]
    stable = [frame.drop("EXSTDY", "EXENDTC", "EXENDY", strict=False) for frame in rows]
    assert stable[0].join(stable[1], on=stable[0].columns, how="anti", nulls_equal=True).is_empty()


def test_an_earlier_cut_knows_nothing_from_after_it(tmp_path):
    transfer = made(tmp_path, subjects=400, cut="2025-12-31") / "transfers" / "2025-12-31"
    dates = [pl.read_parquet(transfer / "vs.parquet")["VSDTC"], pl.read_parquet(transfer / "dm.parquet")["RFPENDTC"]]
    assert max(max(texts.drop_nulls()) for texts in dates)[:10] == "2025-12-31"


def test_every_subject_asked_for_is_in_dm(trial):
    assert trial.read("DM")["USUBJID"].n_unique() == SUBJECTS


def test_a_transfer_has_every_domain_and_is_complete(trial):
    names = {path.name for path in trial.transfer.iterdir()}
    assert names == {f"{domain.lower()}.parquet" for domain in domains()} | {"_COMPLETE"}


def test_the_protocol_is_a_valid_study(trial):
    assert load_study(trial.folder).study == trial.folder.name


def test_a_study_may_have_another_name(tmp_path):
    folder = made(tmp_path, study="OTHER-1")
    assert load_study(folder).study == "OTHER-1"
    assert pl.read_parquet(folder / "transfers" / "2026-06-30" / "dm.parquet")["STUDYID"].unique().to_list() == [
        "OTHER-1"
    ]


@pytest.mark.parametrize("extension", FORMATS)
def test_every_format_holds_the_same_subjects(tmp_path, extension):
    path = made(tmp_path, formats=(extension,)) / "transfers" / "2026-06-30" / f"dm.{extension}"
    read = pl.concat(open_dataset(path).chunks())
    expected = pl.read_parquet(made(tmp_path / "parquet") / "transfers" / "2026-06-30" / "dm.parquet")
    assert_frame_equal(read.drop("_file", "_row"), expected, check_dtypes=False)


def test_datasets_take_several_formats_in_turn(tmp_path):
    transfer = made(tmp_path, formats=("xpt", "csv")) / "transfers" / "2026-06-30"
    assert sorted(path.name for path in transfer.iterdir())[1:5] == ["ae.xpt", "cm.xpt", "dm.xpt", "ds.csv"]
    assert len(list(transfer.iterdir())) == len(domains()) + 1


def test_progress_counts_the_subjects_done(tmp_path, monkeypatch):
    monkeypatch.setattr(trial_module, "_SUBJECTS_A_BLOCK", 20)
    done: list[int] = []
    simulate(Trial(therapy="antibody", subjects=50, seed=1), tmp_path, done.append)
    assert done == [20, 40, 50]


def test_one_subject_is_a_trial(tmp_path):
    assert len(pl.read_parquet(made(tmp_path, subjects=1) / "transfers" / "2026-06-30" / "dm.parquet")) == 1


def test_a_cut_before_the_first_consent_has_nobody(tmp_path):
    assert pl.read_parquet(made(tmp_path, cut="2020-01-01") / "transfers" / "2020-01-01" / "dm.parquet").is_empty()


def test_a_complete_transfer_is_never_written_over(tmp_path):
    folder = made(tmp_path)
    before = hashes(folder)
    with pytest.raises(SimulationError, match="a complete transfer is there and never changes"):
        made(tmp_path, seed=2)
    assert hashes(folder) == before


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"therapy": "car"}, "therapy: 'car' is not known; choose one of car-t, bispecific, antibody."),
        ({"subjects": 0}, "subjects: 0 is too few; ask for 1 or more."),
        ({"seed": -1}, "seed: -1 is negative; give 0 or more."),
        ({"study": "../X"}, "study: '../X' cannot name a folder and a study"),
        ({"formats": ("parquet", "sas7bdat")}, "formats: sas7bdat cannot be written; choose among parquet, xpt"),
        ({"formats": ()}, "formats: none cannot be written"),
        ({"cut": "2026-02-30"}, "cut: '2026-02-30' is not a date; write it YYYY-MM-DD."),
        ({"cut": "20260630"}, "cut: '20260630' is not a date"),
    ],
)
def test_what_cannot_be_simulated_is_refused_with_the_reason(asked, message):
    with pytest.raises(SimulationError) as refused:
        Trial(**{"therapy": "car-t", "subjects": 10, "seed": 1, **asked})
    assert str(refused.value).startswith(message)
