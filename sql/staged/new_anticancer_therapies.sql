/*
grain: one row per medication or procedure record of new anticancer therapy
key: [studyid, usubjid, domain, _file, _row]
description: >
  Anticancer therapy other than study treatment that a sponsor's category calls new, subsequent or on treatment. Whether it
  began after time zero is for its reader to ask. A record whose start is known only by its month or year is left out, since it
  cannot tell whether CRS came before it.
source: SDTMIG 3.4, CM and PR; reference.new_anticancer_categories
*/
with recorded as (
    select
        cm.studyid, cm.usubjid, 'CM' as domain, cm._file, cm._row,
        upper(coalesce(nullif(trim(cm.cmdecod), ''), trim(cm.cmtrt))) as name,
        upper(trim(cm.cmcat)) as category,
        upper(trim(cm.cmscat)) as subcategory,
        cm._cmstdtc_first as start_s,
        cm._cmstdtc_last as start_last_s,
        cm._cmstdtc_precision as start_precision
    from raw.cm as cm
    where coalesce(upper(trim(cm.cmoccur)), 'Y') <> 'N' and coalesce(upper(trim(cm.cmstat)), 'DONE') <> 'NOT DONE'
    union all
    select
        pr.studyid, pr.usubjid, 'PR', pr._file, pr._row,
        upper(coalesce(nullif(trim(pr.prdecod), ''), trim(pr.prtrt))),
        upper(trim(pr.prcat)),
        upper(trim(pr.prscat)),
        pr._prstdtc_first,
        pr._prstdtc_last,
        pr._prstdtc_precision
    from raw.pr as pr
    where coalesce(upper(trim(pr.proccur)), 'Y') <> 'N' and coalesce(upper(trim(pr.prstat)), 'DONE') <> 'NOT DONE'
)

select distinct
    r.studyid,                          -- Study identifier
    r.usubjid,                          -- Unique subject identifier
    r.domain,                           -- SDTM domain of the record: CM or PR
    r._file,                            -- File the row came from
    r._row,                             -- Row in that file
    r.name,                             -- Standardised name, or the reported one of an uncoded record, upper case
    r.start_s,                          -- Start, seconds since 1970-01-01
    r.start_last_s,                     -- Latest start the text allows, seconds since 1970-01-01
    r.start_precision                   -- Precision of the start: D, h, m or s
from recorded as r
join reference.new_anticancer_categories as t
    on (t.subcategory is null and t.category = r.category)
    or (t.subcategory is null and t.category = r.subcategory)
    or (t.category = r.category and t.subcategory = r.subcategory)
where r.start_s is not null and r.start_precision not in ('Y', 'M')
