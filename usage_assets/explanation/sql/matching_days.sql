-- grain: one day of the matching rows
-- key: usage_date
select distinct usage_date
from matching
