/*
grain: one row per record of respiratory support
key: [domain, _file, _row]
description: >
  Oxygen and ventilation from PR, and oxygen from CM, with the level of hypoxia each record means. A cannula without a flow
  and oxygen without a device are level 2 at least and 3 at most. Positive pressure for another reason has no level, nor has what
  was there before the first dose; later support counts as far as its level is above what was running then. Flow and FiO2 are
  in PRDOSE and SUPPPR, or where study.yaml says.
source: docs/grading.md, section 2; Lee 2019
*/
with sponsor as (
    select
        p.studyid,
        max(case when m.key = 'domain' then m.value end) as domain,
        max(case when m.key = 'flow' and m.value not in ('PRDOSE', 'CMDOSE') then m.value end) as flow_qualifier,
        max(case when m.key = 'flow_unit' and m.value not in ('PRDOSU', 'CMDOSU') then m.value end) as unit_qualifier,
        coalesce(max(case when m.key = 'fio2' then m.value end), 'FIO2') as fio2_qualifier
    from study.parameters as p
    left join study.mappings as m on m.studyid = p.studyid and m.concept = 'respiratory_support'
    group by p.studyid
),

recorded as (
    select
        p.studyid, p.usubjid, 'PR' as domain, p.prseq as seq, p._file, p._row, p.name, p.name as device_name, p.flow, p.flow_unit,
        p.indication, p.start_s, p.start_last_s, p.start_precision, p.end_s, p.end_precision
    from staged.procedures as p
    where p.start_s is not null
    union all
    select
        m.studyid, m.usubjid, 'CM', m.cmseq, m._file, m._row, m.name, m.name || ' (' || coalesce(m.route, '') || ')', m.dose,
        upper(trim(m.dose_unit)), m.indication, m.start_s, m.start_last_s, m.start_precision, m.end_s, m.end_precision
    from staged.medications as m
    where m.start_s is not null
),

qualifiers as (
    select
        q.studyid,
        q.usubjid,
        q.rdomain as domain,
        q.parent_seq as seq,
        max(case when upper(trim(q.qnam)) = y.flow_qualifier then try_cast(q.qval as double) end) as flow,
        max(case when upper(trim(q.qnam)) = y.unit_qualifier then upper(trim(q.qval)) end) as flow_unit,
        max(case when upper(trim(q.qnam)) = y.fio2_qualifier then try_cast(replace(q.qval, '%', '') as double) end) as fio2
    from raw.supp as q
    join sponsor as y on y.studyid = q.studyid
    where q.rdomain in ('PR', 'CM') and q.parent_seq is not null
    group by all
),

described as (
    select
        r.domain, r.seq, r._file, r._row, r.name, r.indication, r.start_s, r.start_last_s, r.start_precision, r.end_s, r.end_precision,
        s.subject, s.anchor_s, s.followed_until_s,
        d.device, d.rank, d.level_min, d.level_max, d.fio2_min_percent, d.fio2_max_percent, d.is_ventilator,
        p.low_flow_max_lpm, p.low_flow_inclusive,
        coalesce(q.flow, r.flow)
        * case
            -- A flow without a unit is in L/min, in which every device is set.
            when coalesce(q.flow_unit, r.flow_unit, 'L/MIN') = 'L/MIN' then 1
            else u.from_factor / u.to_factor
        end as flow_lpm,
        case when q.fio2 <= 1 then q.fio2 * 100 else q.fio2 end as fio2_percent,
        d.level_min = 4 and o.indication is not null as is_for_another_reason
    from recorded as r
    join staged.subjects as s on s.studyid = r.studyid and s.usubjid = r.usubjid
    join study.parameters as p on p.studyid = r.studyid
    join sponsor as y on y.studyid = r.studyid
    left join staged.device_names as e on e.studyid = r.studyid and e.name = r.device_name
    join staged.device_names as d on d.studyid = r.studyid and d.name = coalesce(e.name, r.name)
    left join qualifiers as q on q.studyid = r.studyid and q.usubjid = r.usubjid and q.domain = r.domain and q.seq = r.seq
    left join staged.unit_conversions as u
        on u.from_unit = coalesce(q.flow_unit, r.flow_unit, 'L/MIN') and u.to_unit = 'L/MIN'
    left join reference.other_indications as o on o.indication = r.indication
    where coalesce(y.domain, r.domain) = r.domain
),

starts as (
    select t.subject, t.start_s, lead(t.start_s) over (partition by t.subject order by t.start_s nulls last) as next_start_s
    from (select distinct subject, start_s from described) as t
),

levelled as (
    select
        d.*,
        case when d.end_s <= d.start_s then d.start_s + 60 when d.end_s is not null then d.end_s else t.next_start_s end as known_end_s,
        case
            when d.is_for_another_reason then 0
            when d.device = 'nasal cannula' and (d.flow_lpm > d.low_flow_max_lpm or (d.flow_lpm = d.low_flow_max_lpm and not d.low_flow_inclusive)) then 3
            else d.level_min
        end as own_level_min,
        case
            when d.is_for_another_reason then 0
            when d.device = 'nasal cannula' and (d.flow_lpm < d.low_flow_max_lpm or (d.flow_lpm = d.low_flow_max_lpm and d.low_flow_inclusive)) then 2
            else d.level_max
        end as own_level_max,
        coalesce(d.fio2_percent, case when d.device = 'nasal cannula' then 20 + 4 * d.flow_lpm end, d.fio2_min_percent) as own_fio2_min,
        coalesce(d.fio2_percent, case when d.device = 'nasal cannula' then 20 + 4 * d.flow_lpm end, d.fio2_max_percent) as own_fio2_max
    from described as d
    join starts as t on t.subject = d.subject and t.start_s = d.start_s
),

baseline as (
    select b.subject, max(b.own_level_min) as level_min, max(b.own_level_max) as level_max
    from levelled as b
    where b.start_s < b.anchor_s and coalesce(b.known_end_s, b.followed_until_s) > b.anchor_s
    group by b.subject
),

above_baseline as (
    select
        v.*,
        case when v.own_level_min > coalesce(b.level_max, 0) then v.own_level_min else 0 end as counted_min,
        case when v.own_level_max > coalesce(b.level_min, 0) then v.own_level_max else 0 end as counted_max,
        case
            when v.anchor_s is null then 'not treated'
            when v.start_s < v.anchor_s then 'before the first dose'
            when v.start_s >= v.followed_until_s then 'after the end of follow-up'
            when v.is_for_another_reason then 'positive pressure for ' || lower(v.indication)
            when v.own_level_max <= coalesce(b.level_min, 0) then 'no more than was needed before the first dose'
        end as why_not
    from levelled as v
    left join baseline as b on b.subject = v.subject
)

select
    a.subject,                                                       -- Number of the subject
    a.domain,                                                        -- Domain of the record, PR or CM
    a.seq,                                                           -- --SEQ of the record
    a._file,                                                         -- File the row came from
    a._row,                                                          -- Row in that file
    a.name,                                                          -- Name as coded, upper case
    a.device,                                                        -- Device as reports name it
    a.rank as device_rank,                                           -- Order of support, 1 for the least
    a.flow_lpm,                                                      -- Oxygen flow, L/min
    a.fio2_percent,                                                  -- FiO2 as recorded, %
    a.indication,                                                    -- Indication, upper case
    a.is_for_another_reason,                                         -- Whether it is positive pressure for another reason than hypoxia
    case when a.why_not is null then a.counted_min else 0 end as level_min, -- Lowest level of hypoxia that counts, 0 for none
    case when a.why_not is null then a.counted_max else 0 end as level_max, -- Highest level of hypoxia that counts, 0 for none
    a.own_fio2_min as fio2_min_percent,                              -- Lowest FiO2 compatible with the record, %
    a.own_fio2_max as fio2_max_percent,                              -- Highest FiO2 compatible with the record, %
    a.is_ventilator,                                                 -- Whether it is invasive ventilation or more
    a.start_s,                                                       -- Start, seconds since 1970-01-01
    a.start_last_s,                                                  -- Latest start the text allows, seconds since 1970-01-01
    a.start_precision,                                               -- Precision of the start: Y, M, D, h, m or s
    greatest(a.start_s, least(coalesce(a.known_end_s, a.followed_until_s), a.followed_until_s)) as end_s, -- End, not after the end of follow-up, seconds since 1970-01-01
    coalesce(a.end_precision, 's') as end_precision,                 -- Precision of the end: Y, M, D, h, m or s
    a.end_s is null as end_imputed,                                  -- Whether the end is not recorded
    coalesce(a.known_end_s > a.followed_until_s, true) as is_ongoing, -- Whether it goes on beyond the end of follow-up
    a.why_not                                                        -- Why it says nothing of CRS; empty when it does
from above_baseline as a
