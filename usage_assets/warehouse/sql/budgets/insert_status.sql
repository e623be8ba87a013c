-- grain: one budget and day
-- key: budget, usage_date
insert into budget_status by name
with crossings as (
    select
        budget,
        usage_date,
        list({'threshold': threshold, 'crossed_on': crossed_on} order by threshold) as crossed
    from new_crossings
    group by budget, usage_date
)

select
    statuses.*,
    coalesce(crossings.crossed, []) as crossed
from new_budget_status as statuses
left join crossings on statuses.budget = crossings.budget and statuses.usage_date = crossings.usage_date
order by statuses.usage_date, statuses.budget
