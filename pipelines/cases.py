"""What patient profiles, narratives and the swimmer plot show, fetched from a study's warehouse in one query a table."""

import duckdb
import polars as pl

from pipelines.listings import begun, ended
from pipelines.warehouse import frame

# A page that carried more subjects, or a plot with more lines, could not be read in a meeting.
MOST_CASES = 200
MOST_LINES = 60
# A profile ends some days after the last episode, but an episode that has not ended cannot make it endless.
DAYS_AFTER, FEWEST_DAYS, MOST_DAYS = 3, 7, 90


def _day(moment: str, precision: str) -> str:
    """Elapsed days from the first dose, whole where one of the two is known only by its day, none by month or year."""
    return (
        f"case when {precision} in ('Y', 'M') then null when c.is_whole or {precision} = 'D' "
        f"then cast(date_diff('day', cast(c.dosed as date), cast({moment} as date)) as double) "
        f"else {_place(moment)} end"
    )


def _place(moment: str) -> str:
    """Where it stands on the axis of a profile, in days."""
    return f"epoch({moment} - c.dosed) / 86400.0"


CHOSEN = f"""
    create or replace temp table cases as
    with differing as (
        select distinct d.studyid, d.usubjid
        from analysis.discordances as d
        where d.scale = d.reported_scale and not d.is_explained_by_uncertainty
    ),

    lasting as (
        select e.studyid, e.usubjid, max(e.aendtm) as ended
        from analysis.adcrs as e
        group by e.studyid, e.usubjid
    ),

    found as (
        select
            a.studyid, a.usubjid, a.trtsdtm as dosed, s.anchor_precision in ('Y', 'M', 'D') as is_whole,
            g.source, g.scale, l.ended, r.grade, coalesce(a.dthfl = 'Y', false) as is_dead,
            coalesce(r.episodes > 0 and coalesce(r.grade, r.grade_max) >= 3, false) as is_severe,
            d.usubjid is not null as is_differing
        from analysis.adsl as a
        join staged.subjects as s on s.studyid = a.studyid and s.usubjid = a.usubjid
        join graded.primary_grades as g on g.studyid = a.studyid
        left join analysis.subject_results as r
            on r.studyid = a.studyid and r.usubjid = a.usubjid and r.part = 'all'
        left join lasting as l on l.studyid = a.studyid and l.usubjid = a.usubjid
        left join differing as d on d.studyid = a.studyid and d.usubjid = a.usubjid
        where a.saffl = 'Y'
    ),

    ranked as (
        select
            c.*,
            row_number() over (order by c.grade desc nulls last, c.is_dead desc, c.studyid, c.usubjid) as place,
            count(*) over () as of_all,
            least({MOST_DAYS}, greatest({FEWEST_DAYS}, coalesce({_place("c.ended")}, 0) + {DAYS_AFTER})) as to_day
        from found as c
        where c.is_severe or c.is_dead or c.is_differing
    )

    select * from ranked where place <= {MOST_CASES}
"""
READINGS = f"""
    create or replace temp table readings as
    select
        c.place, v._file, v._row, upper(trim(v.vstestcd)) as test,
        coalesce(v.vsstresn, try_cast(v.vsstresc as double), try_cast(v.vsorres as double)) as result,
        case
            -- No living person has 60 degrees in either unit, so the size tells the unit, as in staged.readings.
            when upper(trim(v.vstestcd)) = 'TEMP' and result > 60 then floor((result - 32) / 1.8 * 10 + 0.5) / 10
            else result
        end as value,
        make_timestamp(v._vsdtc_first * 1000000) as taken, v._vsdtc_precision as precision,
        -- A reading without its time stands in the middle of its day.
        {_place("make_timestamp((v._vsdtc_first + v._vsdtc_last) * 500000)")} as at_day
    from raw.vs as v
    join temp.cases as c on c.studyid = v.studyid and c.usubjid = v.usubjid
    where
        upper(trim(v.vstestcd)) in ('TEMP', 'SYSBP', 'OXYSAT') and v._vsdtc_precision not in ('Y', 'M')
        and result is not null
"""
EXTREMES = f"""
    with values as (
        select r.place, r.test, r.value, cast(null as varchar) as censored, null as unit, false as is_after_tocilizumab,
            r.taken, r.precision
        from temp.readings as r
        union all
        select c.place, b.testcd, b.value, b.censored, b.unit, b.post_tocilizumab, b.taken_dtm, t.taken_precision
        from analysis.biomarkers as b
        join temp.cases as c on c.studyid = b.studyid and c.usubjid = b.usubjid
        join staged.biomarkers as t on t.studyid = b.studyid and t._file = b.file and t._row = b.row
        where b.testcd in ('FERRITIN', 'CRP', 'IL6')
    )

    select
        v.place, e.episode, v.test, v.value, v.censored, v.unit, v.is_after_tocilizumab,
        {begun("v.taken", "v.precision")} as at, {_day("v.taken", "v.precision")} as day
    from values as v
    join temp.cases as c on c.place = v.place
    join analysis.adcrs as e
        on e.studyid = c.studyid and e.usubjid = c.usubjid and e.source = c.source and e.scale = c.scale
        and v.taken between e.astdtm and e.aendtm
    -- Low pressure and saturation are the worst of theirs; of equal ones the first.
    qualify row_number() over (
        partition by v.place, e.episode, v.test
        order by if(v.test in ('SYSBP', 'OXYSAT'), v.value, -v.value), v.censored = '>' desc nulls last, v.taken
    ) = 1
    order by all
"""
PEOPLE = f"""
    select
        c.place, c.of_all, c.is_severe, c.is_dead, c.is_differing, c.source, c.scale, c.to_day, p.fever_c,
        c.studyid, c.usubjid, a.age, a.sex, a.indication, a.dose, a.dose_unit, a.doses, a.tumour_burden, a.tumour_burden_unit,
        nullif(a.therapy, 'Missing') as therapy, nullif(a.dose_level, 'Missing') as dose_level,
        nullif(a.tumour_burden_level, 'Missing') as tumour_burden_level,
        {begun("a.trtsdtm", "s.anchor_precision")} as dosed, a.premedfl,
        {begun("a.dthdtm", "a.dthprec")} as died, {_day("a.dthdtm", "a.dthprec")} as death_day,
        {_place("a.dthdtm")} as death_at,
        (
            select string_agg(d.cause, '; ' order by d.is_primary desc, d.cause)
            from staged.causes_of_death as d where d.studyid = a.studyid and d.usubjid = a.usubjid
        ) as cause,
        (
            select string_agg(distinct e.aedecod, '; ' order by e.aedecod)
            from analysis.adae as e
            where e.studyid = a.studyid and e.usubjid = a.usubjid and (e.aesdth = 'Y' or e.aeout = 'FATAL')
        ) as fatal_events,
        strftime(a.lstalvdtm, '%Y-%m-%d') as last_alive, r.episodes, r.grade, r.grade_min, r.grade_max
    from temp.cases as c
    join analysis.adsl as a on a.studyid = c.studyid and a.usubjid = c.usubjid
    join staged.subjects as s on s.studyid = c.studyid and s.usubjid = c.usubjid
    join study.parameters as p on p.studyid = c.studyid
    left join analysis.subject_results as r on r.studyid = c.studyid and r.usubjid = c.usubjid and r.part = 'all'
    order by c.place
"""
EPISODES = f"""
    select
        c.place, e.episode, {begun("e.astdtm", "e.astprec")} as began, e.onset_days as day,
        {ended("e.aendtm", "e.aenprec")} as ended, e.duration_days, e.ongoing, e.outcome,
        e.grade, e.grade_min, e.grade_max, e.why_no_grade,
        {begun("e.max_grade_dtm", "e.astprec")} as worst, {_day("e.max_grade_dtm", "e.astprec")} as worst_day,
        {_place("e.aendtm")} as end_day
    from analysis.adcrs as e
    join temp.cases as c
        on c.studyid = e.studyid and c.usubjid = e.usubjid and c.source = e.source and c.scale = e.scale
    order by c.place, e.episode
"""
GIVEN = f"""
    with doses as (
        select m._file, m._row, m.dose, m.dose_unit from staged.medications as m
    ),

    findings as (
        select s.* from analysis.signs as s where s.domain in ('CM', 'PR') and s.source = 'derived'
    ),

    given as (
        select
            c.place, t.treatment, t.name, m.dose, m.dose_unit, f.finding, t.occasion, t.start_dtm, t.start_prec, t.end_dtm
        from analysis.treatment_records as t
        join temp.cases as c on c.studyid = t.studyid and c.usubjid = t.usubjid
        left join doses as m on t.domain = 'CM' and m._file = t.file and m._row = t.row
        left join findings as f
            on f.studyid = t.studyid and f.usubjid = t.usubjid and f.domain = t.domain and f.file = t.file and f.row = t.row
        union all
        select
            c.place, 'fluids', f.finding, null, null, f.finding, if(f.counted, 'during CRS', 'at another time'),
            f.start_dtm, b.start_precision, f.end_dtm
        from findings as f
        join temp.cases as c on c.studyid = f.studyid and c.usubjid = f.usubjid
        join staged.fluid_boluses as b on b._file = f.file and b._row = f.row
        where f.domain = 'CM'
    )

    select
        c.place, g.treatment, g.name, g.dose, g.dose_unit, g.finding, g.occasion,
        {begun("g.start_dtm", "g.start_prec")} as began, {_day("g.start_dtm", "g.start_prec")} as day,
        {_place("g.start_dtm")} as from_day, {_place("g.end_dtm")} as to_day
    from given as g
    join temp.cases as c on c.place = g.place
    order by c.place, g.start_dtm, g.treatment, g.name, g.dose, g.finding
"""
SEGMENTS = f"""
    with steps as (
        select
            c.place, s.source, s.scale, s.episode, s.start_dtm, s.end_dtm, s.grade, c.dosed,
            coalesce(
                lag(coalesce(s.grade, 0)) over w = coalesce(s.grade, 0) and lag(s.end_dtm) over w = s.start_dtm, false
            ) as goes_on
        from analysis.grade_segments as s
        join temp.cases as c on c.studyid = s.studyid and c.usubjid = s.usubjid
        window w as (partition by c.place, s.source, s.scale, s.episode order by s.start_dtm, s.end_dtm)
    ),

    joined as (
        select
            s.*,
            count(*) filter (not s.goes_on) over (
                partition by s.place, s.source, s.scale, s.episode order by s.start_dtm, s.end_dtm
            ) as stretch
        from steps as s
    )

    select
        c.place, c.source, c.scale, c.episode, any_value(c.grade) as grade,
        min({_place("c.start_dtm")}) as from_day, max({_place("c.end_dtm")}) as to_day
    from joined as c
    group by c.place, c.source, c.scale, c.episode, c.stretch
    order by c.place, c.source, c.scale, from_day
"""
FURTHER = {
    "grades": """
        select c.place, g.source, g.scale, g.grade, g.grade_min, g.grade_max, g.episodes
        from analysis.adcrs_subject as g
        join temp.cases as c on c.studyid = g.studyid and c.usubjid = g.usubjid
        order by c.place, g.source desc, g.scale
    """,
    "vitals": """
        select
            r.place, r.test, r.at_day as day, r.value,
            exists (
                select 1 from analysis.signs as s
                where s.domain = 'VS' and s.file = r._file and s.row = r._row and s.counted
            ) as is_sign
        from temp.readings as r
        join temp.cases as c on c.place = r.place
        where r.at_day between -1 and c.to_day
        order by r.place, r.test, r.at_day, r.value
    """,
    "labs": f"""
        select c.place, b.testcd as test, {_place("b.taken_dtm")} as day, b.value, b.unit, b.censored
        from analysis.biomarkers as b
        join temp.cases as c on c.studyid = b.studyid and c.usubjid = b.usubjid
        where b.testcd in ('FERRITIN', 'CRP', 'IL6') and {_place("b.taken_dtm")} between -1 and c.to_day
        order by c.place, b.testcd, day, b.value
    """,
    "evidence": f"""
        select
            c.place, v.source, v.scale, v.episode, v.meaning, v.variable, v.value, v.domain, v.seq, v.file, v.row,
            strftime(v.start_dtm, '%Y-%m-%d') as at, {_place("v.start_dtm")} as day
        from analysis.grade_evidence as v
        join temp.cases as c on c.studyid = v.studyid and c.usubjid = v.usubjid and c.scale = v.scale
        order by c.place, v.episode, v.source desc, v.start_dtm, v.rule_id, v.domain, v.file, v.row
    """,
    "differing": """
        select c.place, d.finding, d.reported_grade, d.derived_grade, d.reported_scale, d.scale
        from analysis.discordances as d
        join temp.cases as c on c.studyid = d.studyid and c.usubjid = d.usubjid
        where d.scale = d.reported_scale and not d.is_explained_by_uncertainty
        order by c.place
    """,
    "other": f"""
        with found as (
            select i.studyid, i.usubjid, i.source, 'ICANS' as event, i.grade, i.first_dtm as dtm, i.first_prec as prec
            from analysis.icans_subject as i
            where i.first_dtm is not null
            union all
            select h.studyid, h.usubjid, 'reported', h.term, h.grade, h.astdtm, h.astprec
            from analysis.iec_hs as h
        )

        select
            c.place, f.source, f.event, f.grade, {begun("f.dtm", "f.prec")} as began, {_day("f.dtm", "f.prec")} as day
        from found as f
        join temp.cases as c on c.studyid = f.studyid and c.usubjid = f.usubjid
        order by c.place, f.dtm, f.event, f.source desc, f.grade
    """,
}
LINES = f"""
    create or replace temp table lines as
    with found as (
        select
            a.studyid, a.usubjid, a.trtsdtm as dosed, r.grade, g.source, g.scale,
            row_number() over (order by r.grade desc nulls last, a.studyid, a.usubjid) as line,
            count(*) over () as of_all, a.dthdtm
        from analysis.subject_results as r
        join analysis.adsl as a on a.studyid = r.studyid and a.usubjid = r.usubjid
        join graded.primary_grades as g on g.studyid = r.studyid
        where r.part = 'all' and r.episodes > 0
    )

    select c.*, {_place("c.dthdtm")} as death_day from found as c where c.line <= {MOST_LINES}
"""
SWIMMERS = {
    "lines": "select line, of_all, usubjid, grade, death_day from temp.lines order by line",
    "line_episodes": f"""
        select c.line, e.episode, e.grade, e.ongoing, {_place("e.astdtm")} as from_day, {_place("e.aendtm")} as to_day
        from analysis.adcrs as e
        join temp.lines as c
            on c.studyid = e.studyid and c.usubjid = e.usubjid and c.source = e.source and c.scale = e.scale
        order by c.line, e.episode
    """,
    "line_treatments": f"""
        select
            c.line, t.name, {_place("t.start_dtm")} as from_day,
            case
                when t.treatment <> 'respiratory_support' then t.treatment
                -- From level 4 of hypoxia it is positive pressure.
                when s.level_min >= 4 then 'ventilation'
                else 'oxygen'
            end as treatment
        from analysis.treatment_records as t
        join temp.lines as c on c.studyid = t.studyid and c.usubjid = t.usubjid
        left join analysis.signs as s
            on s.sign = 'hypoxia' and s.domain = t.domain and s.studyid = t.studyid and s.usubjid = t.usubjid
            and s.file = t.file and s.row = t.row
        where t.occasion in ('during CRS', 'before onset')
        order by c.line, t.start_dtm, t.treatment, t.name
    """,
}


def cases(db: duckdb.DuckDBPyConnection) -> dict[str, pl.DataFrame]:
    """The tables of ``reports.cases``: subjects whose case is to be told, worst first, and the lines of the swimmer plot.

    Cases are CRS of grade 3 or higher by the primary source and scale, or CRS that may be because its grade is not known;
    deaths of treated subjects; and grades reported and derived on one scale that differ by more than the records allow.

    Args:
        db: The study's warehouse, or a copy: temporary tables are made in it.
    """
    for made in (CHOSEN, READINGS, LINES):
        db.execute(made)
    queries = {
        "people": PEOPLE,
        "episodes": EPISODES,
        "extremes": EXTREMES,
        "given": GIVEN,
        "segments": SEGMENTS,
        **FURTHER,
        **SWIMMERS,
    }
    return {name: frame(db, query) for name, query in queries.items()}
