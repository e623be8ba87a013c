-- grain: one day with cost that other rules allocate differently
-- key: usage_date
with changed as (
    select combinations.* exclude (combination)
    from combinations
    semi join changed_combinations on combinations.combination = changed_combinations.combination
),

dated as (
    select
        cost.*,
        rule_days.period_start
    from cost
    inner join rule_days on cost.usage_date = rule_days.usage_date
)

-- joined on what both have: the period, and the values that the rules match by
select distinct dated.usage_date
from dated
natural inner join changed
