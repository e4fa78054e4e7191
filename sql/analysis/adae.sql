/*
grain: one row per adverse event record
key: [studyid, usubjid, _file, _row]
description: >
  Adverse event analysis dataset - every adverse event as received, with its dates, study days, grade and whether it is
  treatment-emergent. An end that follow-up cannot reach is shown as it stands: it is a contradiction to settle, not to hide.
source: ADaM OCCDS 1.0; admiral derive_vars_dtm, date_imputation first with min_dates and last with max_dates
rules:
  - expect: column_values_to_be_between
    column: aetoxgrn
    min_value: 0
    max_value: 5
*/
with timed as (
    select
        e.studyid,
        e.usubjid,
        e._file,
        e._row,
        e.start_s,
        e.start_precision,
        -- Follow-up may end with the first moment of the month or year, which is then the latest it allows.
        case
            when e.end_precision in ('Y', 'M') and s.followed_until_s between ae._aeendtc_first and ae._aeendtc_last
                then greatest(s.followed_until_s - 1, ae._aeendtc_first)
            else ae._aeendtc_last
        end as latest_end_s,
        e.end_precision,
        e.grade,
        s.arm,
        s.actarm,
        s.saffl,
        floor(e.start_s / 86400.0) - floor(s.anchor_s / 86400.0) as start_day,
        floor(latest_end_s / 86400.0) - floor(s.anchor_s / 86400.0) as end_day
    from staged.adverse_events as e
    join raw.ae as ae on ae.studyid = e.studyid and ae.usubjid = e.usubjid and ae._file = e._file and ae._row = e._row
    join staged.subjects as s on s.studyid = e.studyid and s.usubjid = e.usubjid
)

select
    ae.studyid,                                                    -- Study identifier
    ae.usubjid,                                                    -- Unique subject identifier
    ae.aeseq,                                                      -- Sequence number
    ae.aespid,                                                     -- Sponsor-defined identifier
    ae.aegrpid,                                                    -- Group identifier
    ae.aeterm,                                                     -- Reported term
    ae.aedecod,                                                    -- Standardized term
    ae.aellt,                                                      -- Lowest level term
    ae.aehlt,                                                      -- High level term
    ae.aebodsys,                                                   -- Body system or organ class
    ae.aesoc,                                                      -- Primary system organ class
    ae.aepresp,                                                    -- Pre-specified
    ae.aeoccur,                                                    -- Occurrence
    ae.aesev,                                                      -- Severity or intensity
    ae.aeitoxgr,                                                   -- Initial toxicity grade
    ae.aetoxgr,                                                    -- Standard toxicity grade
    ae.aeser,                                                      -- Serious event
    ae.aerel,                                                      -- Causality
    ae.aeacn,                                                      -- Action taken with study treatment
    ae.aeout,                                                      -- Outcome of event
    ae.aesdth,                                                     -- Results in death
    ae.aeslife,                                                    -- Is life threatening
    ae.aeshosp,                                                    -- Requires or prolongs hospitalisation
    ae.aestdtc,                                                    -- Start date/time
    ae.aeendtc,                                                    -- End date/time
    ae.aestdy,                                                     -- Study day of start
    ae.aeendy,                                                     -- Study day of end
    ae.aeenrf,                                                     -- End relative to reference period
    ae.aeenrtpt,                                                   -- End relative to reference time point
    ae.aeentpt,                                                    -- End reference time point
    ae.epoch,                                                      -- Epoch
    cast(make_timestamp(t.start_s * 1000000) as date) as astdt,    -- Start date: the earliest the text allows, but not before the first dose when the same text allows that
    case t.start_precision when 'Y' then 'M' when 'M' then 'D' end as astdtf, -- Imputation of the start date: M month and day, D day; empty when the date is complete, or not given at all
    make_timestamp(t.start_s * 1000000) as astdtm,                 -- Start: 00:00:00 of a date without a time, or the first dose on its day
    cast(make_timestamp(t.latest_end_s * 1000000) as date) as aendt, -- End date: the latest the text allows; where its day is imputed, not after the end of follow-up
    case t.end_precision when 'Y' then 'M' when 'M' then 'D' end as aendtf, -- Imputation of the end date: M month and day, D day; empty when the date is complete, or not given at all
    make_timestamp(t.latest_end_s * 1000000) as aendtm,            -- End: 23:59:59 of a date without a time
    cast(t.start_day + case when t.start_day >= 0 then 1 else 0 end as integer) as astdy, -- Study day of the start: 1 is the day of the first dose, -1 the day before
    cast(t.end_day + case when t.end_day >= 0 then 1 else 0 end as integer) as aendy, -- Study day of the end: 1 is the day of the first dose, -1 the day before
    f.trtemfl,                                                     -- Treatment emergent analysis flag: Y, or empty
    cast(t.grade as integer) as aetoxgrn,                          -- Toxicity grade from AETOXGR, 0-5; empty when it cannot be read
    ae._file,                                                      -- File the row came from
    ae._row,                                                       -- Row in that file
    t.arm as trtp,                                                 -- Planned treatment: the planned arm
    t.actarm as trta,                                              -- Actual treatment: the actual arm
    t.saffl,                                                       -- Safety population flag: at least one study dose
    case when t.start_precision in ('Y', 'M', 'D') then 'H' when t.start_precision = 'h' then 'M' end as asttmf, -- Imputation of the start's time: H whole time, M minutes; seconds are not flagged
    case when t.end_precision in ('Y', 'M', 'D') then 'H' when t.end_precision = 'h' then 'M' end as aentmf -- Imputation of the end's time: H whole time, M minutes; seconds are not flagged
from raw.ae as ae
join timed as t on t.studyid = ae.studyid and t.usubjid = ae.usubjid and t._file = ae._file and t._row = ae._row
join staged.treatment_emergence as f
    on f.studyid = ae.studyid and f.usubjid = ae.usubjid and f._file = ae._file and f._row = ae._row
