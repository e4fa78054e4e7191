/*
grain: one row per adverse event record
key: [studyid, usubjid, _file, _row]
description: >
  Whether an adverse event is treatment-emergent - it began on or after the first dose and, where study.yaml gives a window,
  not later than that after the last; or, where study.yaml says so, it began before and worsened. In doubt it is.
source: admiral derive_var_trtemfl; PHUSE WP-087, Recommended Definition of Treatment-Emergent Adverse Events in Clinical Trials
rules:
  - expect: column_values_to_be_in_set
    column: trtemfl
    value_set: [Y]
*/
with treated as (
    select
        s.studyid,
        s.usubjid,
        s.anchor_s,
        p.teae_worsening as worsening,
        coalesce(p.teae_ignore_time, true) as ignore_time,
        -- An end at midnight is the 24:00 of the day before, unless the dose began then.
        case
            when s.last_dose_end_s > s.last_dose_s and s.last_dose_end_s % 86400 = 0 then s.last_dose_end_s - 1
            else s.last_dose_end_s
        end + p.teae_end_window_s as window_end_s
    from staged.subjects as s
    join study.parameters as p on p.studyid = s.studyid
    where s.anchor_s is not null
),

events as (
    select
        e.studyid,
        e.usubjid,
        e._file,
        e._row,
        e.aeseq,
        e.start_s,
        ae._aeendtc_last as end_s,
        e.grade,
        i.grade as initial_grade,
        coalesce(upper(trim(ae.aeoccur)) = 'N', false) as is_absent,
        -- An event in no group is an episode of its own; blank groups are not one long episode.
        coalesce(nullif(trim(ae.aegrpid), ''), ae._file || ' ' || cast(ae._row as varchar)) as episode
    from staged.adverse_events as e
    join raw.ae as ae on ae.studyid = e.studyid and ae.usubjid = e.usubjid and ae._file = e._file and ae._row = e._row
    left join reference.toxicity_grades as i on i.written = upper(trim(ae.aeitoxgr))
),

compared as (
    select
        e.*,
        t.anchor_s,
        t.worsening,
        case when t.ignore_time then floor(t.window_end_s / 86400.0) * 86400 + 86399 else t.window_end_s end as window_end_s,
        min(e.start_s) over (partition by e.studyid, e.usubjid, e.episode) as episode_start_s,
        coalesce(
            e.start_s >= t.anchor_s
            and e.grade > lag(e.grade) over (
                partition by e.studyid, e.usubjid, e.episode
                order by e.start_s nulls last, e.aeseq nulls last, e._file nulls last, e._row nulls last
            ),
            false
        ) as is_worse
    from events as e
    left join treated as t on t.studyid = e.studyid and t.usubjid = e.usubjid
)

select
    c.studyid,                                               -- Study identifier
    c.usubjid,                                               -- Unique subject identifier
    c._file,                                                 -- File the row came from
    c._row,                                                  -- Row in that file
    case
        when c.anchor_s is null or c.is_absent then null
        when c.end_s < c.anchor_s then null
        when c.start_s is null then 'Y'
        when
            case when c.worsening = 'group' then c.episode_start_s else c.start_s end >= c.anchor_s
            and (c.window_end_s is null or c.start_s <= c.window_end_s)
            then 'Y'
        when
            c.worsening = 'initial' and c.start_s < c.anchor_s
            and (c.initial_grade < c.grade or c.initial_grade is null or c.grade is null)
            then 'Y'
        -- Once worse, an episode stays treatment-emergent, whatever the later grades.
        when
            c.worsening = 'group'
            and max(case when c.is_worse then 1 else 0 end) over (
                partition by c.studyid, c.usubjid, c.episode
                order by c.start_s nulls last, c.aeseq nulls last, c._file nulls last, c._row nulls last
                rows between unbounded preceding and current row
            ) = 1
            then 'Y'
    end as trtemfl                                           -- Treatment emergent analysis flag: Y, or empty
from compared as c
