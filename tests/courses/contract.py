"""The names and numbers of the grading contract, as its text gives them; none is read from sql/."""

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

VASOPRESSORS = ("NOREPINEPHRINE", "EPINEPHRINE", "PHENYLEPHRINE", "DOPAMINE", "ANGIOTENSIN II")
VASOPRESSIN_CLASS = ("VASOPRESSIN", "TERLIPRESSIN")
ANTIPYRETICS = ("PARACETAMOL", "ACETAMINOPHEN", "IBUPROFEN", "NAPROXEN", "METAMIZOLE")
ANTICYTOKINES = ("TOCILIZUMAB", "SILTUXIMAB", "SARILUMAB", "ANAKINRA", "EMAPALUMAB")
CORTICOSTEROIDS = (
    *("DEXAMETHASONE", "METHYLPREDNISOLONE", "PREDNISONE", "PREDNISOLONE", "HYDROCORTISONE"),
    "CORTICOSTEROIDS",
)
WAIVING = (*ANTIPYRETICS, *ANTICYTOKINES, *CORTICOSTEROIDS)
CLOTTING = ("FRESH FROZEN PLASMA", "CRYOPRECIPITATE", "FIBRINOGEN CONCENTRATE")
OTHER_REASONS = ("SLEEP APNOEA", "AIRWAY PROTECTION", "PROCEDURE")


class Device(NamedTuple):
    """The levels a device may mean, and the oxygen it may give in percent when none is recorded."""

    level_min: int
    level_max: int
    fio2_min: float
    fio2_max: float
    is_ventilator: bool = False


CANNULA = "NASAL CANNULA"
DEVICES = {
    CANNULA: Device(2, 3, 21, 100),
    "OXYGEN THERAPY": Device(2, 3, 21, 100),
    "BLOW-BY OXYGEN": Device(2, 2, 21, 39),
    "SIMPLE FACE MASK": Device(3, 3, 35, 60),
    "VENTURI MASK": Device(3, 3, 24, 60),
    "NON-REBREATHER MASK": Device(3, 3, 60, 100),
    "HIGH-FLOW NASAL CANNULA OXYGEN THERAPY": Device(3, 3, 21, 100),
    "CONTINUOUS POSITIVE AIRWAY PRESSURE VENTILATION": Device(4, 4, 21, 100),
    "BILEVEL POSITIVE AIRWAY PRESSURE VENTILATION": Device(4, 4, 21, 100),
    "INVASIVE MECHANICAL VENTILATION": Device(4, 4, 21, 100, is_ventilator=True),
    "EXTRACORPOREAL MEMBRANE OXYGENATION": Device(4, 4, 21, 100, is_ventilator=True),
}

# By test: the toxicity, and the multiples of the upper limit of normal that grades 1 to 4 exceed.
TOXICITIES = {
    "ALT": ("transaminases", (1, 3, 5, 20)),
    "AST": ("transaminases", (1, 3, 5, 20)),
    "BILI": ("bilirubin", (1, 1.5, 3, 10)),
    "CREAT": ("creatinine", (1, 1.5, 3, 6)),
}

UG_MIN, UG_KG_MIN = "ug/min", "ug/kg/min"
# What one of the unit is in ug, by minute, and whether it is by kg of body weight.
RATE_UNITS = {UG_MIN: (Fraction(1), False), "mg/h": (Fraction(1000, 60), False), UG_KG_MIN: (Fraction(1), True)}
HIGH_DOSE_LEE = {
    "NOREPINEPHRINE": (Fraction(20), UG_MIN),
    "DOPAMINE": (Fraction(10), UG_KG_MIN),
    "PHENYLEPHRINE": (Fraction(200), UG_MIN),
    "EPINEPHRINE": (Fraction(10), UG_MIN),
}
HIGH_DOSE_PENN = {
    **HIGH_DOSE_LEE,
    "NOREPINEPHRINE": (Fraction("0.2"), UG_KG_MIN),
    "EPINEPHRINE": (Fraction("0.1"), UG_KG_MIN),
}
# Norepinephrine equivalent by kg, of two agents or more, and of any beside vasopressin.
COMBINED_PENN, WITH_VASOPRESSIN_PENN = Fraction("0.2"), Fraction("0.1")
HIGH_DOSE_HOURS_PENN, LONG_VASOPRESSOR_HOURS_MSKCC = 3, 24

SCALES = ("ASTCT 2019", "Lee 2014", "Penn 2018", "MSKCC", "CARTOX 2018", "CTCAE 4.03", "CTCAE 5.0", "CTCAE 6.0")


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """What a protocol may set, with the defaults of the contract."""

    fever_c: float = 38.0
    sbp_mmhg: float | None = None
    low_flow_max_lpm: float = 6
    low_flow_inclusive: bool = True
    reading_hold_h: float = 12
    laboratory_hold_h: float = 24
    episode_gap_h: float = 7 * 24
    onset_window_h: float = 30 * 24


DEFAULTS = Parameters()
