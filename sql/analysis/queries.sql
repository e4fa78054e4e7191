/*
grain: one row per data query
key: [studyid, usubjid, rule, domain, seq, message]
description: >
  Contradictions and gaps that a person should settle. None stops the analysis; each says what was assumed meanwhile.
*/
with crs_events as (
    select a.*
    from staged.adverse_events as a
    join study.terms as t on t.studyid = a.studyid and t.concept = 'crs' and t.term = a.term
    where a.occurred
),

asked as (
    select a.studyid, a.usubjid, 'crs_without_grade' as rule, 'AE' as domain, a.aeseq as seq,
        'CRS is recorded without a toxicity grade that can be read: it counts as CRS of unknown grade' as message
    from crs_events as a
    where a.grade is null
    union all
    select a.studyid, a.usubjid, 'crs_start_unknown', 'AE', a.aeseq,
        'CRS is recorded without a start date: it cannot be counted'
    from crs_events as a
    where a.start_s is null
    union all
    select a.studyid, a.usubjid, 'crs_over_without_end', 'AE', a.aeseq,
        'CRS is recorded as over but without an end date: its duration is censored on its first day'
    from crs_events as a
    where a.is_over and a.outcome <> 'fatal' and a.end_s is null
    union all
    select a.studyid, a.usubjid, 'crs_end_though_ongoing', 'AE', a.aeseq,
        'CRS has an end date but is recorded as not recovered: its duration is censored at that date'
    from crs_events as a
    where a.outcome = 'ongoing' and a.end_s is not null
    union all
    select a.studyid, a.usubjid, 'crs_before_first_dose', 'AE', a.aeseq,
        'CRS is recorded before the first study dose: it is not counted'
    from crs_events as a
    join staged.subjects as s on s.studyid = a.studyid and s.usubjid = a.usubjid
    where a.start_s < s.anchor_s
    union all
    select distinct a.studyid, a.usubjid, 'fatal_event_but_no_death', 'AE', a.aeseq,
        'The adverse event is recorded as fatal but DM has no death'
    from staged.adverse_events as a
    join raw.dm as dm on dm.studyid = a.studyid and dm.usubjid = a.usubjid
    where (a.is_fatal or a.grade = 5) and coalesce(upper(trim(dm.dthfl)), 'N') <> 'Y' and dm._dthdtc_first is null
    union all
    select distinct ds.studyid, ds.usubjid, 'disposition_death_but_no_death', 'DS', cast(null as bigint),
        'The disposition is death but DM has no death'
    from raw.ds as ds
    join raw.dm as dm on dm.studyid = ds.studyid and dm.usubjid = ds.usubjid
    where upper(trim(ds.dsdecod)) = 'DEATH' and coalesce(upper(trim(dm.dthfl)), 'N') <> 'Y' and dm._dthdtc_first is null
    union all
    select distinct x.studyid, x.usubjid, 'death_not_in_disposition', 'DS', cast(null as bigint),
        'DM has a death but the disposition has none'
    from staged.deaths as x
    join raw.ds as ds on ds.studyid = x.studyid and ds.usubjid = x.usubjid
    left join raw.ds as dd on dd.studyid = x.studyid and dd.usubjid = x.usubjid and upper(trim(dd.dsdecod)) = 'DEATH'
    where dd.usubjid is null and upper(trim(ds.dscat)) = 'DISPOSITION EVENT'
    union all
    select a.studyid, a.usubjid, 'crs_after_death', 'AE', a.aeseq, 'CRS is recorded as beginning after the death'
    from crs_events as a
    join staged.subjects as s on s.studyid = a.studyid and s.usubjid = a.usubjid
    where a.start_s >= s.death_end_s
    union all
    select distinct r.studyid, r.usubjid, 'crs_outside_onset_window', r.domain, cast(r.seq as bigint),
        'CRS is recorded outside the onset window of every dose: it is not counted'
    from graded.reported_intervals as r
    join staged.subjects as s on s.studyid = r.studyid and s.usubjid = r.usubjid
    join graded.islands as l on l.subject = s.subject and l.source = 'reported' and r.start_s between l.start_s and l.end_s
    where l.onset_s is null
    union all
    select x.studyid, x.usubjid, 'dose_without_date', 'EX', cast(x.exseq as bigint),
        'The dose has no date that can be read: it is not counted'
    from raw.ex as x
    where x._exstdtc_first is null
    union all
    select distinct dm.studyid, dm.usubjid, 'quarantined_dose', 'EX', cast(null as bigint),
        'A row of EX was kept out: doses may be numbered, and time zero set, without it'
    from quality.quarantine as q
    join raw.dm as dm on dm.usubjid = q.record ->> 'USUBJID'
    where q.domain = 'EX' and q.rule <> 'exact_duplicate'
    union all
    select distinct dm.studyid, dm.usubjid, 'quarantined_crs', 'AE', cast(null as bigint),
        'A record of CRS was kept out: the subject may count as one without CRS'
    from quality.quarantine as q
    join raw.dm as dm on dm.usubjid = q.record ->> 'USUBJID'
    join study.terms as t
        on t.studyid = dm.studyid and t.concept = 'crs'
        and t.term = upper(trim(coalesce(nullif(trim(q.record ->> 'AEDECOD'), ''), q.record ->> 'AETERM')))
    where q.domain = 'AE' and q.rule <> 'exact_duplicate'
    union all
    select distinct s.studyid, s.usubjid, 'scale_not_stated', 'SUPPAE', cast(null as bigint),
        'The CRS events name several scales, or other ones: the scale is not stated'
    from raw.supp as s
    join staged.reported_scale as k on k.studyid = s.studyid and k.scale = 'not stated'
    where s.rdomain = 'AE' and upper(trim(s.qnam)) = 'AETOXSC'
    union all
    select d.studyid, d.usubjid, 'death_without_date', 'DM', null,
        'The death has no date: it is taken at the end of follow-up'
    from staged.deaths as d
    where d.death_s is null
    union all
    select s.studyid, s.usubjid, 'death_before_first_dose', 'DM', null,
        'The death is before the first study dose: follow-up is taken to end at that dose'
    from staged.subjects as s
    where s.death_end_s < s.anchor_s
    union all
    select distinct x.studyid, x.usubjid, 'treatment_in_no_class', 'EX', cast(null as bigint),
        'No treatment of the subject is in a therapy class of study.yaml: the subject counts as untreated'
    from raw.ex as x
    join staged.subjects as s on s.studyid = x.studyid and s.usubjid = x.usubjid
    where s.saffl = 'N'
    union all
    select d.studyid, d.usubjid, 'dose_unit_not_convertible', 'EX', d.exseq,
        'The unit of the dose cannot be converted to that of the dose levels: the dose level is Missing'
    from staged.doses as d
    join study.parameters as p on p.studyid = d.studyid
    where p.dose_variable is not null and p.dose_by <> 'dose_number' and d.amount_as_given is not null and d.amount is null
    union all
    select b.studyid, b.usubjid, 'burden_unit_not_convertible', b.domain, b.seq,
        'The unit of the tumour burden cannot be converted to that of study.yaml: the reading is not used'
    from staged.burden_readings as b
    where b.value is null
    union all
    select s.studyid, s.usubjid, 'desaturation_without_support', 'VS', d.vsseq,
        'Oxygen saturation below 90 % without respiratory support recorded at the time: it has no level'
    from staged.desaturations as d
    join staged.subjects as s on s.subject = d.subject
    union all
    select s.studyid, s.usubjid, 'oxygen_without_flow', r.domain, r.seq,
        'The flow or the device of the oxygen is not recorded: the level is 2 at least and 3 at most, and the analysis takes 3'
    from staged.respiratory_support as r
    join staged.subjects as s on s.subject = r.subject
    where r.why_not is null and r.level_min < r.level_max and r.device in ('nasal cannula', 'oxygen without a device')
    union all
    select distinct s.studyid, s.usubjid, 'no_temperature', 'VS', null,
        'No temperature was taken after the first dose: no fever can be seen, so that the subject has no derived CRS'
    from staged.subjects as s
    left join staged.monitoring as m on m.subject = s.subject
    where
        s.saffl = 'Y' and m.subject is null
        and exists (select 1 from staged.monitoring as n join staged.subjects as o on o.subject = n.subject where o.studyid = s.studyid)
    union all
    select distinct m.studyid, m.usubjid, 'drug_not_recognised', 'CM', m.cmseq,
        'The name may be that of a vasopressor or an anticytokine but is not known: it is not counted; mapping.drugs in study.yaml can name it'
    from staged.medications as m
    join reference.telling_words as w on w.domain = 'CM' and position(w.word in m.name) > 0
    left join staged.device_names as v on v.studyid = m.studyid and v.name = m.name
    where m.agent is null and v.name is null
    union all
    select distinct p.studyid, p.usubjid, 'device_not_recognised', 'PR', p.prseq,
        'The name may be that of respiratory support but is not known: it is not counted; mapping.devices in study.yaml can name it'
    from staged.procedures as p
    join reference.telling_words as w on w.domain = 'PR' and position(w.word in p.name) > 0
    where p.device is null
    union all
    select m.studyid, m.usubjid, 'vasopressor_without_start', 'CM', m.cmseq,
        'The vasopressor has no start date that can be read: it is not counted'
    from staged.medications as m
    where m.drug_class in ('vasopressor', 'vasopressin') and m.start_s is null
    union all
    select p.studyid, p.usubjid, 'support_without_start', 'PR', p.prseq,
        'The respiratory support has no start date that can be read: it is not counted'
    from staged.procedures as p
    where p.device is not null and p.start_s is null
    union all
    select f.studyid, f.usubjid, 'fatal_crs_without_signs', 'AE', null,
        'CRS is recorded as fatal but no episode of CRS is derived from the signs'
    from graded.fatal_crs as f
    join staged.subjects as s on s.studyid = f.studyid and s.usubjid = f.usubjid
    join staged.monitoring as m on m.subject = s.subject
    left join graded.onsets as o on o.subject = s.subject and o.source = 'derived' and o.onset_s < f.death_end_s
    where o.subject is null
    union all
    select distinct s.studyid, s.usubjid, 'waiver_dated_by_day', 'CM', d.cmseq,
        'A drug that waives fever is dated only by the day of onset: it is taken as given before onset, which waives nothing'
    from staged.crs_drugs as d
    join staged.subjects as s on s.subject = d.subject
    join graded.onsets as o on o.subject = d.subject and o.source = 'derived'
    where
        d.waives_fever and d.start_precision in ('D', 'h') and d.start_s < o.onset_s
        and floor(d.start_s / 86400.0) = floor(o.onset_s / 86400.0) and (o.waived_s is null or o.waived_s > o.onset_s)
    union all
    select distinct s.studyid, s.usubjid, 'qualifier_without_parent', 'SUPP' || s.rdomain, null,
        'A supplemental qualifier names a record that is not there: it is not used'
    from raw.supp as s
    where not s.matched
)

select distinct
    q.studyid,                           -- Study identifier
    q.usubjid,                           -- Unique subject identifier
    q.rule,                              -- Rule that asks
    q.message,                           -- What is wrong, and what was assumed meanwhile
    q.domain,                            -- Domain of the record
    cast(q.seq as bigint) as seq         -- --SEQ of the record
from asked as q
