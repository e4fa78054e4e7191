"""The closed report: one self-contained HTML file."""

from datetime import UTC

from reports.html import script, stylesheet, templates
from reports.material import Material
from reports.people import behind, people
from reports.section import Section
from reports.sections import (
    adverse_events,
    agreement,
    biomarkers,
    cases,
    changes,
    incidence,
    listings,
    onset,
    outcome,
    prevention,
    quality,
    risk_factors,
    stopping,
    summary,
    symptoms,
)

CLOSED: tuple[Section, ...] = (
    summary.SECTION,
    incidence.SECTION,
    onset.SECTION,
    outcome.SECTION,
    symptoms.SECTION,
    risk_factors.SECTION,
    biomarkers.SECTION,
    prevention.SECTION,
    agreement.SECTION,
    adverse_events.SECTION,
    stopping.SECTION,
    cases.SECTION,
    listings.SECTION,
    changes.SECTION,
    quality.SECTION,
)


def closed_report(material: Material) -> str:
    """The report for those who may know the arm, as one HTML file that needs no network.

    Args:
        material: What it is drawn from.

    Raises:
        MissingResult: If the ARD lacks a number that the report prints.
    """
    sections = [(section, section.drawn(material)) for section in CLOSED]
    return (
        templates()
        .get_template("page.html")
        .render(
            material=material,
            made_at=f"{material.made_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC",
            style=stylesheet(),
            script=script(),
            sections=sections,
            people=people(material),
            behind=behind(material, [drawn for _, drawn in sections]),
        )
    )
