-- grain: one cost row of the days being derived, with the number of the first rule that matches; NULL where none does
-- key: usage_key, part, currency, usage_date
create or replace temp view ruled_lines as
with assigned as (
    select
        combinations.* exclude (combination),
        assignments.rule
    from combinations
    inner join assignments on combinations.combination = assignments.combination
),

dated as (
    select
        cost_lines.*,
        rule_days.period_start
    from cost_lines
    inner join rule_days on cost_lines.usage_date = rule_days.usage_date
)

-- joined on what both have: the period, and the values that the rules match by
select
    dated.* exclude (period_start),
    assigned.rule
from dated
natural inner join assigned
