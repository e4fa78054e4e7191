import pytest

from pipelines.studies import Pooled, StudyError, load_pooled, load_study, study_names
from tests.unit.study_folders import SHORTEST, folder, problems

THERAPY = "therapy: {classes: {CAR-T: [AXICABTAGENE CILOLEUCEL]}}"


def named(name: str) -> str:
    return f"study: {name}\n{THERAPY}"


def test_every_problem_is_said_at_once(tmp_path):
    text = """
study: S2
titel: A
therapy: {clases: {}}
premedication: {window_hours: 0}
premedication: {window_hours: -1}
"""
    assert problems(tmp_path, text) == [
        "premedication: given in line 5 and again in line 6; keep one",
        "study: found 'S2', expected S1, as the folder is named",
        "therapy.classes: is missing; give it",
        "therapy.clases: unknown key; did you mean classes?",
        "premedication.window_hours: found -1, expected greater than 0",
        "titel: unknown key; did you mean title?",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("study: S1\ntherapy: [", "line 2, column 11: not YAML: "),
        ("study: S1\n\ttitle: A", "line 2, column 1: not YAML: "),
        ("", "found no keys, expected such as study: and therapy:"),
        ("- study", "found no keys, expected such as study: and therapy:"),
        ("title: \x00", "not YAML: unacceptable character #x0000: special characters are not allowed in"),
        (f"{SHORTEST}1: A", "1: unknown key; known are study, title,"),
        ("study: S1\n[a]: A", "line 2, column 1: not YAML: found a key that is not text"),
        (
            f"{SHORTEST}board: {{arms: blinded, arms: blinded}}",
            "board.arms: given in line 4 and again in line 4",
        ),
        (f"study: 20120148\n{THERAPY}", "study: found 20120148, expected text; put it in quotes"),
        (f"study: ../S1\n{THERAPY}", "study: found '../S1', expected S1, as the folder is named"),
        (THERAPY, "study: is missing; give it"),
        ("study: S1", "therapy: is missing; give it"),
        ("study: S1\ntherapy: CAR-T", "therapy: found 'CAR-T', expected a mapping"),
    ],
)
def test_a_file_that_cannot_be_taken_as_a_study_says_where_and_why(tmp_path, text, problem):
    assert problems(tmp_path, text)[0].startswith(problem)


def test_a_file_that_is_not_utf_8_is_refused_with_the_byte(tmp_path):
    made = folder(tmp_path, SHORTEST)
    (made / "study.yaml").write_bytes(b"title: \x92s")
    with pytest.raises(StudyError, match=r"^study.yaml: byte 8 is not UTF-8; save the file as UTF-8$"):
        load_study(made)


def test_a_byte_order_mark_is_passed_over(tmp_path):
    made = folder(tmp_path, SHORTEST)
    (made / "study.yaml").write_text(SHORTEST, encoding="utf-8-sig")
    assert load_study(made).study == "S1"


def test_a_folder_without_study_yaml_is_no_study(tmp_path):
    with pytest.raises(StudyError, match=r"^S1: there is no study.yaml; write one$"):
        load_study(tmp_path / "S1")


@pytest.mark.parametrize("name", ["POOLED", "-S1", "S 1"])
def test_a_study_is_not_named_what_it_cannot_be_called(tmp_path, name):
    with pytest.raises(StudyError, match=rf"^study.yaml: study: found '?{name}'?, "):
        load_study(folder(tmp_path, named(name), name))


def test_studies_are_the_folders_with_a_study_yaml(tmp_path):
    for name in ("S2", "S1", "POOLED", ".hidden"):
        folder(tmp_path, named(name), name)
    (tmp_path / "notes").mkdir()
    assert study_names(tmp_path) == ["S1", "S2"]


def test_a_root_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(StudyError, match="there is no such folder; name the folder that holds the studies"):
        study_names(tmp_path / "none")


def test_pooled_is_all_studies_unless_it_says_which(tmp_path):
    for name in ("S1", "S2"):
        folder(tmp_path, named(name), name)
    assert load_pooled(tmp_path) == Pooled(title="All studies", studies=("S1", "S2"))


def test_pooled_is_the_studies_it_names_in_their_order(tmp_path):
    for name in ("S1", "S2", "S3"):
        folder(tmp_path, named(name), name)
    folder(tmp_path, "study: POOLED\ntitle: Two\nstudies: [S3, S1]", "POOLED")
    assert load_pooled(tmp_path) == Pooled(title="Two", studies=("S3", "S1"))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("studies: [STUDY-1]", "studies: found 'STUDY-1', which is no study here; did you mean STUDY-A?"),
        ("studies: [STUDY-A, STUDY-A]", "studies: STUDY-A given more than once; keep one"),
        ("studies: []", "studies: found none, expected at least one"),
        ("study: ALL", "study: found 'ALL', expected 'POOLED'"),
        ("therapy: {}", "therapy: unknown key; known are study, title, studies"),
    ],
)
def test_a_pool_of_what_is_no_study_is_refused(tmp_path, text, problem):
    folder(tmp_path, named("STUDY-A"), "STUDY-A")
    folder(tmp_path, text, "POOLED")
    with pytest.raises(StudyError) as refused:
        load_pooled(tmp_path)
    assert str(refused.value) == f"study.yaml: {problem}"


def test_there_is_nothing_to_pool_without_studies(tmp_path):
    with pytest.raises(StudyError, match="there is no study in it"):
        load_pooled(tmp_path)
