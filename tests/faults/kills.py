"""Runs killed at random moments of every stage; after each the last release stands, and the next run succeeds."""

import json
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from tests.end_to_end.conftest import Line
from tests.end_to_end.test_refusals import STUDY_YAML, deliver
from tests.faults.standing import refuted

STUDY = "S1"
# The step with which each stage begins, and how often it is chosen: late stages take long to come to.
STAGES = {"begins": 2, "transfer": 8, "staged.causes_of_death": 5, "reports.open": 2, "reports.release": 3}
_WHOLE_RUN_EVERY = 10
_FIRST_CUT = date(2026, 1, 31)


class Kills:
    """A study that is run again and again, each time with something new, and killed on the way."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._line = Line(home=folder / "home", studies=folder / "studies")
        self._chance = Random(seed)
        self._warm = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.warm"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._runs = 0
        self._steps: dict[str, float] = {}
        self.by_stage: Counter[str] = Counter()

    def end(self) -> None:
        """End the process that runs are copies of."""
        self._warm.communicate()

    def kill(self, times: int) -> None:
        """Kill so many runs, and let every tenth end in between."""
        self._whole_run()
        while (done := self.by_stage.total()) < times:
            stage = self._killed_at()
            if stage:
                self.by_stage[stage] += 1
                print(f"{done + 1:4d}  {stage}", flush=True)
                if (done + 1) % _WHOLE_RUN_EVERY == 0:
                    self._whole_run()
        self._whole_run()

    def _killed_at(self) -> str:
        """The step at which a run was killed; "" when it ended before."""
        stage = self._chance.choices([*STAGES], [*STAGES.values()])[0]
        self._something_new(has_transfer=stage == "transfer")
        before = self._line.release(STUDY)
        ran = self._run(at=stage, after=self._chance.uniform(0, self._lasts(stage)))
        after = self._line.release(STUDY)
        wrong = refuted(self._line, STUDY)
        assert not wrong, f"killed at {[*ran['steps']][-1]}, {before.name} then {after.name}: {wrong}"
        return [*ran["steps"]][-1] if ran["killed"] else ""

    def _whole_run(self) -> None:
        self._something_new(has_transfer=not self._steps)
        ran = self._run(at=None, after=0)
        assert ran["code"] == 0, ran["told"]
        assert refuted(self._line, STUDY) == []
        self._line.crsight("verify", STUDY)
        assert self._line.ask(STUDY, "select title from studies").item() == self._title()
        self._steps = {**ran["steps"], "": max(ran["steps"].values())}

    def _lasts(self, stage: str) -> float:
        """Seconds that a stage lasted in the last whole run."""
        after = [*[*STAGES][[*STAGES].index(stage) + 1 :], ""]
        return self._steps[after[0]] - self._steps[stage]

    def _something_new(self, *, has_transfer: bool) -> None:
        self._runs += 1
        if has_transfer:
            cut = _FIRST_CUT + timedelta(days=self._runs)
            deliver(self._line, STUDY, cut=cut.isoformat())
        settings = f"title: {self._title()}\ngrading: {{episode_gap_days: {self._runs % 9}}}\n"
        (self._line.studies / STUDY / "study.yaml").write_text(STUDY_YAML.format(study=STUDY) + settings)

    def _title(self) -> str:
        return f"Run {self._runs}"

    def _run(self, at: str | None, after: float) -> dict[str, Any]:
        where = ["--home", str(self._line.home), "--studies", str(self._line.studies)]
        question = {"arguments": ["run", STUDY, "-v", *where], "at": at, "after": after}
        print(json.dumps(question), file=self._warm.stdin, flush=True)
        return json.loads(self._warm.stdout.readline())
