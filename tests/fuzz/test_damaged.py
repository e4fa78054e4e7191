"""Damaged files are read or refused: a few of those of ``make fuzz``, and each kind that once was neither."""

import json

import pytest

from pipelines.formats import EXTENSIONS
from tests.fuzz.outcomes import BROKEN, READ, REFUSED
from tests.fuzz.reading import attempt, try_file
from tests.fuzz.seeds import seeds
from tests.fuzz.settings import BOMB, attempt_settings, try_settings
from tests.unit.formats.helpers import metadata
from tests.unit.study_folders import SHORTEST

FILES, SETTINGS = 25, 50


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_a_damaged_file_is_read_whole_or_refused_in_a_sentence(extension):
    tried = [attempt(2, extension, number) for number in range(FILES)]
    assert [outcome for outcome in tried if outcome.kind == BROKEN] == []
    assert {outcome.kind for outcome in tried} == {READ, REFUSED}


def test_a_damaged_study_yaml_is_read_or_refused_line_by_line():
    tried = [attempt_settings(2, number) for number in range(SETTINGS)]
    assert [outcome for outcome in tried if outcome.kind == BROKEN] == []
    assert {outcome.kind for outcome in tried} == {READ, REFUSED}


def as_json(kind="string", cell="x", /, **more) -> bytes:
    return json.dumps({**metadata([("AEX", kind)], 1), "rows": [[cell]], **more}).encode()


def sas_of_vast_rows() -> bytes:
    raw = bytearray(seeds()[".sas7bdat"][2])
    raw[4353], raw[4588:4592] = 0x55, bytes([1]) * 4
    return bytes(raw)


def xpt_of_many_variables() -> bytes:
    raw = seeds()[".xpt"][0]
    at = raw.index(b"NAMESTR HEADER RECORD") + len("NAMESTR HEADER RECORD!!!!!!!")
    return raw[:at] + b"0000009999" + raw[at + 10 :]


ONCE_BROKEN = {
    "label": ("ae.json", as_json(label=["a"]), ""),
    "records": ("ae.json", as_json(records=True), "records: is True; Dataset-JSON 1.1 needs the number of rows."),
    "half a name": ("ae.json", as_json(name="\ud800"), "name: is missing"),
    "type": ("ae.json", as_json(["string"]), "dataType ['string'] is unknown"),
    "half a character": ("ae.json", as_json("string", "\ud800"), "row 1, column AEX: the text holds half a character"),
    "infinite": ("ae.json", as_json("double", 0).replace(b"[0]", b"[1e999]"), "larger than any number can be"),
    "digits": ("ae.json", as_json("double", 10**500), "no JSON value here (a number of 501 digits)"),
    "depth": ("ae.json", b'{"a":' * 100_000, "no JSON value here (nested too deeply)"),
    "a row that is not UTF-8": ("ae.csv", b"A,B\n1,\xff,2\n", "row 1: 3 values for 2 columns"),
    "a control character": ("ae.csv", b"A\x01B,C\n1,2\n", "column 1 has a control character in its name"),
    "the same but for case": ("ae.csv", "AEß,AESS\n1,2\n".encode(), "column AESS: there are two of this name"),
    "a name of our own": ("ae.csv", b"_AESTDTC_first\n2026\n", "is called '_AESTDTC_first', which is kept for crsight"),
    "a quote in a name": ("ae.csv", b'"A""B",C\n1,2\n', ""),
    "a long name": ("ae.csv", f"STUDYID\n{'x' * 5000}\n".encode(), f"row 1: STUDYID is {'x' * 20} ... {'x' * 20};"),
    "variables": ("ae.xpt", xpt_of_many_variables(), "the file ends inside its headers"),
    "vast rows": ("ae.sas7bdat", sas_of_vast_rows(), "the reader of SAS datasets ended on it (code"),
}


@pytest.mark.parametrize(("name", "raw", "said"), ONCE_BROKEN.values(), ids=ONCE_BROKEN)
def test_what_once_ended_in_a_traceback_is_read_or_refused(name, raw, said):
    outcome = try_file(name, raw)
    assert (outcome.kind, said in outcome.said) == (REFUSED if said else READ, True), outcome.said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{SHORTEST}{BOMB}", "not YAML: it has more than 20000 values; mend it there"),
        (f"{SHORTEST}a: &a [*a]", "not YAML: it is nested deeper than 20 levels; mend it there"),
        ("[" * 5000, "not YAML: it is nested deeper than 20 levels; mend it there"),
        (f"{SHORTEST}board: {{minimum_cell: {'9' * 5000}}}", "not YAML: a value cannot be read (Exceeds the limit"),
        (f"{SHORTEST}title: !!bool x", "not YAML: a value cannot be read ('x'); mend it there"),
        (f"{SHORTEST}teae: {{end_window_days: 1.0e+300}}", "expected less than or equal to 1000000"),
        (f"{SHORTEST}board: {{minimum_cell: 1001}}", "expected less than or equal to 1000"),
        (f"{SHORTEST}dose: {{unit: mg, levels: {{A: [0, {10**400}]}}}}", "expected [at_least, below]"),
        ("".join(f"key{number}: 1\n" for number in range(50)), "and 12 more; mend these first"),
    ],
    ids=["bomb", "endless", "deep", "digits", "tag", "vast", "cell", "level", "many"],
)
def test_a_study_yaml_that_once_ended_in_a_traceback_is_refused(text, said):
    outcome = try_settings(text.encode())
    assert (outcome.kind, said in outcome.said) == (REFUSED, True), outcome.said


def test_a_default_that_hangs_on_what_is_refused_is_no_problem_of_its_own():
    assert try_settings(b"study: 1\ntherapy: {classes: {A: [B]}}\n").said.splitlines() == [
        "study.yaml: study: found 1, expected text; put it in quotes"
    ]
