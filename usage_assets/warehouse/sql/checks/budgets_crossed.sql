-- grain: one budget of which the last threshold or the whole amount is reached, on the last day that has a status
-- key: budget
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
where
    usage_date = (select max(usage_date) from budget_status)
    and (spent >= amount or crossed[-1].threshold = thresholds[-1])
order by share desc, budget
