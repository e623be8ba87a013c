-- grain: one budget, with the first and the last day that have a status
-- key: budget
select
    budget,
    min(usage_date) as first_day,
    max(usage_date) as last_day
from budget_status
group by budget
