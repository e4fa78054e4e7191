/*
grain: one row per raw row that could be a sign of CRS
key: [domain, _file, _row]
description: Every raw row that shows a sign, with what it shows, in one form - readings, drugs, devices and laboratory results.
source: docs/grading.md, section 2
*/
with records as (
    select
        r.subject, r.feature, case when r.feature = 'fever' then 'fever' else 'hypotension' end as sign,
        case when r.feature = 'fever' then 1 else 2 end as level_min,
        case when r.feature = 'fever' then 1 else 2 end as level_max,
        case when r.feature = 'fever' then 'TEMP ' else 'SYSBP ' end as what,
        r.value as amount,
        case when r.feature = 'fever' then ' C' else ' mmHg' end as unit,
        cast(null as varchar) as reason,
        r.start_s, r.end_s, false as end_imputed,
        case
            when s.anchor_s is null then 'not treated'
            when not r.is_after_dose then 'before the first dose'
            when r.start_s >= s.followed_until_s then 'after the end of follow-up'
        end as why_not,
        'VS' as domain, r.vsseq as seq, r._file, r._row
    from staged.readings as r
    join staged.subjects as s on s.subject = r.subject
    union all
    select
        v.subject, 'vasopressor', 'hypotension', 3, 3, v.name || ' ', v.dose, coalesce(' ' || lower(v.dose_unit), ''), null,
        v.start_s, v.end_s, v.end_imputed, v.why_not, 'CM', v.cmseq, v._file, v._row
    from staged.vasopressors as v
    union all
    select
        b.subject, 'bolus', 'hypotension', 2, 2, b.name || ' ', b.dose, coalesce(' ' || lower(b.dose_unit), ''), null,
        b.start_s, b.end_s, b.end_imputed, b.why_not, 'CM', b.cmseq, b._file, b._row
    from staged.fluid_boluses as b
    union all
    select
        h.subject, 'hypoxia', 'hypoxia', h.level_min, h.level_max, h.name || ' ', h.flow_lpm, ' L/min', h.indication,
        h.start_s, h.end_s, h.end_imputed, h.why_not, h.domain, h.seq, h._file, h._row
    from staged.respiratory_support as h
    union all
    select
        t.subject, t.feature, coalesce(l.sign, t.feature), t.grade, t.grade, case t.feature when 'bilirubin' then 'BILI ' when 'creatinine' then 'CREAT ' else t.feature || ' ' end,
        floor(t.times_upper_limit * 10 + 0.5) / 10, ' x upper limit', null,
        t.start_s, t.end_s, false, t.why_not, 'LB', t.lbseq, t._file, t._row
    from staged.organ_toxicities as t
    left join (select distinct feature, sign from reference.sign_levels) as l on l.feature = t.feature
    union all
    select
        d.subject, 'coagulopathy', 'coagulopathy', 1, 1, d.name || ' ', d.dose, coalesce(' ' || lower(d.dose_unit), ''), null,
        d.start_s, d.end_s, d.end_imputed, coalesce(d.why_not, case when d.running_since_s < s.anchor_s then 'before the first dose' end),
        'CM', d.cmseq, d._file, d._row
    from staged.crs_drugs as d
    join staged.subjects as s on s.subject = d.subject
    where d.drug_class = 'clotting factor'
)

select
    r.subject,                                                       -- Number of the subject
    r.feature,                                                       -- Feature it shows
    r.sign,                                                          -- Sign: fever, hypotension, hypoxia, transaminases, bilirubin, creatinine or coagulopathy
    r.level_min,                                                     -- Lowest level compatible with the record, by itself
    r.level_max,                                                     -- Highest level compatible with the record, by itself
    trim(r.what || coalesce(rtrim(rtrim(cast(r.amount as varchar), '0'), '.') || r.unit, ''))
    || coalesce(' for ' || lower(r.reason), '') as finding,                                                    -- What the record says, for people
    r.start_s,                                                       -- Start, seconds since 1970-01-01
    r.end_s,                                                         -- End, seconds since 1970-01-01
    r.end_imputed,                                                   -- Whether the end is not recorded
    r.why_not,                                                       -- Why it says nothing of CRS; empty when it may
    r.domain,                                                        -- Domain of the record
    cast(r.seq as bigint) as seq,                                    -- --SEQ of the record
    r._file,                                                         -- File the row came from
    r._row                                                           -- Row in that file
from records as r
