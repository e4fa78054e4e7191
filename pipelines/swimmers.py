"""The lines of the swimmer plot: subjects with CRS, worst first."""

from pipelines.elapsed import place

# With more lines it could not be read on a page.
MOST_LINES = 60

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

    select c.*, {place("c.dthdtm")} as death_day from found as c where c.line <= {MOST_LINES}
"""
SWIMMERS = {
    "lines": "select line, of_all, usubjid, grade, death_day from temp.lines order by line",
    "line_episodes": f"""
        select c.line, e.episode, e.grade, e.ongoing, {place("e.astdtm")} as from_day, {place("e.aendtm")} as to_day
        from analysis.adcrs as e
        join temp.lines as c
            on c.studyid = e.studyid and c.usubjid = e.usubjid and c.source = e.source and c.scale = e.scale
        order by c.line, e.episode
    """,
    "line_treatments": f"""
        select
            c.line, t.name, {place("t.start_dtm")} as from_day,
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
