"""What biomarkers are called, and on which scale they are drawn."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Marker:
    """A biomarker: its LBTESTCD-like name here, what it is called, and whether it is read on a logarithmic scale."""

    testcd: str
    label: str
    is_log: bool = True


# Cytokines, ferritin and CRP differ by factors between grades, as published kinetics are drawn; LDH by less.
MARKERS = {
    "IL6 before tocilizumab": Marker(testcd="IL6", label="Interleukin 6, before tocilizumab"),
    "IL6 after tocilizumab": Marker(testcd="IL6", label="Interleukin 6, after tocilizumab"),
    "IL10": Marker(testcd="IL10", label="Interleukin 10"),
    "IFNG": Marker(testcd="IFNG", label="Interferon gamma"),
    "FERRITIN": Marker(testcd="FERRITIN", label="Ferritin"),
    "CRP": Marker(testcd="CRP", label="C-reactive protein"),
    "LDH": Marker(testcd="LDH", label="Lactate dehydrogenase", is_log=False),
}
# SDTM has units in capitals where sources do.
_UNITS = {"PG/ML": "pg/mL", "UG/L": "µg/L", "MG/L": "mg/L", "MG/DL": "mg/dL"}


def unit_of(unit: str) -> str:
    """The unit as it is printed.

    >>> unit_of("PG/ML"), unit_of("U/L")
    ('pg/mL', 'U/L')
    """
    return _UNITS.get(unit, unit)
