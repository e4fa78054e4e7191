"""Paper, margins and letters, and what stands at the top and the foot of every page."""

from dataclasses import dataclass
from datetime import UTC, datetime

from reports.material import Material
from reports.paper.letters import FACES, Face, visible

# Landscape, width and height in points.
PAPERS = {"A4": (841.9, 595.3), "letter": (792.0, 612.0)}
SIDE_PT, TOP_PT, FOOT_PT = 45.0, 54.0, 60.0
# Read without effort at the first; never smaller than the last.
SIZES_PT = (9.0, 8.0, 7.0)
FOOTER_PT = NOTES_PT = 7.0
# PDF takes 10 kB of memory for a cell: tables with more rows are lines of text in it.
LONG_ROWS = 1000
# Text is broken into lines beyond these widths.
CAPS_EM = (24.0, 14.0)
# From line to line, in ems.
PITCH = 1.2
# Widths are rounded, and a heading that fits exactly would be broken anew.
SLACK_PT = 2.0
# Rules, and the space around titles and above footnotes, take some of the page.
_SPARE_LINES = 4


@dataclass(frozen=True, kw_only=True)
class Setting:
    """How pages look.

    Args:
        face: Typeface.
        paper: Width and height in points.
        study: Name and title of the study, for the top of every page.
        footer: What stands at the foot of every page, beside its number.
        made_at: When it was made.
    """

    face: Face
    paper: tuple[float, float]
    study: str
    footer: str
    made_at: datetime

    @property
    def width_pt(self) -> float:
        """Between the margins."""
        return self.paper[0] - 2 * SIDE_PT

    def lines(self, size_pt: float) -> int:
        """How many lines of this size a page holds."""
        return int((self.paper[1] - TOP_PT - FOOT_PT) / (size_pt * PITCH)) - _SPARE_LINES


def setting(material: Material) -> Setting:
    """How the pages of a study look: ``tables.font`` and ``tables.paper`` of study.yaml.

    Args:
        material: What they are drawn from; of pooled studies the first one's settings hold.
    """
    chosen = dict(material.tables["settings"].select("key", "value").reverse().iter_rows())
    made_at = material.made_at.astimezone(UTC).replace(microsecond=0)
    told = (
        material.study,
        f"data cut {material.cut}",
        f"crsight {material.version}",
        f"run {material.run_id}",
        f"{made_at:%Y-%m-%d %H:%M:%S} UTC",
    )
    return Setting(
        face=FACES[chosen.get("tables.font", "courier")],
        paper=PAPERS[chosen.get("tables.paper", "A4")],
        study=visible(f"{material.study}: {material.title} (closed: by therapy and dose)"),
        footer=visible(" · ".join(told)),
        made_at=made_at,
    )
