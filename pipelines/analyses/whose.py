"""The SELECTs that return the subjects behind a number, on a release."""


def quoted(text: str) -> str:
    """The text as a SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def whose(stratum: str, condition: str = "true", also: str = "") -> str:
    """A SELECT on a release that returns the subjects of a stratum for whom the condition holds.

    Args:
        stratum: Name of the stratum.
        condition: On ``r``, the subject's results, and whatever ``also`` joins.
        also: Further joins.
    """
    return (
        "select distinct r.studyid, r.usubjid from members as m "
        f"join subject_results as r using (studyid, usubjid, part) {also}"
        f"where m.stratum = {quoted(stratum)} and {condition} order by all"
    )


def whose_time(stratum: str, parameter: str, condition: str = "true") -> str:
    """A SELECT on a release that returns the subjects of a stratum by their time to an event.

    Args:
        stratum: Name of the stratum.
        parameter: PARAMCD.
        condition: On ``e``, the time (aval, cnsr), and ``r``, the subject's results.
    """
    also = "join time_to_event as e using (studyid, usubjid, part) "
    return whose(stratum, f"e.paramcd = {quoted(parameter)} and {condition}", also)
