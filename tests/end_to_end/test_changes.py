"""Two cuts of a study, through the command line: the table, the report, crsight diff, and what it is compared with."""

import json

import pytest

from tests.end_to_end.test_refusals import AE, DM, EX, deliver

pytestmark = pytest.mark.slow

MORE = "{study},AE,{study}-2,1,CRS,Cytokine release syndrome,3,RECOVERED/RESOLVED,2026-01-04,2026-01-06\n"


def test_a_second_cut_tells_what_changed_since_the_first(line):
    deliver(line, "S1")
    line.crsight("run", "S1")
    assert line.ask("S1", "select count(*) from changes").item() == 0
    assert "This is the first cut." in (line.release("S1") / "report-closed.html").read_text()

    deliver(line, "S1", cut="2026-04-30", dm=DM, ex=EX, ae=AE.replace("syndrome,2", "syndrome,4") + MORE)
    line.crsight("run", "S1")
    found = line.ask("S1", "select kind, usubjid, variable, old_value, new_value from changes where what = 'episode'")
    changed = [row for row in found.rows() if row[2] in (None, "Grade")]
    assert sorted(changed) == [("changed", "S1-1", "Grade", "2", "4"), ("new", "S1-2", None, None, "grade 3, resolved")]
    assert line.ask("S1", "select release, cut from compared").rows() == [("2026-03-31", "2026-03-31")]
    identity = json.loads((line.release("S1") / "manifest.json").read_text())["identity"]
    assert identity["compared_with"] == "2026-03-31"
    assert "1 new episode of CRS" in (line.release("S1") / "report-closed.html").read_text()

    numbers = "from changes as c join ard as a using (cell_id) where c.what = 'number' and a.stat_name in ('n', 'N')"
    assert line.ask("S1", f"select count(*) {numbers}").item() > 0
    assert line.ask("S1", f"select c.* {numbers} and c.new_value != a.stat::bigint::varchar").is_empty()

    assert line.json("run", "S1")[0]["reason"] == "unchanged"
    said = line.json("diff", "S1", "2026-03-31", "2026-04-30")
    columns = "what, kind, usubjid, item, variable, cell_id, old_value, new_value"
    released = line.ask("S1", f"select {columns} from changes order by position").to_dicts()
    assert [{name: row[name] for name in columns.split(", ")} for row in said["changes"]] == released
    assert (
        "new episode, S1-2: CRS from 2026-01-04: grade 3, resolved"
        in line.crsight("diff", "S1", "2026-03-31", "2026-04-30").stdout.splitlines()
    )
    assert "there are 2026-03-31, 2026-04-30" in line.crsight("diff", "S1", "2020", "2026-04-30", expect=2).stderr
