"""The audit log: what is written stays, and whatever is done to it is seen."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import audit
from pipelines.errors import WrongUsage
from pipelines.ingest import sha256
from pipelines.site import Site
from pipelines.verifying import problems, release_of


def log_of(home, n: int) -> list[bytes]:
    for number in range(n):
        audit.append(home, what="run", study="S1", number=number)
    return (home / audit.NAME).read_bytes().splitlines(keepends=True)


def test_a_line_says_what_happened_who_did_it_and_when(tmp_path):
    [line] = log_of(tmp_path, 1)
    said = json.loads(line)
    assert said.keys() == {"at", "by", "previous", "what", "study", "number"}
    assert said["at"].endswith("+00:00")
    assert audit.problems(tmp_path) == []


def test_no_log_is_no_problem(tmp_path):
    assert audit.problems(tmp_path) == []


@given(data=st.data())
def test_whatever_is_done_to_a_line_but_the_last_is_seen(tmp_path_factory, data):
    home = tmp_path_factory.mktemp("home")
    lines = log_of(home, 5)
    place = data.draw(st.integers(0, 3))
    line = lines[place]
    at = data.draw(st.integers(0, len(line) - 2))
    byte = data.draw(st.integers(32, 126).filter(lambda byte: byte != line[at]))
    other = {
        "changed": [*lines[:place], line[:at] + bytes([byte]) + line[at + 1 :], *lines[place + 1 :]],
        "taken out": [*lines[:place], *lines[place + 1 :]],
        "put in": [*lines[:place], line, *lines[place:]],
        "exchanged": [*lines[:place], lines[place + 1], line, *lines[place + 2 :]],
    }[data.draw(st.sampled_from(["changed", "taken out", "put in", "exchanged"]))]
    (home / audit.NAME).write_bytes(b"".join(other))
    assert audit.problems(home) != []


def test_a_torn_line_is_told_and_the_next_one_follows_it(tmp_path):
    lines = log_of(tmp_path, 3)
    (tmp_path / audit.NAME).write_bytes(b"".join(lines)[:-20])
    log_of(tmp_path, 2)
    [problem] = audit.problems(tmp_path)
    assert "line 3 cannot be read" in problem


def test_runs_that_end_at_once_are_all_written(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: audit.append(tmp_path, number=number), range(40)))
    assert audit.problems(tmp_path) == []
    assert sorted(entry.said["number"] for entry in audit.entries(tmp_path)) == [*range(40)]


@pytest.fixture
def site(tmp_path):
    """A site with a release, closed and open, that its log names."""
    site = Site(home=tmp_path / "home", studies=tmp_path / "studies")
    for folder in (site.release_folder("S1"), site.open_folder("S1")):
        release = folder / "2026-06-30"
        (release / "datasets").mkdir(parents=True)
        (release / "datasets" / "adsl.json").write_text("{}")
        outputs = {"datasets/adsl.json": sha256(release / "datasets" / "adsl.json")}
        (release / "manifest.json").write_text(json.dumps({"outputs": outputs}))
        (folder / "current").symlink_to("2026-06-30")
    manifest = site.release_folder("S1") / "current" / "manifest.json"
    audit.append(site.home, what="run", manifest_sha256=sha256(manifest))
    return site


def test_a_release_as_it_was_published_has_no_problem(site):
    for named in ("S1", "S1/2026-06-30", str(site.release_folder("S1") / "current")):
        assert problems(site, release_of(site, named)) == []


@pytest.mark.parametrize(
    ("kind", "name", "text", "expected"),
    [
        ("releases", "datasets/adsl.json", "{ }", "datasets/adsl.json has changed since it was published."),
        ("releases", "datasets/adsl.json", None, "datasets/adsl.json is missing."),
        ("releases", "more.csv", "x", "more.csv is not in the manifest."),
        ("open", "datasets/adsl.json", "{ }", "datasets/adsl.json has changed since it was published."),
        ("releases", "manifest.json", '{"outputs": {}}', "the audit log names no release with this manifest.json"),
    ],
    ids=["changed", "missing", "put in", "open", "manifest"],
)
def test_what_was_done_to_a_release_is_told(site, kind, name, text, expected):
    path = site.home / kind / "S1" / "2026-06-30" / name
    path.unlink() if text is None else path.write_text(text)
    assert [problem for problem in problems(site, release_of(site, "S1")) if expected in problem]


def test_a_release_without_its_open_part_is_told(site):
    (site.open_folder("S1") / "2026-06-30" / "manifest.json").unlink()
    [problem] = problems(site, release_of(site, "S1"))
    assert problem.endswith("there is no open release.")


@pytest.mark.parametrize("named", ["S2", "S1/2020-01-01", "/nowhere"])
def test_what_is_no_release_is_said(site, named):
    with pytest.raises(WrongUsage, match="is no release"):
        release_of(site, named)
