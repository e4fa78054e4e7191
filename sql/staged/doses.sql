/*
grain: one row per subject and study dose
key: [studyid, usubjid, dose_number]
description: >
  The doses of study treatment that were given, numbered in time order. Where the therapy is told by EXTRT,
  treatments outside the therapy classes, such as lymphodepletion, are not study doses. Rows that start at the same
  moment are one dose. A dose after the data cut has not been given yet.
source: SDTMIG 3.4, EX
rules:
  - expect: column_values_to_not_be_null
    column: start_s
*/
with given as (
    select
        ex.studyid,
        ex.usubjid,
        ex.exseq,
        upper(trim(ex.extrt)) as treatment,
        ex.exdose,
        upper(trim(ex.exdosu)) as unit,
        ex._exstdtc_first as start_s,
        ex._exstdtc_precision as start_precision,
        case
            when ex._exendtc_first is null then ex._exstdtc_first
            when ex._exendtc_precision in ('m', 's') then ex._exendtc_first
            else ex._exendtc_last + 1
        end as end_s
    from raw.ex as ex
    join study.studies as y on y.studyid = ex.studyid
    where
        coalesce(upper(trim(ex.exoccur)), 'Y') <> 'N' and ex._exstdtc_first <= y.cut_s
        -- Nothing was given with a dose of 0, unless it was placebo.
        and (coalesce(ex.exdose, 1) > 0 or upper(ex.extrt) like '%PLACEBO%')
),

study_treatment as (
    select g.*
    from given as g
    join study.parameters as p on p.studyid = g.studyid
    left join study.therapy_classes as c on c.studyid = g.studyid and c.value = g.treatment
    where p.therapy_variable <> 'EX.EXTRT' or c.therapy is not null
),

numbered as (
    select
        t.studyid,
        t.usubjid,
        t.exseq,
        t.treatment,
        t.exdose,
        t.unit,
        t.start_s,
        t.start_precision,
        t.end_s,
        dense_rank() over (partition by t.studyid, t.usubjid order by t.start_s) as dose_number
    from study_treatment as t
)

select
    n.studyid,                                                                     -- Study identifier
    n.usubjid,                                                                     -- Unique subject identifier
    n.dose_number,                                                                 -- Number of the dose, 1 for the first
    min(n.treatment) as treatment,                                                 -- Treatment given, upper case
    case when count(distinct n.unit) <= 1 then sum(n.exdose) end as amount_as_given,                                              -- Dose given, in unit_as_given
    min(n.unit) as unit_as_given,                                                  -- Unit of the dose as given
    case when count(*) = count(n.exdose * u.from_factor) then sum(n.exdose * u.from_factor / u.to_factor) end as amount,                          -- Dose given, in the unit of the dose levels
    min(n.start_s) as start_s,                                                     -- Start, seconds since 1970-01-01
    min(n.start_precision) as start_precision,                                     -- Precision of the start: Y, M, D, h, m or s
    max(n.end_s) as end_s,                                                         -- End, seconds since 1970-01-01
    min(n.exseq) as exseq                                                          -- EXSEQ of the first of its rows
from numbered as n
join study.parameters as p on p.studyid = n.studyid
left join staged.unit_conversions as u on u.from_unit = n.unit and u.to_unit = upper(trim(p.dose_unit))
group by all
