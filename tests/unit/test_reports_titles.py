"""Numbers and titles stand in one place, and all that stand there are printed."""

import ast
import re
from pathlib import Path

import pytest

import reports
from reports.titles import titled, titles

ROOM = Path(reports.__file__).parent
CODE = {path.relative_to(ROOM).as_posix(): path.read_text(encoding="utf-8") for path in sorted(ROOM.rglob("*.py"))}


def test_a_title_has_its_number_and_its_words():
    assert titled("rates", event="grade ≥ 3") == "T1. Rates of CRS of grade ≥ 3"


@pytest.mark.parametrize("key", titles())
def test_a_title_is_printed_somewhere(key):
    assert any(f'"{key}"' in code for code in CODE.values())


@pytest.mark.parametrize("file", CODE)
def test_no_number_stands_elsewhere(file):
    assert not re.findall(r"\"[TFLB]\d+\. [^\"]", CODE[file])


@pytest.mark.parametrize("file", CODE)
def test_no_caption_is_written_where_it_is_printed(file):
    calls = [node for node in ast.walk(ast.parse(CODE[file])) if isinstance(node, ast.Call)]
    captions = [word.value for call in calls for word in call.keywords if word.arg == "caption"]
    captions += [call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id == "table"]
    assert [ast.unparse(one) for one in captions if isinstance(one, ast.Constant | ast.JoinedStr)] == []
