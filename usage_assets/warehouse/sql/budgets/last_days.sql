-- grain: one budget, with the last day that has a status
-- key: budget
select
    budget,
    max(usage_date) as last_day
from budget_status
group by budget
