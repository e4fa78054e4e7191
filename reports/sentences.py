"""Parts of sentences about a subject: moments, values and lists, in words."""

from collections.abc import Sequence

from reports.words import amount, days, rounded

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
# As long as 2026-03-03, which has no time.
_DATE = 10
_UNITS = {"PG/ML": "pg/mL", "UG/L": "µg/L", "MG/L": "mg/L", "MM2": "mm²"}
TESTS = {
    "TEMP": ("temperature", "°C"),
    "SYSBP": ("systolic blood pressure", "mmHg"),
    "OXYSAT": ("oxygen saturation", "%"),
    "FERRITIN": ("ferritin", ""),
    "CRP": ("C-reactive protein", ""),
    "IL6": ("interleukin-6", ""),
}
TREATMENTS = {
    "study_treatment": "study treatment",
    "respiratory_support": "respiratory support",
    "vasopressors": "vasopressors",
    "fluids": "fluid boluses",
    "tocilizumab": "tocilizumab",
    "corticosteroids": "corticosteroids",
    "other_anticytokine": "other anticytokines",
    "icu": "intensive care",
}


def sentence(text: str) -> str:
    """The text with a capital and a full stop.

    >>> sentence("no ICANS is recorded"), sentence("Died.")
    ('No ICANS is recorded.', 'Died.')
    """
    return text[:1].upper() + text[1:].removesuffix(".") + "."


def listed(parts: Sequence[str]) -> str:
    """The parts as a list in a sentence.

    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    *others, end = parts
    return f"{', '.join(others)} and {end}" if others else end


def as_given(value: float) -> str:
    """A number with all the figures it has.

    >>> as_given(25900.0), as_given(38.6), as_given(0.947)
    ('25,900', '38.6', '0.947')
    """
    return f"{value:,}".removesuffix(".0")


def ordinal(n: int) -> str:
    """The place in words.

    >>> ordinal(2), ordinal(11)
    ('second', 'number 11')
    """
    return _ORDINALS[n - 1] if n <= len(_ORDINALS) else f"number {n}"


def moment(at: str | None, day: float | None) -> str:
    """When something was, with the day after the first dose where it is known.

    >>> moment("2026-03-03 02:35", 3.5076), moment("2026-03-03", 4), moment("2025-10", None)
    ('2026-03-03 02:35 (day 3.5)', '2026-03-03 (day 4)', '2025-10')
    """
    when = at or "an unknown date"
    if day is None:
        return when
    return f"{when} (day {rounded(day, 0) if len(when) == _DATE else days(day)})"


def unit(code: str | None) -> str:
    """The unit as it is printed."""
    return _UNITS.get((code or "").upper(), code or "")


def measured(test: str, value: float, code: str | None, censored: str | None) -> str:
    """The test with its value.

    >>> measured("TEMP", 39.6, None, None), measured("IL6", 5000, "PG/ML", ">")
    ('temperature 39.6 °C', 'interleukin-6 >5,000 pg/mL')
    """
    name, own = TESTS[test]
    said = as_given(value) if own else amount(value)
    return f"{name} {censored or ''}{said} {own or unit(code)}".rstrip()


def named(name: str | None, finding: str | None, treatment: str) -> str:
    """A drug or device in lower case with what is read from it as it is.

    >>> named("NASAL CANNULA", "NASAL CANNULA 6 L/min for hypoxia", "respiratory_support"), named(None, None, "icu")
    ('nasal cannula 6 L/min for hypoxia', 'intensive care')
    """
    if name is None:
        return TREATMENTS[treatment]
    if treatment == "study_treatment":
        return name
    if finding is not None and finding.startswith(name):
        return name.lower() + finding[len(name) :]
    return name.lower()
