"""How a run of one study went."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Ran:
    """How a run of one study went.

    ``outcome`` is released, refused (the data), broken (the program) or busy (another run has the study in hand).
    ``brief`` is the reason without any value of a row, fit to be sent away.
    """

    study: str
    outcome: str
    reason: str
    release: str
    run_id: str
    brief: str = ""
    cut: str = ""
    at: str = ""

    def line(self) -> str:
        """The run for people: where the results are, or why there are none."""
        if self.released:
            return f"{self.study}: {self.release}/report-closed.html, report-open.html"
        return f"{self.study}: {self.outcome}: {self.reason}"

    @property
    def released(self) -> bool:
        """Whether a release now stands for what was asked."""
        return self.outcome == "released"
