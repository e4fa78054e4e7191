"""The open report: one self-contained HTML file without a script."""

from datetime import UTC

from reports.html import stylesheet, templates
from reports.material import Material
from reports.opened import course, grades, summary

OPEN = (summary.SECTION, grades.SECTION, *course.SECTIONS, summary.QUALITY)


def open_report(material: Material) -> str:
    """The report for those who must stay blinded, as one HTML file that needs no network.

    Args:
        material: What those may be told, of ``pipelines.material.open_material``.

    Raises:
        MissingResult: If the ARD lacks a number that the report prints.
    """
    return (
        templates()
        .get_template("open.html")
        .render(
            material=material,
            made_at=f"{material.made_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC",
            style=stylesheet(),
            sections=[(section, section.drawn(material)) for section in OPEN],
        )
    )
