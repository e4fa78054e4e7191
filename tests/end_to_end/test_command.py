"""The command as it is installed: help, exit codes and what goes to which stream."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

COMMANDS = ("demo", "simulate", "check", "run", "status", "sql", "explain", "diff", "verify", "report")


def crsight(*arguments, cwd):
    command = [str(Path(sys.executable).with_name("crsight")), *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120, check=False)


def test_help_names_every_command(tmp_path):
    done = crsight("--help", cwd=tmp_path)
    assert done.returncode == 0
    assert [name for name in COMMANDS if name not in done.stdout] == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["status"], 1),
        (["fly"], 2),
        (["run"], 2),
        (["simulate", "out", "--therapy", "magic"], 2),
        (["sql", "select 1"], 2),
        (["explain", "P1"], 2),
    ],
    ids=["no studies", "no such command", "no study", "no such therapy", "no release", "nothing to explain"],
)
def test_exit_codes(tmp_path, arguments, code):
    done = crsight(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_simulate_writes_a_study_that_check_accepts(tmp_path):
    done = crsight(
        "simulate", "studies", "--subjects", "20", "--seed", "3", "--therapy", "car-t", "--json", cwd=tmp_path
    )
    assert [Path(path).name for path in json.loads(done.stdout)["studies"]] == ["SIM-CART"]
    found = json.loads(crsight("check", "SIM-CART", "--json", cwd=tmp_path).stdout)
    assert found["problems"] == []
    assert found["rows_in"] > 1000
    assert not (tmp_path / "data").exists()
