"""What was recorded of the cases in ``temp.cases``: readings, laboratory values, treatment, and grades as they went."""

from pipelines.elapsed import day, place
from pipelines.listings import begun

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
        {place("make_timestamp((v._vsdtc_first + v._vsdtc_last) * 500000)")} as at_day
    from raw.vs as v
    join temp.cases as c on c.studyid = v.studyid and c.usubjid = v.usubjid
    where
        upper(trim(v.vstestcd)) in ('TEMP', 'SYSBP', 'OXYSAT') and v._vsdtc_precision not in ('Y', 'M')
        and result is not null
"""
RECORDS = {
    "extremes": f"""
        with values as (
            select
                r.place, r.test, r.value, cast(null as varchar) as censored, null as unit,
                false as is_after_tocilizumab, r.taken, r.precision
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
            {begun("v.taken", "v.precision")} as at, {day("v.taken", "v.precision")} as day
        from values as v
        join temp.cases as c on c.place = v.place
        join analysis.adcrs as e
            on e.studyid = c.studyid and e.usubjid = c.usubjid and e.source = c.source and e.scale = c.scale
            and case
                -- Known by its day, it is of the episode if that day is.
                when v.precision = 'D'
                    then v.taken between cast(e.astdtm as date) and e.aendtm - interval 1 second
                else v.precision not in ('Y', 'M') and v.taken between e.astdtm and e.aendtm
            end
        -- Low pressure and saturation are the worst of theirs; of equal ones the first.
        qualify row_number() over (
            partition by v.place, e.episode, v.test
            order by if(v.test in ('SYSBP', 'OXYSAT'), v.value, -v.value), v.censored = '>' desc nulls last, v.taken
        ) = 1
        order by all
    """,
    "given": f"""
        with doses as (
            select m._file, m._row, m.dose, m.dose_unit from staged.medications as m
        ),

        findings as (
            select s.* from analysis.signs as s where s.domain in ('CM', 'PR') and s.source = 'derived'
        ),

        given as (
            select
                c.place, t.treatment, t.name, m.dose, m.dose_unit, f.finding, t.occasion,
                t.start_dtm, t.start_prec, t.end_dtm
            from analysis.treatment_records as t
            join temp.cases as c on c.studyid = t.studyid and c.usubjid = t.usubjid
            left join doses as m on t.domain = 'CM' and m._file = t.file and m._row = t.row
            left join findings as f
                on f.studyid = t.studyid and f.usubjid = t.usubjid
                and f.domain = t.domain and f.file = t.file and f.row = t.row
            union all
            select
                c.place, 'fluids', f.finding, null, null, f.finding, if(f.counted, 'during CRS', 'at another time'),
                f.start_dtm, b.start_precision, f.end_dtm
            from findings as f
            join temp.cases as c on c.studyid = f.studyid and c.usubjid = f.usubjid
            join staged.fluid_boluses as b on b._file = f.file and b._row = f.row
            where f.domain = 'CM'
            union all
            select
                c.place, 'study_treatment', d.treatment, d.amount_as_given, d.unit_as_given, null, 'study treatment',
                make_timestamp(d.start_s * 1000000), d.start_precision, make_timestamp(d.end_s * 1000000)
            from staged.doses as d
            join temp.cases as c on c.studyid = d.studyid and c.usubjid = d.usubjid
        )

        select
            c.place, g.treatment, g.name, g.dose, g.dose_unit, g.finding, g.occasion,
            {begun("g.start_dtm", "g.start_prec")} as began, {day("g.start_dtm", "g.start_prec")} as day,
            {place("g.start_dtm")} as from_day, {place("g.end_dtm")} as to_day
        from given as g
        join temp.cases as c on c.place = g.place
        order by c.place, g.start_dtm, g.treatment, g.name, g.dose, g.finding
    """,
    "segments": f"""
        with steps as (
            select
                c.place, s.source, s.scale, s.episode, s.start_dtm, s.end_dtm, s.grade, c.dosed,
                coalesce(
                    lag(s.grade) over w is not distinct from s.grade and lag(s.end_dtm) over w = s.start_dtm, false
                ) as goes_on
            from analysis.grade_segments as s
            join temp.cases as c on c.studyid = s.studyid and c.usubjid = s.usubjid
            -- A pause between signs is of grade 0.
            where s.grade is distinct from 0
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
            min({place("c.start_dtm")}) as from_day, max({place("c.end_dtm")}) as to_day
        from joined as c
        group by c.place, c.source, c.scale, c.episode, c.stretch
        order by c.place, c.source, c.scale, from_day
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
        select c.place, b.testcd as test, {place("b.taken_dtm")} as day, b.value, b.unit, b.censored
        from analysis.biomarkers as b
        join temp.cases as c on c.studyid = b.studyid and c.usubjid = b.usubjid
        where b.testcd in ('FERRITIN', 'CRP', 'IL6') and {place("b.taken_dtm")} between -1 and c.to_day
        order by c.place, b.testcd, day, b.value
    """,
}
