-- grain: one period of a budget of which the last threshold or the whole amount is reached: on the last day that has a
-- status, or of a period that ended in the week before; key: budget, period_start
with last_day as (
    select max(usage_date) as day
    from budget_status
)

select
    budget,
    owner,
    period_start,
    period_end,
    spent,
    amount as budget_amount,
    greatest(spent - amount, 0) as amount,
    currency,
    case when spent >= amount then spent_on else crossed[-1].crossed_on end as crossed_on
from budget_status
cross join last_day
where
    (usage_date = last_day.day or (usage_date = period_end and usage_date >= last_day.day - 7))
    and (spent >= amount or crossed[-1].threshold = thresholds[-1])
order by share desc, budget, period_start
