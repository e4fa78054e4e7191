/*
grain: one row per record of a drug that matters to CRS
key: [_file, _row]
description: >
  Vasopressors, fluids, clotting factors and drugs that waive fever, each with when it ran. A record without an end runs
  to the next record of the same agent, a fluid for reading_hold_hours at most, else to the end of follow-up; one
  that ends as it begins lasted a minute. A record that begins at the very time at which another of the agent ends
  continues it, as a change of rate does: it is no new start.
source: docs/grading.md, sections 2 and 3
*/
with given as (
    select
        s.subject,
        s.anchor_s,
        s.followed_until_s,
        p.reading_hold_s,
        m.agent,
        -- A bolus for hypotension does not go on from fluids given for another reason.
        case when m.drug_class = 'fluid' and h.indication is not null then 'bolus' else m.agent end as kind,
        m.drug_class,
        m.waives_fever,
        m.name,
        m.dose,
        upper(trim(m.dose_unit)) as dose_unit,
        m.indication,
        m.is_intravenous,
        m.start_s,
        m.start_first_s,
        m.start_precision,
        case when m.end_s <= m.start_s then m.start_s + 60 else m.end_s end as recorded_end_s,
        m.end_precision,
        m.cmseq,
        m._file,
        m._row
    from staged.medications as m
    join staged.subjects as s on s.studyid = m.studyid and s.usubjid = m.usubjid
    join study.parameters as p on p.studyid = m.studyid
    left join reference.hypotension_indications as h on h.indication = m.indication
    where m.agent is not null and m.start_s is not null
),

starts as (
    select t.subject, t.kind, t.start_s, lead(t.start_s) over (partition by t.subject, t.kind order by t.start_s nulls last) as next_start_s
    from (select distinct subject, kind, start_s from given) as t
),

ends as (
    select distinct g.subject, g.kind, g.recorded_end_s
    from given as g
    -- Records by the day touch every day, and yet each is given anew.
    where g.end_precision in ('m', 's')
),

joined as (
    select
        g.*,
        t.next_start_s,
        case when e.subject is not null and g.start_precision in ('m', 's') then 1 else 0 end as continues
    from given as g
    join starts as t on t.subject = g.subject and t.kind = g.kind and t.start_s = g.start_s
    left join ends as e on e.subject = g.subject and e.kind = g.kind and e.recorded_end_s = g.start_s
),

ended as (
    select
        j.*,
        case
            when j.recorded_end_s is not null then j.recorded_end_s
            when j.drug_class = 'fluid' then least(j.start_s + j.reading_hold_s, coalesce(j.next_start_s, j.start_s + j.reading_hold_s))
            else j.next_start_s
        end as known_end_s
    from joined as j
),

opened as (
    select
        e.*,
        case
            -- A date without a time, which begins at the dose on its day, goes on from the day before.
            when e.start_first_s <= max(coalesce(e.known_end_s, e.followed_until_s)) over (
                partition by e.subject, e.kind order by e.start_s nulls last, e._file nulls last, e._row nulls last
                rows between unbounded preceding and 1 preceding
            ) then 0
            else 1
        end as opens,
        max(e.recorded_end_s) over (
            partition by e.subject, e.kind order by e.start_s nulls last, e._file nulls last, e._row nulls last
            rows between unbounded preceding and 1 preceding
        ) as recorded_until_s
    from ended as e
),

runs as (
    select
        o.*,
        max(case when o.opens = 1 then o.start_first_s end) over (
            partition by o.subject, o.kind order by o.start_s nulls last, o._file nulls last, o._row nulls last
            rows between unbounded preceding and current row
        ) as running_since_s,
        -- The end of an open record is told by nobody, so that what comes then is given anew.
        max(case when coalesce(o.start_s > o.recorded_until_s, true) then o.start_s end) over (
            partition by o.subject, o.kind order by o.start_s nulls last, o._file nulls last, o._row nulls last
            rows between unbounded preceding and current row
        ) as begun_s
    from opened as o
)

select
    c.subject,                                                       -- Number of the subject
    c.agent,                                                         -- The drug
    c.drug_class,                                                    -- antipyretic, anticytokine, corticosteroid, vasopressor, vasopressin, inotrope, fluid or clotting factor
    c.waives_fever,                                                  -- Whether giving it within an episode waives fever
    c.name,                                                          -- Name as coded, upper case
    c.dose,                                                          -- Dose, in dose_unit
    c.dose_unit,                                                     -- Unit of the dose, upper case
    c.indication,                                                    -- Indication, upper case
    c.is_intravenous,                                                -- Whether the route is intravenous, or not given
    c.start_s,                                                       -- Start, seconds since 1970-01-01
    c.start_precision,                                               -- Precision of the start: Y, M, D, h, m or s
    c.continues = 1 as continues,                                    -- Whether it begins at the very time at which another record of the agent ends
    c.begun_s,                                                       -- Start of what it goes on with, by recorded ends, seconds since 1970-01-01
    c.running_since_s,                                               -- Since when the agent had been given without a break, seconds since 1970-01-01
    greatest(c.start_s, least(coalesce(c.known_end_s, c.followed_until_s), c.followed_until_s)) as end_s, -- End, not after the end of follow-up, seconds since 1970-01-01
    coalesce(c.end_precision, 's') as end_precision,                 -- Precision of the end: Y, M, D, h, m or s
    c.recorded_end_s is null as end_imputed,                         -- Whether the end is not recorded
    coalesce(c.known_end_s > c.followed_until_s, true) as is_ongoing, -- Whether it goes on beyond the end of follow-up
    case
        when c.anchor_s is null then 'not treated'
        when c.start_s >= c.followed_until_s then 'after the end of follow-up'
    end as why_not,                                                  -- Why it says nothing of CRS; empty when it may
    c.cmseq,                                                         -- Sequence number
    c._file,                                                         -- File the row came from
    c._row                                                           -- Row in that file
from runs as c
