"""The house: who may import whom, what each table says of itself, and what is never written."""

import ast
import re
import subprocess

import pytest

from pipelines.described import read_references, read_written
from pipelines.dictionary import main as dictionary_main
from pipelines.models import LAYERS, read_models
from tests.shared import ROOT

OURS = ("pipelines", "sql", "reports")
# Room -> what it may import of ours. The rest of `pipelines` may import anything to its left.
ALLOWED = {
    "reports/*.py": {"reports"},
    "reports/**/*.py": {"reports"},
    "pipelines/statistics/*.py": {"pipelines.statistics"},
    "pipelines/formats/*.py": {"pipelines.formats", "pipelines.sentences"},
    "pipelines/sentences.py": set(),
    "pipelines/models.py": set(),
    "pipelines/described.py": {"pipelines.models"},
    "pipelines/warehouse.py": {"pipelines.models", "pipelines.described"},
    "pipelines/analyses/*.py": {"pipelines.analyses", "pipelines.statistics"},
    "pipelines/studies/*.py": {"pipelines.studies", "pipelines.sentences"},
    "pipelines/audit/*.py": {"pipelines.audit"},
}
# In two halves, so that this file does not name them itself.
PLACES = [
    ("pypi", ".org"),
    ("python", "hosted"),
    ("npm", "js."),
    ("js", "delivr"),
    ("un", "pkg"),
    ("/wo", "rk/"),
]
WITH_DAGSTER = {
    *(f"pipelines/{name}.py" for name in ("assets", "definitions", "execution", "outcome")),
    *(
        f"pipelines/automation/{name}.py"
        for name in ("holding", "lost", "nightly", "outcomes", "retrying", "transfers")
    ),
}
CASES = [(path, allowed) for pattern, allowed in ALLOWED.items() for path in sorted(ROOT.glob(pattern))]


def imports_of(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))


@pytest.mark.parametrize(("path", "allowed"), CASES, ids=[str(path.relative_to(ROOT)) for path, _ in CASES])
def test_a_room_imports_only_what_lies_to_its_left(path, allowed):
    ours = [name for name in imports_of(path) if name.split(".")[0] in OURS]
    assert [
        name
        for name in ours
        if not any(name == room or name.startswith(f"{room}.") for room in allowed) and name not in OURS
    ] == []


def test_dagster_is_known_in_its_own_room_only():
    knowing = {
        str(path.relative_to(ROOT))
        for path in ROOT.glob("pipelines/**/*.py")
        if any(name.split(".")[0] == "dagster" for name in imports_of(path))
    }
    assert knowing == WITH_DAGSTER


def test_reports_hold_no_sql():
    words = re.compile(r"\bselect\b.+\bfrom\b|\bgroup by\b", re.IGNORECASE)
    assert [str(p) for p in ROOT.glob("reports/**/*.py") if words.search(p.read_text())] == []


def test_every_table_a_model_reads_is_there():
    models = read_models(ROOT / "sql")
    contract = {
        f"raw.{line.split(',')[0].lower()}"
        for line in (ROOT / "sql/reference/sdtm_variables.csv").read_text().splitlines()
        if not line.startswith(("#", "domain,"))
    }
    described = [*read_references(ROOT / "sql"), *read_written(ROOT / "sql")]
    there = contract | {table.name for table in described} | {model.name for model in models}
    assert {(m.name, table) for m in models for table in m.depends_on if table not in there} == set()


def test_layers_are_the_folders_of_sql():
    folders = {path.parent.name for path in ROOT.glob("sql/*/*.sql")}
    assert folders <= {*LAYERS, "recipes"}


def test_the_dictionary_is_current():
    assert dictionary_main(["--check"]) == 0


def test_no_place_of_this_machine_or_network_is_named():
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    places = re.compile("|".join(re.escape(a + b) for a, b in PLACES))
    texts = {name: (ROOT / name).read_bytes().decode("utf-8", "replace") for name in tracked if (ROOT / name).is_file()}
    assert [name for name, text in texts.items() if places.search(text)] == []
