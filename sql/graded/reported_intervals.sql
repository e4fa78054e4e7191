/*
grain: one row per investigator's record that grades CRS above 0
key: [studyid, usubjid, _file, _row]
description: >
  What the investigator recorded of CRS, as intervals with a grade: adverse events whose term is CRS, and daily grades.
  An event without an end runs to the end of follow-up; if AEOUT says it was over, only its first day is known, so that
  it is censored there.
source: docs/grading.md, section 1
*/
with recorded as (
    select
        ae.studyid, ae.usubjid, 'AE' as domain, ae.aeseq as seq, ae._file, ae._row, ae.grade, ae.start_s, ae.start_precision,
        ae.end_s, ae.end_precision, ae.outcome, ae.is_fatal, ae.is_over
    from staged.adverse_events as ae
    join study.terms as t on t.studyid = ae.studyid and t.concept = 'crs' and t.term = ae.term
    where ae.occurred and coalesce(ae.grade, 1) > 0 and ae.start_s is not null
    union all
    select
        fa.studyid, fa.usubjid, 'FA', fa.faseq, fa._file, fa._row, fa.grade, fa.start_s, fa.precision,
        fa.end_s, 'D', null, coalesce(fa.grade = 5, false), true
    from staged.daily_grades as fa
    join study.terms as t on t.studyid = fa.studyid and t.concept = 'crs' and t.term = fa.term
    where fa.grade > 0 and fa.start_s is not null
),

ended as (
    select
        r.*,
        s.followed_until_s,
        case
            when r.outcome = 'ongoing' then true
            when r.end_s is null then not r.is_over
            when r.domain = 'FA' then r.end_s >= s.followed_until_s
            -- An end known only by its month may lie after the last contact though the event is over.
            else r.end_s > s.followed_until_s and not (r.is_over and r.end_precision in ('M', 'Y'))
        end as is_ongoing
    from recorded as r
    join staged.subjects as s on s.studyid = r.studyid and s.usubjid = r.usubjid
    where r.start_s <= s.cut_s
)

select
    r.studyid,                                                              -- Study identifier
    r.usubjid,                                                              -- Unique subject identifier
    r.domain,                                                               -- Domain of the record, AE or FA
    r.seq,                                                                  -- --SEQ of the record
    r._file,                                                                -- File the row came from
    r._row,                                                                 -- Row in that file
    r.grade,                                                                -- Grade, 1-5; empty when the record gives none
    r.start_s,                                                              -- Start, seconds since 1970-01-01
    r.start_precision,                                                      -- Precision of the start: Y, M, D, h, m or s
    greatest(
        r.start_s,
        case
            when r.end_s is not null then least(r.end_s, r.followed_until_s)
            when r.is_over then least((floor(r.start_s / 86400.0) + 1) * 86400, r.followed_until_s)
            else r.followed_until_s
        end
    )::bigint as end_s,                                                     -- End, not after the end of follow-up, seconds since 1970-01-01
    r.end_precision,                                                        -- Precision of the recorded end: Y, M, D, h, m or s; empty when none is recorded
    case
        when r.is_ongoing and coalesce(r.outcome, 'resolved') in ('resolved', 'resolved with sequelae') then 'ongoing'
        else coalesce(r.outcome, 'resolved')
    end as outcome,                                                         -- Outcome at the end of follow-up, as reports name it
    r.is_fatal or coalesce(r.grade = 5, false) as is_fatal,                 -- Whether the record says CRS was fatal
    r.is_ongoing,                                                           -- Whether CRS had not ended at the end of follow-up
    r.is_ongoing or r.end_s is null as is_censored                          -- Whether the end is not known: ongoing, or over at an unknown time
from ended as r
