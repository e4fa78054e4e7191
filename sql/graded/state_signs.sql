/*
grain: one row per state and feature or sign that it has
key: [state, feature]
description: Each state taken apart into its features, and the signs of CRS that they mean with their levels.
*/
with states as (
    select distinct s.state from graded.states as s where s.state > 0
),

digits as (
    select
        s.state,
        f.feature,
        f.bound,
        floor(s.state::double / f.weight) - f.size * floor(s.state::double / (f.weight::double * f.size)) as value
    from states as s
    cross join reference.features as f
),

features as (
    select
        d.state,
        d.feature,
        max(case when d.bound in ('min', 'both') then d.value end) as value_min,
        max(case when d.bound in ('max', 'both') then d.value end) as value_max
    from digits as d
    group by d.state, d.feature
),

signs as (
    select
        f.state,
        l.sign,
        max(case when f.value_min >= l.at_least then l.level else 0 end) as value_min,
        max(case when f.value_max >= l.at_least then l.level else 0 end) as value_max
    from features as f
    join reference.sign_levels as l on l.feature = f.feature
    group by f.state, l.sign
),

both_kinds as (
    select f.state, f.feature, f.value_min, f.value_max
    from features as f
    left join (select distinct sign from reference.sign_levels) as l on l.sign = f.feature
    where l.sign is null
    union all
    select s.state, s.sign, s.value_min, s.value_max
    from signs as s
)

select
    b.state,                                           -- Everything that counts, as one number
    b.feature,                                         -- Feature or sign
    cast(b.value_min as integer) as value_min,         -- Lowest value or level compatible with the records
    cast(b.value_max as integer) as value_max          -- Highest value or level compatible with the records
from both_kinds as b
where b.value_max > 0
