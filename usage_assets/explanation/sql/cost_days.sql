-- grain: the first and the last day of cost
-- key: none
select
    min(usage_date) as first_day,
    max(usage_date) as last_day
from cost
