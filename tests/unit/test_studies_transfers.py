import pytest

from pipelines import formats
from pipelines.studies import StudyError, Transfer, transfers
from pipelines.studies.transfers import EXTENSIONS
from tests.shared import SHARED


def deliver(root, cut, *names):
    folder = root / "S1" / "transfers" / cut
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).touch()
    return folder


def test_transfers_are_in_the_order_of_their_cuts(tmp_path):
    later, earlier = (
        deliver(tmp_path, "2026-06-30", "dm.xpt", "_COMPLETE"),
        deliver(tmp_path, "2025-12-31", "dm.csv"),
    )
    assert transfers(tmp_path, "S1") == [
        Transfer(
            study="S1",
            cut="2025-12-31",
            folder=earlier,
            files=(earlier / "dm.csv",),
            others=(),
            complete=False,
        ),
        Transfer(study="S1", cut="2026-06-30", folder=later, files=(later / "dm.xpt",), others=(), complete=True),
    ]


def test_every_known_extension_is_a_dataset_whatever_its_case(tmp_path):
    names = ["ae.sas7bdat", "cm.json", "dm.XPT", "ds.ndjson", "ex.dsjc", "lb.csv.gz", "pr.csv", "vs.parquet"]
    deliver(tmp_path, "2026-06-30", *names)
    [transfer] = transfers(tmp_path, "S1")
    assert sorted(path.name for path in transfer.files) == sorted(names)


def test_the_extensions_of_a_transfer_are_those_that_can_be_read():
    assert EXTENSIONS == formats.EXTENSIONS


def test_what_is_no_dataset_is_named_and_what_is_hidden_is_passed_over(tmp_path):
    folder = deliver(tmp_path, "2026-06-30", "dm.xpt", "define.xml", "dm.xpt.bak", ".DS_Store", "_COMPLETE")
    (folder / "old.csv").mkdir()
    [transfer] = transfers(tmp_path, "S1")
    assert [path.name for path in transfer.others] == ["define.xml", "dm.xpt.bak", "old.csv"]
    assert [path.name for path in transfer.files] == ["dm.xpt"]


def test_a_study_to_which_nothing_was_delivered_has_no_transfers(tmp_path):
    (tmp_path / "S1").mkdir()
    assert transfers(tmp_path, "S1") == []


def test_a_study_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(StudyError, match=r"^S1: there is no such folder in .*; check the name$"):
        transfers(tmp_path, "S1")


def test_every_folder_not_named_by_its_cut_is_refused(tmp_path):
    for cut in ("2026-06-30", "30JUN2026", "2026-06-31", "20260630"):
        deliver(tmp_path, cut)
    (tmp_path / "S1/transfers/readme.txt").touch()
    with pytest.raises(StudyError) as refused:
        transfers(tmp_path, "S1")
    problems = [line.removeprefix("S1: transfers/") for line in str(refused.value).splitlines()]
    by_cut = "name the folder by its data cut"
    assert problems == [
        f"2026-06-31: found '2026-06-31', but there is no such day; {by_cut}",
        f"20260630: found '20260630', expected a date such as 2026-06-30; {by_cut}",
        f"30JUN2026: found '30JUN2026', expected a date such as 2026-06-30; {by_cut}",
        "readme.txt: this is a file; a transfer is a folder named by its data cut, such as 2026-06-30",
    ]


def test_a_real_transfer_is_found():
    [transfer] = transfers(SHARED / "data/studies", "NULISA-CART")
    assert (transfer.cut, transfer.complete) == ("2026-06-30", True)
    assert [path.name for path in transfer.files] == ["cm.csv", "dm.csv", "ex.csv", "fa.csv"]
