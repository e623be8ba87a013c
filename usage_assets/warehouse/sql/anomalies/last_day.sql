-- grain: one row: the last complete day of any account; NULL without complete days
-- key: none
select max(usage_date) as last_day
from complete_days
