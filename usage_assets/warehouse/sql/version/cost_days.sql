-- grain: one day of cost
-- key: usage_date
select distinct usage_date
from cost
