"""The kinds of record that are compared: which table, which variables, and by what a record is known again."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.listings import begun, ended


@dataclass(frozen=True, kw_only=True)
class Variable:
    """What may change of a record.

    Args:
        sql: Its text, from the record's columns.
        needs: The columns it is made of.
        is_follow_up: Whether it only tells how long was followed: later is no change of the record.
    """

    sql: str
    needs: tuple[str, ...]
    is_follow_up: bool = False


def _column(name: str) -> Variable:
    return Variable(sql=f'"{name}"::varchar', needs=(name,))


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of record.

    Args:
        table: Table of the layer analysis, or ``settings``.
        needs: Columns without which the kind cannot be compared.
        item: What the record is called, in SQL; empty where the subject says it all.
        told: What is said of a record that is new or removed, in SQL.
        variables: What may change, by the name reports give it.
        known_by: By what a record is known again once equal records are paired, the surest first; none where only its
            subject is needed.
        where: Which rows are compared; the first whose columns are there.
        comes_and_goes: Whether new and removed records are told; else only what changed.
    """

    table: str
    needs: tuple[str, ...]
    item: str
    told: str
    variables: Mapping[str, Variable]
    known_by: tuple[Variable, ...]
    where: tuple[Variable, ...] = ()
    subject: str = "usubjid"
    comes_and_goes: bool = True


# Without the flag of the source and scale that reports use, the settings say which they are.
_PRIMARY = (
    Variable(sql="anl01fl = 'Y'", needs=("anl01fl",)),
    Variable(
        sql="""exists (
            select 1 from {settings} as p
            left join {settings} as s on s.studyid = p.studyid and s.key = 'grading.scales'
            where p.studyid = t.studyid and p.key = 'grading.primary' and p.value = t.source
            and (t.source = 'reported' or t.scale = trim(split_part(s.value, ',', 1)))
        )""",
        needs=("source", "scale"),
    ),
)
_MINUTE = "strftime({0}, '%Y-%m-%d %H:%M')"
_GRADE = "coalesce('grade ' || grade, 'grade unknown')"
_TERM = "coalesce(nullif(aedecod, ''), aeterm)"
_ONLY_SUBJECT = Variable(sql="''", needs=())

KINDS: Mapping[str, Kind] = {
    "subject": Kind(
        table="adsl",
        needs=("usubjid", "therapy", "dose_level", "tumour_burden_level", "saffl"),
        item="null::varchar",
        told="concat_ws(', ', if(saffl = 'Y', 'treated', 'not treated'), therapy, dose_level, tumour_burden_level)",
        variables={
            "Treated": Variable(sql="coalesce(saffl, 'N')", needs=("saffl",)),
            "Therapy": _column("therapy"),
            "Dose level": _column("dose_level"),
            "Tumour burden": _column("tumour_burden_level"),
            "Tumour burden, value": _column("tumour_burden"),
            "Planned arm": _column("arm"),
            "Actual arm": _column("actarm"),
            "Age": _column("age"),
            "Sex": _column("sex"),
            "First dose": Variable(sql=_MINUTE.format("trtsdtm"), needs=("trtsdtm",)),
            "Doses given": _column("doses"),
            "Premedication": _column("premedfl"),
            "Died": Variable(sql="coalesce(dthfl, 'N')", needs=("dthfl",)),
            "Death": Variable(sql=begun("dthdtm", "dthprec"), needs=("dthdtm", "dthprec")),
            "Last known alive": Variable(
                sql="strftime(lstalvdtm, '%Y-%m-%d')", needs=("lstalvdtm",), is_follow_up=True
            ),
        },
        known_by=(_ONLY_SUBJECT,),
    ),
    "grade": Kind(
        table="subject_results",
        needs=("usubjid", "part", "episodes", "grade"),
        item="null::varchar",
        told="''",
        variables={
            "Highest grade of CRS": Variable(
                sql="case when episodes = 0 then 'none' else coalesce(grade::varchar, 'unknown') end",
                needs=("episodes", "grade"),
            )
        },
        known_by=(_ONLY_SUBJECT,),
        where=(Variable(sql="part = 'all'", needs=("part",)),),
        comes_and_goes=False,
    ),
    "episode": Kind(
        table="adcrs",
        needs=("usubjid", "source", "scale", "episode", "astdtm", "astprec", "grade", "outcome"),
        item=f"'CRS from ' || {begun('astdtm', 'astprec')}",
        told=f"concat_ws(', ', {_GRADE}, outcome)",
        variables={
            "Onset": Variable(sql=begun("astdtm", "astprec"), needs=("astdtm", "astprec")),
            "End": Variable(
                sql=f"case when ongoing then 'ongoing' else {ended('aendtm', 'aenprec')} end",
                needs=("ongoing", "aendtm", "aenprec"),
            ),
            "Followed until": Variable(
                sql=f"case when ongoing then {_MINUTE.format('aendtm')} end",
                needs=("ongoing", "aendtm"),
                is_follow_up=True,
            ),
            "Grade": Variable(sql="coalesce(grade::varchar, 'unknown')", needs=("grade",)),
            "Lowest grade possible": _column("grade_min"),
            "Highest grade possible": _column("grade_max"),
            "Outcome": _column("outcome"),
            "First tocilizumab": Variable(sql=_MINUTE.format("toci_dtm"), needs=("toci_dtm",)),
            "First corticosteroid": Variable(sql=_MINUTE.format("steroid_dtm"), needs=("steroid_dtm",)),
            "First anticytokine": Variable(sql=_MINUTE.format("anticytokine_dtm"), needs=("anticytokine_dtm",)),
            "Vasopressor": Variable(sql="if(vasopressor, 'Y', 'N')", needs=("vasopressor",)),
            "Respiratory support": _column("respiratory_support"),
            "Intensive care": Variable(sql="if(icu, 'Y', 'N')", needs=("icu",)),
        },
        known_by=(
            Variable(sql="astdtm::varchar", needs=("astdtm",)),
            Variable(sql="episode::varchar", needs=("episode",)),
        ),
        where=_PRIMARY,
    ),
    "adverse event": Kind(
        table="adae",
        needs=("usubjid", "aeterm", "aedecod", "aestdtc", "aetoxgr", "aeout"),
        item=f"{_TERM} || coalesce(' from ' || nullif(aestdtc, ''), '')",
        told="concat_ws(', ', 'grade ' || aetoxgr, lower(aeout))",
        variables={
            "Reported term": _column("aeterm"),
            "Standardized term": _column("aedecod"),
            "System organ class": _column("aebodsys"),
            "Start": _column("aestdtc"),
            "End": _column("aeendtc"),
            "Grade": _column("aetoxgr"),
            "Severity": _column("aesev"),
            "Serious": _column("aeser"),
            "Fatal": _column("aesdth"),
            "Life-threatening": _column("aeslife"),
            "Hospitalisation": _column("aeshosp"),
            "Causality": _column("aerel"),
            "Action taken": _column("aeacn"),
            "Outcome": _column("aeout"),
            "Treatment-emergent": Variable(sql="coalesce(trtemfl, 'N')", needs=("trtemfl",)),
            "Followed until": Variable(
                sql="case when nullif(aeendtc, '') is null then aeentpt end",
                needs=("aeendtc", "aeentpt"),
                is_follow_up=True,
            ),
        },
        # AESEQ comes last: a sponsor may number the records anew in each transfer.
        known_by=(
            Variable(sql="nullif(aespid, '')", needs=("aespid",)),
            Variable(sql=f"upper({_TERM}) || '|' || coalesce(aestdtc, '')", needs=("aeterm", "aedecod", "aestdtc")),
            Variable(sql=f"upper({_TERM}) || '|' || aeseq", needs=("aeterm", "aedecod", "aeseq")),
            Variable(sql="aestdtc || '|' || aeseq", needs=("aestdtc", "aeseq")),
        ),
    ),
    "setting": Kind(
        table="settings",
        needs=("key", "value"),
        item="key",
        told="value",
        variables={"Value": _column("value")},
        known_by=(Variable(sql="key", needs=("key",)),),
        subject="''",
    ),
}
